/** A study with run logs made from a seed, to publish: two corpora, one of which nobody may pass on. */
import {mkdir} from "node:fs/promises";
import {join} from "node:path";
import {publishStudy, type Published, type Publishing} from "../../data-loaders/publish/publish-study.js";
import {privateTexts} from "../../data-loaders/publish/private-texts.js";
import type {TablesInput} from "../../data-loaders/tables/tables-input.js";
import {part, SMALL, writeSyntheticRuns} from "../tables/synthetic-runs.js";

/** Stands in every text of the corpus that is kept back, and nowhere else. */
export const SECRET_TEXT = "quokka";

/** The study's input; its run logs lie below `folder`. */
export async function studyToPublish(folder: string): Promise<TablesInput> {
  const arms = [
    ...SMALL.arms,
    {arm: {...part("explanation"), order: "explanation-first" as const}, skill: 1}
  ];
  const input = await writeSyntheticRuns(join(folder, "runs"), {...SMALL, arms});
  const [first] = input.corpora;
  const closed = first!.id;
  const mark = <T extends {corpus: string}>(row: T, change: Partial<T>): T =>
    row.corpus === closed ? {...row, ...change} : row;
  const marked = `A ${SECRET_TEXT} said so`;
  return {
    ...input,
    study: {...input.study, authors: ["Ada B. Lovelace", "Plato"], licence: "CC-BY-4.0"},
    corpora: input.corpora.map((corpus) =>
      corpus.id === closed ? {...corpus, synthetic: false, licence: "unknown"} : {...corpus, licence: "ISC"}
    ),
    train: input.train.map((row) => mark(row, {turns: [{role: "user", text: marked}], response: marked})),
    test: input.test.map((row) => mark(row, {turns: [{role: "user", text: marked}], response: marked})),
    annotations: input.annotations.map((row) => mark(row, {explanation: marked})),
    training: input.training.map((row) => mark(row, {prompt: marked, completions: {"label-only": marked}}))
  };
}

/** Publishes it into `folder/site` and `folder/bundle.zip`. */
export async function publishInto(
  folder: string,
  input: TablesInput,
  change: Partial<Publishing> = {}
): Promise<Published & {site: string; bundleFile: string}> {
  const site = join(folder, "site");
  const bundleFile = join(folder, "bundle.zip");
  await mkdir(folder, {recursive: true});
  const published = await publishStudy(
    {
      input,
      study: {name: "synthetic.yaml", text: "because: 1\n"},
      privates: privateTexts({env: {}, user: "root"}),
      bundle: {file: bundleFile, hashesOnly: false},
      ...change
    },
    site
  );
  return {...published, site, bundleFile};
}
