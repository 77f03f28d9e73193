/** The annotations stage: one label, and one explanation where there is any, for every example and axis. */
import {BadInput} from "../../src/core/bad-input.js";
import type {Annotation, Axis, Example, Given} from "../../src/core/conversation.js";
import {labelOfMean, meanScore} from "../../src/core/labels.js";
import type {CorpusConfig, ScoreMap} from "../../src/core/study.js";
import {nearest} from "../study/describe-issue.js";
import {templatedExplanations} from "./templated.js";

type Label = Pick<Annotation, "label" | "label_source">;
type Explanation = Pick<Annotation, "explanation" | "explanation_source">;

/**
 * Labels and explanations of a corpus on the given axes, in the order of the examples and, within one, of the axes.
 *
 * A label is the corpus' own, else the mean of its raters' scores on the study's map. Where there is neither (all
 * raters abstained, an empty cell) the example has no annotation on that axis; {@link countUnlabelled} counts these.
 * Explanations are the corpus' own, or templated from the raters' other scores, or empty (source `none`).
 *
 * Throws BadInput on a label that the axis does not have, a score outside its scale, a rater scale that no example has,
 * and on raters' means for a nominal axis.
 */
export function annotate(
  corpusId: string,
  config: CorpusConfig,
  examples: Example[],
  axes: Axis[]
): Annotation[] {
  const maps = scoreMaps(config);
  for (const axis of axes) if (maps[axis.id]) checkMap(maps[axis.id]!, axis, config, corpusId, examples);
  const templated = new Map(
    axes.map((axis) => [
      axis.id,
      isTemplated(config) ? templatedExplanations(config.reader, maps, axis.id, examples) : null
    ])
  );
  return examples.flatMap((example) =>
    axes.flatMap((axis): Annotation[] => {
      const label = labelOf(example, axis, maps[axis.id], config, corpusId);
      if (label === null) return [];
      const explanation = explanationOf(example, axis, config, templated.get(axis.id) ?? null);
      return [{corpus: corpusId, example_id: example.example_id, axis: axis.id, ...label, ...explanation}];
    })
  );
}

/** Axis → examples without an annotation on it; only axes that miss some. */
export function countUnlabelled(
  annotations: Annotation[],
  examples: Example[],
  axes: Axis[]
): Map<string, number> {
  const missing = axes.map(({id}) => {
    const labelled = annotations.filter(({axis}) => axis === id).length;
    return [id, examples.length - labelled] as const;
  });
  return new Map(missing.filter(([, rows]) => rows > 0));
}

function labelOf(
  example: Example,
  axis: Axis,
  map: ScoreMap | undefined,
  config: CorpusConfig,
  corpusId: string
): Label | null {
  const given = example.given?.[axis.id]?.label;
  if (given !== undefined) {
    checkLabel(given, example, axis, config, corpusId);
    return {label: given, label_source: config.reader === "embedded" ? "planted" : "given"};
  }
  if (map === undefined) return null;
  const scores = scalesOf(map).flatMap((scale) => scoresOn(scale, map, example, config, corpusId));
  const mean = meanScore(scores);
  return mean === null ? null : {label: labelOfMean(mean, map, axis.labels), label_source: "raters"};
}

function explanationOf(
  example: Example,
  axis: Axis,
  config: CorpusConfig,
  templated: Map<string, string> | null
): Explanation {
  const given: Given["explanation"] = example.given?.[axis.id]?.explanation;
  if (given !== undefined)
    return {explanation: given, explanation_source: config.reader === "embedded" ? "planted" : "given"};
  const explanation = templated?.get(example.example_id);
  return explanation === undefined
    ? {explanation: "", explanation_source: "none"}
    : {explanation, explanation_source: "templated"};
}

function scoreMaps(config: CorpusConfig): Record<string, ScoreMap> {
  return "scores" in config ? (config.scores ?? {}) : {};
}

function isTemplated(config: CorpusConfig): boolean {
  return "explanations" in config && config.explanations === "raters";
}

function scalesOf({from}: ScoreMap): string[] {
  return [from].flat();
}

function scoresOn(
  scale: string,
  map: ScoreMap,
  example: Example,
  config: CorpusConfig,
  corpusId: string
): (number | null)[] {
  const scores = example.scores?.[scale] ?? [];
  const [low, high] = map.scale;
  const outside = scores.find((score) => score !== null && (score < low || score > high));
  if (outside === undefined) return scores;
  throw new BadInput({
    where: `${placeOf(config, corpusId)}, example ${example.example_id}, ${scale}`,
    expected: `scores from ${low} to ${high}`,
    found: String(outside),
    mend: "Correct the score, or widen `scale` in the study."
  });
}

function checkLabel(
  label: string,
  example: Example,
  axis: Axis,
  config: CorpusConfig,
  corpusId: string
): void {
  if (axis.labels.includes(label)) return;
  const column = "labels" in config ? config.labels?.[axis.id] : undefined;
  const near = nearest(label, axis.labels);
  throw new BadInput({
    where: `${placeOf(config, corpusId)}, example ${example.example_id}, ${column ? `column ${column}` : `axis ${axis.id}`}`,
    expected: `a label of axis ${axis.id} (${axis.labels.join(", ")})`,
    found: `“${label}”`,
    mend:
      near && Number.isNaN(Number(label))
        ? `Did you mean “${near}”?`
        : `Correct it, or add it under axes.${axis.id}.labels.`
  });
}

function checkMap(
  map: ScoreMap,
  axis: Axis,
  config: CorpusConfig,
  corpusId: string,
  examples: Example[]
): void {
  if (axis.kind === "nominal")
    throw new BadInput({
      where: `corpus ${corpusId}, key scores.${axis.id}`,
      expected: "an ordinal axis, since means of scores have an order",
      found: "a nominal one",
      mend: `Map a column of labels to it under \`labels\`, or make axes.${axis.id}.kind ordinal.`
    });
  const known = [...new Set(examples.flatMap(({scores}) => Object.keys(scores ?? {})))];
  const unknown = scalesOf(map).find((scale) => !known.includes(scale));
  if (unknown === undefined) return;
  const near = nearest(unknown, known);
  throw new BadInput({
    where: `${placeOf(config, corpusId)}, key scores.${axis.id}.from`,
    expected: `a scale of its raters (${known.join(", ")})`,
    found: `“${unknown}”`,
    mend: near ? `Did you mean “${near}”?` : "Name one of them."
  });
}

function placeOf(config: CorpusConfig, corpusId: string): string {
  return ("path" in config ? config.path : undefined) ?? `corpus ${corpusId}`;
}
