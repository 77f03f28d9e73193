/**
 * Percentile intervals of robust aggregates, by drawing seeds anew (rliable's stratified bootstrap).
 *
 * With `one-model` one training scores all settings, so a drawn seed must bring its values in all of them; drawing
 * each setting's seeds apart, as rliable does, would take one lucky training for many. Only with one model a setting
 * are the settings' seeds independent.
 */
import {createRandom, type Random} from "../random.js";
import {CONFIDENCE, NO_INTERVAL, percentileInterval, type Interval} from "./cluster-bootstrap.js";
import type {Scores} from "./robust-aggregates.js";

/** Below so many seeds the interval is too narrow to be shown without a warning. */
export const FEW_SEEDS = 5;
/** rliable's default is 50,000; 2,000 put the ends within a few hundredths of their spread. */
export const SEED_DRAWS = 2000;

export interface SeedBootstrap {
  /** `one-model`: seeds drawn once for all settings, the same place in every list; `per-setting`: apart in each. */
  regime: "one-model" | "per-setting";
  draws?: number;
  confidence?: number;
  seed?: number;
}

/**
 * Percentile interval of `statistic` over one or more arms' scores; arms are drawn independently of each other. No
 * interval where some list of seeds holds fewer than two values.
 */
export function seedBootstrap(
  arms: readonly Scores[],
  statistic: (...arms: Scores[]) => number,
  {regime, draws = SEED_DRAWS, confidence = CONFIDENCE, seed = 1}: SeedBootstrap
): Interval {
  if (arms.some((scores) => scores.some(({length}) => length < 2))) return NO_INTERVAL;
  const random = createRandom("seed-bootstrap", seed);
  const draw = regime === "one-model" ? drawTogether : drawApart;
  const values = Float64Array.from({length: draws}, () =>
    statistic(...arms.map((scores) => draw(scores, random)))
  );
  return percentileInterval(values, confidence);
}

function drawApart(scores: Scores, random: Random): Scores {
  return scores.map((seeds) => seeds.map(() => random.pick(seeds)));
}

/** Throws a RangeError where settings differ in their number of seeds: one model scores them all. */
function drawTogether(scores: Scores, random: Random): Scores {
  const length = scores[0]?.length ?? 0;
  if (scores.some((seeds) => seeds.length !== length))
    throw new RangeError("one model scores all settings, so all have the same seeds");
  const places = Array.from({length}, () => random.below(length));
  return scores.map((seeds) => places.map((place) => seeds[place]!));
}
