/** What the models were trained and tested on, and how far its labels can be trusted. */
import type {AllCubes} from "../../cubes-reader.js";
import type {CorpusFacts} from "../../cubes.js";
import {blocks, claim, count, plain, sentence, table} from "../markdown-text.js";

const SOURCES: Record<CorpusFacts["explanation_source"], string> = {
  planted: "planted by the generator",
  given: "the corpus' own",
  raters: "people",
  judges: "judges",
  templated: "templated from ratings",
  none: "none"
};

export function data(cubes: AllCubes): string {
  return blocks(
    `The study reads ${count("corpora")} ${cubes.study.corpora.length === 1 ? "corpus" : "corpora"}. ${sentence("data-and-judges")} ${sentence("labels")}`,
    corpora(cubes),
    cubes.judgeCalls.length > 0 ? `${sentence("replies")} ${sentence("merging")}` : ""
  );
}

function corpora({study}: AllCubes): string {
  const head = ["Corpus", "Read", "Kept", "Dialogues", "Test rows", "Labels", "Explanations", "Licence"];
  const rows = study.corpora.map(({id: corpus, title, synthetic, label_source, explanation_source}) => [
    plain(synthetic ? `${title} (generated)` : title),
    ...["rows-read", "rows-kept", "dialogues", "test-rows"].map((of) => count(of, {corpus})),
    SOURCES[label_source],
    SOURCES[explanation_source],
    claim("corpus", {corpus, of: "licence"})
  ]);
  return table(head, rows, [1, 2, 3, 4]);
}
