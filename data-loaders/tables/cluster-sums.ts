/**
 * Sums of one entropy over the rows that a dialogue has of a setting, and over all that it has. Moments of dialogues follow
 * from these; rows are gone through once.
 */
import {DialogueMoments} from "./dialogue-moments.js";
import {FIFTHS} from "./entropy-ranks.js";
import {isFiniteNumber, type SeedSeries} from "./entropy-series.js";
import type {SettingOrder} from "./setting-order.js";
import {UNSCORED, WRONG} from "./summary.js";

/** Where what stands in a dialogue's sums: two pairs and a four, then of each fifth rows · unit + right rows, in one number. */
const LEVEL = 0;
const EFFECT = 2;
const WITHIN = 4;
const FIFTH = 8;
/** Numbers that a dialogue has. */
export const WIDTH = FIFTH + FIFTHS;

/** Sums by group of dialogues, of one seed or of all. */
export interface GroupMoments {
  /** Entropy less its centre, and rows. */
  levels: DialogueMoments;
  /** Difference to label-only less its centre, and rows. */
  effects: DialogueMoments;
  /** Σ dx·dy, Σ dx² and Σ dy², with x and y (being right) less the mean of their setting and seed. */
  within: DialogueMoments;
  /** By group and fifth: right rows, and rows. */
  fifths: DialogueMoments;
}

export function emptyMoments(groups: number): GroupMoments {
  return {
    levels: new DialogueMoments(groups, 2),
    effects: new DialogueMoments(groups, 2),
    within: new DialogueMoments(groups, 3),
    fifths: new DialogueMoments(groups * FIFTHS, 2)
  };
}

/** How a dialogue's rows of a fifth, and those that are right, are one number. */
interface Packing {
  /** What one row is. */
  unit: number;
  /** Most rows that a dialogue can have. */
  most: number;
}

/** Adds the sums of the first `count` dialogues to a group. */
export function addToGroup(
  {levels, effects, within, fifths}: GroupMoments,
  group: number,
  sums: Float64Array,
  count: number,
  packing: Packing
): void {
  levels.addPairs(group, sums, LEVEL, WIDTH, count);
  effects.addPairs(group, sums, EFFECT, WIDTH, count);
  within.addTriples(group, sums, WITHIN, WIDTH, count);
  addFifths(fifths, group * FIFTHS, sums, count, packing);
}

/** How many dialogues have so many rows, and right rows, in a fifth. */
let alike = new Int32Array(0);

/** Dialogues with as many rows and right rows in a fifth are counted first where that leaves fewer to square. */
function addFifths(
  fifths: DialogueMoments,
  first: number,
  sums: Float64Array,
  count: number,
  {unit, most}: Packing
): void {
  const states = unit * (most + 1);
  if (states > count) {
    for (let i = 0, at = FIFTH; i < count; ++i, at += WIDTH)
      for (let f = 0; f < FIFTHS; ++f) addState(fifths, first + f, sums[at + f]!, unit, 1);
    return;
  }
  if (alike.length < FIFTHS * states) alike = new Int32Array(FIFTHS * states);
  alike.fill(0);
  countAlike(sums, count, states, alike);
  for (let f = 0; f < FIFTHS; ++f)
    for (let state = 1; state < states; ++state)
      if (alike[f * states + state]! > 0)
        addState(fifths, first + f, state, unit, alike[f * states + state]!);
}

function countAlike(sums: Float64Array, count: number, states: number, alike: Int32Array): void {
  for (let i = 0, at = FIFTH; i < count; ++i, at += WIDTH)
    for (let f = 0; f < FIFTHS; ++f) alike[f * states + sums[at + f]!]! += 1;
}

function addState(fifths: DialogueMoments, group: number, state: number, unit: number, times: number): void {
  const rows = Math.floor(state / unit);
  if (rows > 0) fifths.addPair(group, state - rows * unit, rows, times);
}

/** One seed's entropies as they are summed. */
export interface SummedSeed extends SeedSeries {
  fifth: Uint8Array;
  /** Mean entropy by setting, taken off before anything is squared, as squares of large numbers lose digits. */
  means: Float64Array;
  /** Filled: sums by setting and being right, `2 · setting + right`, over rows with an entropy and a prediction. */
  entropy: Float64Array;
  rows: Float64Array;
}

/** Means of a series, which are taken off for the same reason. */
export interface Centres {
  centre: number;
  differenceCentre: number;
}

/** Right rows of each dialogue, kept until the setting's means are known. */
let right = new Float64Array(0);

/**
 * Fills `sums` with those of a setting's dialogues, {@link WIDTH} each, and adds its entropies by fifth to `fifthEntropy`,
 * `setting · FIFTHS + fifth`.
 */
