/** Sentences on the noise floor: what the same job gives when it is trained again on the same device. */
import {rowsWhere} from "../cube-index.js";
import type {AllCubes} from "../cubes-reader.js";
import type {NoiseRow} from "../cubes.js";
import {formatCount, formatNumber} from "../format.js";
import {formatEffect} from "../measures.js";
import {noiseFloors} from "../noise-floor.js";
import type {Selection} from "../selection.js";
import {listOf} from "./phrases.js";

/** Beside effects: how large a difference noise alone makes in the selected cell. Empty where it was not measured. */
export function noiseSentence({noise}: AllCubes, selection: Selection): string {
  const measure = selection.measure === "nll" ? "nll" : "accuracy";
  const rows = rowsWhere(noise, {measure, corpus: selection.corpus, axis: selection.axis});
  const known = rows.filter(({largest}) => largest !== null);
  if (known.length === 0) return "";
  if (known.every(({identical}) => identical))
    return `${repeatedText(known)} gave the same bits each time: effects cannot come from noise of the device.`;
  const floor = noiseFloors(known, measure).get(`${selection.corpus} ${selection.axis}`)!;
  const size = formatEffect(measure, floor).replace("+", "±");
  const what = measure === "nll" ? "negative log-likelihood" : "accuracy";
  return (
    `Noise floor ${size} of ${what}: ${lowerFirst(repeatedText(known))} differs by no more. ` +
    "An effect of that size or less can be noise of the device; a mean over seeds holds less of it."
  );
}

/** On the pages about runs: everything that was compared; or, where runs are from a GPU, how to measure it. */
export function noiseDetailSentence({noise, runs}: AllCubes): string {
  if (noise.length > 0) return noiseFloorSentence(noise);
  const gpu = runs.some(({kind, device}) => kind === "train" && !/^(cpu|imported|$)/.test(device));
  return gpu
    ? "How much these runs owe to noise of their device was not measured: `because noise STUDY` trains two arms again and compares."
    : "";
}

/** What was repeated, where, and by how much it differs at most. Empty without rows. */
export function noiseFloorSentence(noise: readonly NoiseRow[]): string {
  const pooled = noise.filter(({corpus, axis}) => corpus === "all" && axis === "all");
  if (pooled.length === 0) return "";
  const settings = pooled[0]!.determinism;
  const lead = `${repeatedText(pooled)}${settings ? ` (${settings})` : ""}`;
  if (pooled.every(({identical}) => identical))
    return `${lead} gave the same bits each time, predictions and entropies alike: its noise floor is zero.`;
  const most = (measure: NoiseRow["measure"]) => {
    const values = pooled.filter((row) => row.measure === measure).map(({largest}) => largest ?? NaN);
    return Math.max(...values.filter((value) => !Number.isNaN(value)));
  };
  const parts = [
    `accuracy by ${formatEffect("accuracy", most("accuracy")).replace("+", "")}`,
    `negative log-likelihood by ${formatNumber(most("nll"), 4)} nats`,
    `a label's probability by ${formatNumber(most("probability"), 4)}`,
    `${formatNumber(100 * most("changed"), 2)} % of predicted labels`,
    ...(most("layer_entropy") > -Infinity
      ? [`an entropy at a layer by ${formatNumber(most("layer_entropy"), 4)} nats`]
      : [])
  ];
  return `${lead} does not give the same bits. At most differ: ${listOf(parts)}.`;
}

/** `The same job, repeated 3 times on cuda NVIDIA H200 (label-only and explanation…, seed 1)`. */
function repeatedText(rows: readonly NoiseRow[]): string {
  const arms = [...new Set(rows.map(({arm}) => arm))];
  const devices = [...new Set(rows.map(({device}) => device))].join("; ");
  const times = Math.min(...rows.map(({repetitions}) => repetitions));
  return `The same job, repeated ${formatCount(times)} times on ${devices} (${listOf(arms)}, seed ${rows[0]!.seed}),`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
