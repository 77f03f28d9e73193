/** The commented study file that `because init` writes. */
import {stringify} from "yaml";

export interface StudyDraft {
  title: string;
  name: string;
  reader: "jsonl" | "csv" | "parquet";
  path: string;
  columns: {id?: string; dialogue?: string; turns?: string; response: string};
  axes: {id: string; column: string; explanation: string | null; kind: string; labels: string[]}[];
  rows: number;
}

/** Examples a corpus gives at most for training and testing in a first study. */
const FIRST_TRAIN = 400;
const FIRST_TEST = 200;

export function studyText(draft: StudyDraft): string {
  const explained = draft.axes.every(({explanation}) => explanation !== null);
  const test = Math.max(1, Math.min(FIRST_TEST, Math.floor(draft.rows * 0.3)));
  const train = Math.max(1, Math.min(FIRST_TRAIN, Math.floor(draft.rows * 0.6)));
  return `# A study of Because. \`npx because check --study …\` validates it; docs/study-reference.md says what may stand here.
because: 1
title: ${inline(draft.title)}
seed: 1 # decides splits, draws and pseudo-explanations

corpora:
  ${draft.name}:
    reader: ${draft.reader}
    path: ${inline(draft.path)} # relative to this file, or to --data
    # licence: …            # shown in the notebook
    columns:
${columnLines(draft)}
    labels: # axis → column with its label
${draft.axes.map(({id, column}) => `      ${id}: ${inline(column)}`).join("\n")}
${explanationLines(draft, explained)}
axes:
${draft.axes.map(axisLines).join("\n")}

# Examples of each corpus. Rows that share a dialogue stay on one side; the file has ${draft.rows} rows.
split: {train: ${train}, test: ${test}}

arms:
  # also: key-words, mismatched, random-vocabulary, filler
  modes: [${explained ? "label-only, explanation, shuffled, bag-of-words" : "label-only"}]
  orders: [label-first] # also: explanation-first
  # How losses are averaged decides outcomes by itself: a token mean weighs the label less when a reason is attached.
  reductions: [${explained ? "token-mean, part-mean" : "token-mean"}]
  tokens: matched # pseudo-explanations as long as the real one; also: free, a number of tokens, or a list

seeds: [1, 2, 3]
model: {scratch: small} # or {folder: path/to/a/model}, relative to this file, or {hub: owner/name, revision: commit}
warm_up: {steps: 300} # language-model steps on the training dialogues, shared by all arms
training: {steps: 800}
`;
}

function columnLines({columns}: StudyDraft): string {
  const given = Object.entries(columns).filter(([, column]) => column !== undefined);
  const lines = given.map(([key, column]) => `      ${key}: ${inline(column)}`);
  if (!columns.dialogue)
    lines.push("      # dialogue: …       # rows that share it stay on one side of the split");
  if (!columns.turns) lines.push("      # turns: …          # the dialogue before the response");
  return lines.join("\n");
}

function explanationLines({axes}: StudyDraft, explained: boolean): string {
  if (!explained) return "    # explanations: {axis: column} # needed by every mode but label-only\n";
  return `    explanations:\n${axes.map(({id, explanation}) => `      ${id}: ${inline(explanation!)}`).join("\n")}\n`;
}

function axisLines({id, kind, labels}: StudyDraft["axes"][number]): string {
  return [
    `  ${id}:`,
    `    question: ${inline(`How is the response judged on ${id}?`)} # edit: what a rater is asked; the notebook shows it`,
    `    kind: ${kind} # ordinal: the labels below ascend (put them in order); nominal: they have no order`,
    `    labels: [${labels.map((label) => JSON.stringify(label)).join(", ")}]`
  ].join("\n");
}

function inline(value: string): string {
  return stringify(value, {lineWidth: 0}).trimEnd();
}
