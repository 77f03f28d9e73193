/** The corpora as a table: what was read, what was left out and why, under which licence, and their hash. */
import type {AllCubes} from "../core/cubes-reader.js";
import type {CorpusFacts} from "../core/cubes.js";
import {MISSING, formatCount} from "../core/format.js";
import {dataTable} from "./tables.js";

const SOURCES: Record<CorpusFacts["explanation_source"], string> = {
  planted: "planted",
  given: "the corpus",
  raters: "people",
  judges: "judges",
  templated: "templated from ratings",
  none: "none"
};

export function corpusCards({study}: Pick<AllCubes, "study">): HTMLElement {
  const table = dataTable(
    study.corpora,
    [
      {title: "Corpus", text: ({title, synthetic}) => (synthetic ? `${title} (generated)` : title)},
      {title: "Reader", text: ({reader}) => reader},
      {title: "Read", text: ({rows_read}) => formatCount(rows_read), number: true},
      {title: "Kept", text: ({rows_kept}) => formatCount(rows_kept), number: true},
      {title: "Dialogues", text: ({dialogues}) => formatCount(dialogues), number: true},
      {title: "Left out", text: droppedText},
      {title: "Labels", text: ({label_source}) => SOURCES[label_source]},
      {title: "Explanations", text: ({explanation_source}) => SOURCES[explanation_source]},
      {
        title: "Licence",
        text: ({licence, withheld}) =>
          `${licence ?? "none stated"}${withheld ? "; texts not published" : ""}`,
        hint: ({withheld}) => (withheld ? `Its texts are not published, since ${withheld}.` : "")
      },
      {title: "Hash", text: ({content}) => content.slice(0, 12) || MISSING, hint: ({content}) => content}
    ],
    {name: "Corpora", empty: "This study has no corpora yet."}
  );
  table.classList.toggle(
    "with-reasons",
    study.corpora.some(({dropped}) => dropped.length > 0)
  );
  return table;
}

function droppedText({dropped}: CorpusFacts): string {
  return dropped.map(({reason, rows}) => `${formatCount(rows)}: ${reason}`).join("; ") || "nothing";
}