export function sumSetting(
  seed: SummedSeed,
  setting: number,
  {clusterStart, settingStart}: SettingOrder,
  summing: Centres & {unit: number},
  sums: Float64Array,
  fifthEntropy: Float64Array
): void {
  const first = settingStart[setting]!;
  const count = settingStart[setting + 1]! - first;
  if (right.length < count) right = new Float64Array(count);
  const mean = seed.means[setting]!;
  const starts = clusterStart.subarray(first, first + count + 1);
  sums.fill(0, 0, count * WIDTH);
  sumDialogues(seed, mean, summing, starts, sums, right);
  countFifths(seed, starts, summing.unit, sums, fifthEntropy.subarray(FIFTHS * setting));
  const [x, xRight, n, rights] = totalsOf(sums, count);
  seed.entropy[2 * setting] = x - xRight + (n - rights) * mean;
  seed.entropy[2 * setting + 1] = xRight + rights * mean;
  seed.rows[2 * setting] = n - rights;
  seed.rows[2 * setting + 1] = rights;
  if (n > 0) takeOffMeans(sums, count, x / n, rights / n);
}

/** Sums of levels and effects, and Σ xy, Σ x², Σ x and n of rows with a prediction; x is entropy less the setting's mean, y being right. */
function sumDialogues(
  {values, base, outcome}: SummedSeed,
  mean: number,
  {centre, differenceCentre}: Centres,
  starts: Int32Array,
  sums: Float64Array,
  right: Float64Array
): void {
  const other = base ?? values;
  const compared = base !== null;
  for (let i = 0, at = 0, place = starts[0]!; i + 1 < starts.length; ++i, at += WIDTH) {
    let n = 0;
    let sum = 0;
    let pairs = 0;
    let difference = 0;
    let usable = 0;
    let x1 = 0;
    let x2 = 0;
    let xy = 0;
    let rights = 0;
    for (; place < starts[i + 1]!; ++place) {
      const value = values[place]!;
      const x = value - mean;
      if (!isFiniteNumber(x)) continue;
      n += 1;
      sum += x;
      const own = value - other[place]! - differenceCentre;
      if (compared && isFiniteNumber(own)) {
        pairs += 1;
        difference += own;
      }
      const became = outcome[place]!;
      if (became === UNSCORED) continue;
      const y = became - WRONG;
      usable += 1;
      x1 += x;
      x2 += x * x;
      xy += x * y;
      rights += y;
    }
    sums[at + LEVEL] = sum + n * (mean - centre);
    sums[at + LEVEL + 1] = n;
    sums[at + EFFECT] = difference;
    sums[at + EFFECT + 1] = pairs;
    sums[at + WITHIN] = xy;
    sums[at + WITHIN + 1] = x2;
    sums[at + WITHIN + 2] = x1;
    sums[at + WITHIN + 3] = usable;
    right[i] = rights;
  }
}

function countFifths(
  {values, outcome, fifth}: SummedSeed,
  starts: Int32Array,
  unit: number,
  sums: Float64Array,
  fifthEntropy: Float64Array
): void {
  for (let i = 0, at = FIFTH, place = starts[0]!; i + 1 < starts.length; ++i, at += WIDTH)
    for (; place < starts[i + 1]!; ++place) {
      const value = values[place]!;
      const became = outcome[place]!;
      if (became === UNSCORED || !isFiniteNumber(value)) continue;
      const f = fifth[place]!;
      sums[at + f]! += unit + became - WRONG;
      fifthEntropy[f]! += value;
    }
}

/** Σ x, Σ xy, n and right rows of a setting. */
function totalsOf(sums: Float64Array, count: number): [number, number, number, number] {
  let [x, xy, n, rights] = [0, 0, 0, 0];
  for (let i = 0, at = WITHIN; i < count; ++i, at += WIDTH) {
    x += sums[at + 2]!;
    xy += sums[at]!;
    n += sums[at + 3]!;
    rights += right[i]!;
  }
  return [x, xy, n, rights];
}

/** Makes Σ xy, Σ x², Σ x and n of each dialogue into Σ dx·dy, Σ dx², Σ dy² and n. */
function takeOffMeans(sums: Float64Array, count: number, x: number, y: number): void {
  for (let i = 0, at = WITHIN; i < count; ++i, at += WIDTH) {
    const [xy, xx, sum, n] = [sums[at]!, sums[at + 1]!, sums[at + 2]!, sums[at + 3]!];
    const rights = right[i]!;
    sums[at] = xy - x * rights - y * (sum - x * n);
    sums[at + 1] = xx - 2 * x * sum + x * x * n;
    sums[at + 2] = rights * (1 - 2 * y) + y * y * n;
  }
}

/** Adds a setting's sums to those of the dialogues that they belong to, numbered from `first` on. */
export function addToDialogues(
  sums: Float64Array,
  clusterDialogue: Int32Array,
  from: number,
  to: number,
  first: number,
  all: Float64Array
): void {
  for (let cluster = from, at = 0; cluster < to; ++cluster) {
    const into = (clusterDialogue[cluster]! - first) * WIDTH;
    for (let k = 0; k < WIDTH; ++k, ++at) all[into + k]! += sums[at]!;
  }
}
