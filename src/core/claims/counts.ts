/** Claims on how much there is: examples, dialogues, runs, seeds, tokens. */
import type {AllCubes} from "../cubes-reader.js";
import type {CorpusFacts} from "../cubes.js";
import {formatCount, formatNumber} from "../format.js";
import {axisName, corpusName, settingsIn} from "../sentences/phrases.js";
import type {ClaimKind} from "./claim.js";
import {NOT_KNOWN} from "./claim.js";
import {CELL, oneOf} from "./parameters.js";
import {stated} from "./provenance.js";

type Cell = {corpus: string; axis: string};

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

function corporaIn({study}: AllCubes, {corpus}: Cell): CorpusFacts[] {
  return study.corpora.filter(({id}) => corpus === "all" || id === corpus);
}

interface Count {
  query: string;
  of(cubes: AllCubes, cell: Cell): number;
  /** Whether a corpus or an axis can be named. */
  celled?: true;
}

/** Test dialogues of a cell: axes of one corpus share theirs. */
function testDialogues({study}: AllCubes, cell: Cell): number {
  const most = new Map<string, number>();
  for (const {corpus, test_dialogues} of settingsIn(study, cell))
    most.set(corpus, Math.max(most.get(corpus) ?? 0, test_dialogues));
  return sum([...most.values()]);
}

const COUNTS: Record<string, Count> = {
  arms: {query: "Arms of the study", of: ({study}) => study.arms.length},
  seeds: {query: "Training seeds", of: ({study}) => study.seeds.length},
  corpora: {query: "Corpora", of: ({study}) => study.corpora.length},
  axes: {query: "Axes", of: ({study}) => study.axes.length},
  settings: {
    query: "Settings, corpus × axis",
    celled: true,
    of: ({study}, cell) => settingsIn(study, cell).length
  },
  hypotheses: {query: "Declared hypotheses", of: ({verdicts}) => verdicts.length},
  layers: {query: "Transformer layers", of: ({study}) => study.layers},
  parameters: {query: "Parameters of the model", of: ({study}) => study.parameters},
  runs: {query: "Runs that the study asks for", of: ({study}) => study.counts.runs},
  "trained-models": {
    query: "Finished trainings",
    of: ({runs}) => runs.filter(({kind, status}) => kind === "train" && status === "done").length
  },
  "unfinished-runs": {query: "Runs that failed or are missing", of: ({study}) => study.counts.runs_failed},
  predictions: {query: "Predictions of all trainings", of: ({study}) => study.counts.predictions},
  "train-examples": {query: "Examples to train on", of: ({study}) => study.counts.train_examples},
  "test-examples": {query: "Examples to test on", of: ({study}) => study.counts.test_examples},
  "train-rows": {
    query: "Training rows, example × axis",
    celled: true,
    of: ({study}, cell) => sum(settingsIn(study, cell).map(({train}) => train))
  },
  "test-rows": {
    query: "Test rows, example × axis",
    celled: true,
    of: ({study}, cell) => sum(settingsIn(study, cell).map(({test}) => test))
  },
  "test-dialogues": {query: "Test dialogues", celled: true, of: testDialogues},
  dialogues: {
    query: "Dialogues read",
    celled: true,
    of: (cubes, cell) => sum(corporaIn(cubes, cell).map(({dialogues}) => dialogues))
  },
  "rows-read": {
    query: "Examples read from the corpora",
    celled: true,
    of: (cubes, cell) => sum(corporaIn(cubes, cell).map(({rows_read}) => rows_read))
  },
  "rows-kept": {
    query: "Examples kept of the corpora",
    celled: true,
    of: (cubes, cell) => sum(corporaIn(cubes, cell).map(({rows_kept}) => rows_kept))
  },
  "synthetic-corpora": {
    query: "Generated corpora",
    of: ({study}) => study.corpora.filter(({synthetic}) => synthetic).length
  }
};

/** How many there are. */
export const COUNT: ClaimKind = {
  says: "How many there are in the study, or in a corpus or on an axis of it",
  parameters: {of: oneOf("what is counted", Object.keys(COUNTS)), corpus: CELL.corpus, axis: CELL.axis},
  make(cubes, {of, corpus, axis}) {
    const {query, of: count, celled} = COUNTS[of!]!;
    const cell = celled ? {corpus: corpus!, axis: axis!} : {corpus: "all", axis: "all"};
    const where = [
      cell.corpus === "all" ? "" : corpusName(cubes.study, cell.corpus),
      cell.axis === "all" ? "" : axisName(cubes.study, cell.axis)
    ].filter(Boolean);
    const value = count(cubes, cell);
    return stated(formatCount(value), [query, ...where].join(", "), value);
  }
};

/** Length of what stands after the label, in the tokenizer's tokens. */
export const LENGTH: ClaimKind = {
  says: "Mean tokens of a mode's text over training rows (`text`), or of the real explanation beside it (`explanation`)",
  parameters: {
    mode: {
      says: "a mode",
      choices: ({study}) => [...new Set(study.lengths.map(({mode}) => mode))]
    },
    tokens: {
      says: "token budget; default: the study's first",
      choices: ({study}) => [...new Set(study.lengths.map(({tokens}) => tokens ?? ""))],
      standard: () => ""
    },
    of: oneOf("whose", ["text", "explanation"], "text")
  },
  make({study}, {mode, tokens, of}) {
    const row = study.lengths.find((one) => one.mode === mode && (one.tokens ?? "") === tokens);
    const value = row ? (of === "text" ? row.mode_tokens : row.explanation_tokens) : null;
    return stated(
      value === null ? NOT_KNOWN : `${formatNumber(value, 1)} tokens`,
      `Mean tokens of ${of === "text" ? `the texts of mode ${mode}` : "the real explanations"} over training rows`,
      value
    );
  }
};

/** Share of the most frequent label. */
export const MAJORITY: ClaimKind = {
  says: "Share of test rows with the most frequent label: the `least` or the `most` of the settings",
  parameters: {corpus: CELL.corpus, axis: CELL.axis, of: oneOf("which", ["least", "most"], "most")},
  make({study}, {corpus, axis, of}) {
    const shares = settingsIn(study, {corpus: corpus!, axis: axis!}).map(
      ({majority_share}) => majority_share
    );
    const value = shares.length === 0 ? null : of === "least" ? Math.min(...shares) : Math.max(...shares);
    return stated(
      value === null ? NOT_KNOWN : `${formatNumber(value * 100, 0)} %`,
      `Share of test rows with the most frequent label, ${of} over ${formatCount(shares.length)} settings`,
      value
    );
  }
};
