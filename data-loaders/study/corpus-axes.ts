/** Which axes of a study a corpus is trained on and judged on, and whose labels it takes. */
import type {CorpusConfig, Study} from "../../src/core/study.js";

/** What decides it, of a study. */
export type AxesAndJudges = Pick<Study, "axes" | "judges">;

/** Axes that generated corpora bring labels for: the three they are made with. */
export const EMBEDDED_AXES = ["naturalness", "comprehensiveness", "on-topic"];

/** Axis names that a corpus speaks of, with the key that names them. */
export function axesNamed(corpus: CorpusConfig): [key: string, axis: string][] {
  const maps = Object.entries({
    labels: "labels" in corpus ? corpus.labels : undefined,
    scores: "scores" in corpus ? corpus.scores : undefined,
    explanations:
      "explanations" in corpus && typeof corpus.explanations === "object" ? corpus.explanations : undefined
  });
  return maps.flatMap(([key, map]) => Object.keys(map ?? {}).map((axis) => [key, axis] as [string, string]));
}

/** The axes that a corpus brings labels or scores of its own for, in the study's order. */
export function ownAxes(corpus: CorpusConfig, study: AxesAndJudges): string[] {
  const brought =
    corpus.reader === "embedded"
      ? EMBEDDED_AXES
      : axesNamed(corpus).flatMap(([key, axis]) => (key === "explanations" ? [] : [axis]));
  return Object.keys(study.axes).filter((axis) => brought.includes(axis));
}

/** Whether the judges rate a corpus: as it says, else where it has no labels of its own and there are judges. */
export function isJudged(corpus: CorpusConfig, study: AxesAndJudges): boolean {
  if (corpus.reader === "embedded") return false;
  if (corpus.judged !== undefined) return corpus.judged;
  if (corpus.labels_from !== undefined) return corpus.labels_from === "judges";
  return Object.keys(study.judges).length > 0 && !hasOwnLabels(corpus);
}

/** Whose labels and explanations a corpus is trained on: as it says, else its own where it has any. */
export function labelsFrom(corpus: CorpusConfig, study: AxesAndJudges): "own" | "judges" {
  if (corpus.reader === "embedded") return "own";
  if (corpus.labels_from !== undefined) return corpus.labels_from;
  return isJudged(corpus, study) && !hasOwnLabels(corpus) ? "judges" : "own";
}

/** The axes on which a corpus is trained and tested in this study, in the study's order. */
export function axesOfCorpus(corpus: CorpusConfig, study: AxesAndJudges): string[] {
  return labelsFrom(corpus, study) === "judges" ? judgeableAxes(study) : ownAxes(corpus, study);
}

/**
 * The axes on which judges rate a corpus: all ordinal ones, or, where people's labels are kept (a golden set), those
 * of them that people rated, since nothing else can be compared.
 */
export function axesJudged(corpus: CorpusConfig, study: AxesAndJudges): string[] {
  if (!isJudged(corpus, study)) return [];
  const judgeable = judgeableAxes(study);
  if (labelsFrom(corpus, study) === "judges") return judgeable;
  return ownAxes(corpus, study).filter((axis) => judgeable.includes(axis));
}

/** Judges give scores, so they can only rate what has an order. */
function judgeableAxes({axes}: AxesAndJudges): string[] {
  return Object.keys(axes).filter((axis) => axes[axis]!.kind === "ordinal");
}

/**
 * Whether what a corpus brings are people's labels, against which judges can be measured: as it says, else where it has
 * raters' scores. Whose its own labels are has to be said where it matters ({@link "./judging-contradictions.js"}).
 */
export function isLabelledByPeople(corpus: CorpusConfig): boolean {
  if (corpus.reader === "embedded" || !hasOwnLabels(corpus)) return false;
  if ("labels_by" in corpus && corpus.labels_by !== undefined) return corpus.labels_by === "people";
  return !("labels" in corpus && corpus.labels !== undefined);
}

/** Whether a corpus says where its labels or scores stand. */
export function hasOwnLabels(corpus: CorpusConfig): boolean {
  return axesNamed(corpus).some(([key]) => key !== "explanations");
}
