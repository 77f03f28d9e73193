/** Sentences on the noise floor: what the same job gives when it is trained again on the same device. */
import {rowsWhere} from "../cube-index.js";
import type {AllCubes} from "../cubes-reader.js";
import type {NoiseMeasure, NoiseRow, StudyFacts} from "../cubes.js";
import {formatCount, formatNumber} from "../format.js";
import {formatEffect} from "../measures.js";
import {noiseFloors} from "../noise-floor.js";
import {armTitle} from "../palette.js";
import type {Selection} from "../selection.js";
import {SOURCE_NAMES} from "./entropy.js";
import {listOf} from "./phrases.js";

type Arms = readonly Omit<StudyFacts["arms"][number], "id">[];

/** Beside effects: how large a difference noise alone makes in the selected cell. Empty where it was not measured. */
export function noiseSentence({study, noise}: AllCubes, selection: Selection): string {
  const measure = selection.measure === "nll" ? "nll" : "accuracy";
  const rows = rowsWhere(noise, {measure, corpus: selection.corpus, axis: selection.axis});
  const known = rows.filter(({largest}) => largest !== null);
  if (known.length === 0) return "";
  const repeated = repeatedText(known, study.arms);
  if (known.every(({identical}) => identical))
    return `${repeated}, gave the same bits: effects cannot come from noise of the device.`;
  const floor = noiseFloors(known, measure).get(`${selection.corpus} ${selection.axis}`)!;
  const size = formatEffect(measure, floor).replace("+", "±");
  const what = measure === "nll" ? "negative log-likelihood" : "accuracy";
  return (
    `Noise floor ${size} of ${what}: ${lowerFirst(repeated)}, differed by no more. ` +
    "An effect of that size or less can be noise of the device; a mean over seeds holds less of it."
  );
}

/** On the pages about runs: everything that was compared; or, where runs are from a GPU, how to measure it. */
export function noiseDetailSentence({study, noise, runs}: AllCubes): string {
  if (noise.length > 0) return noiseFloorSentence(noise, study.arms);
  const gpu = runs.some(({kind, device}) => kind === "train" && !/^(cpu|imported|$)/.test(device));
  return gpu
    ? "How much these runs owe to noise of their device was not measured: `because noise STUDY` trains two arms again and compares."
    : "";
}

/** What was repeated, where, and by how much it differs at most. `arms` are the study's. Empty without rows. */
export function noiseFloorSentence(noise: readonly NoiseRow[], arms?: Arms): string {
  const pooled = noise.filter(({corpus, axis}) => corpus === "all" && axis === "all");
  if (pooled.length === 0) return "";
  const lead = repeatedText(pooled, arms);
  if (pooled.every(({identical}) => identical))
    return `${lead}, gave the same bits, predictions and entropies alike: the noise floor is zero.`;
  const entropy = largestOf(pooled, "layer_entropy");
  const most = (measure: NoiseMeasure) => largestOf(pooled, measure)?.largest ?? null;
  const parts = [
    `accuracy by ${formatEffect("accuracy", most("accuracy")).replace("+", "")}`,
    `negative log-likelihood by ${formatNumber(most("nll"), 4)} nats`,
    `a label's probability by ${formatNumber(most("probability"), 4)}`,
    `${formatNumber(100 * (most("changed") ?? NaN), 2)} % of predicted labels`,
    ...(entropy?.estimator
      ? [
          `an entropy at a layer by ${formatNumber(entropy.largest, 4)} nats (${SOURCE_NAMES[entropy.estimator]})`
        ]
      : [])
  ];
  return `${lead}, did not give the same bits. At most differ: ${listOf(parts)}.`;
}

/** The row with the largest difference in a measure; undefined where none is known. */
function largestOf(rows: readonly NoiseRow[], measure: NoiseMeasure): NoiseRow | undefined {
  return rows
    .filter((row) => row.measure === measure && row.largest !== null)
    .reduce<NoiseRow | undefined>(
      (most, row) => (most && most.largest! >= row.largest! ? most : row),
      undefined
    );
}

/** `The same two jobs (label only; explanation, part mean), each run twice on an AMD EPYC processor`. */
function repeatedText(rows: readonly NoiseRow[], arms?: Arms): string {
  const titles = [...new Set(rows.map(({arm}) => lowerFirst(armTitle(arm, arms))))];
  const devices = [...new Set(rows.flatMap(({device}) => device.split("; ")))].map(deviceText);
  const counts = rows.map(({repetitions}) => repetitions);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const times = `${least < most ? "at least " : ""}${least === 2 ? "twice" : `${formatCount(least)} times`}`;
  const jobs =
    titles.length === 1 ? "job" : `${titles.length === 2 ? "two" : formatCount(titles.length)} jobs`;
  return `The same ${jobs} (${titles.join("; ")}), ${titles.length > 1 ? "each " : ""}run ${times} on ${listOf(devices)}`;
}

/** `cpu AMD EPYC` → `an AMD EPYC processor`, `cuda NVIDIA H200` → `an NVIDIA H200`. */
function deviceText(device: string): string {
  const [, kind, named] = /^(\S+) ?(.*)$/.exec(device)!;
  const name =
    kind === "cpu" ? `${named!.replace(/\s*(\S+-Core )?Processor$/i, "")} processor`.trim() : named || kind!;
  return `${/^([aeiou]|NV)/i.test(name) ? "an" : "a"} ${name}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
