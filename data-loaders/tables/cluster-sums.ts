/**
 * Sums of one entropy over the rows that a dialogue has of a setting, and over all that it has. Moments of dialogues follow
 * from these; rows are gone through once.
 */
import {DialogueMoments} from "./dialogue-moments.js";
import {FIFTHS, UNRANKED} from "./entropy-ranks.js";
import {isFiniteNumber, type SeedSeries} from "./entropy-series.js";
import type {SettingOrder} from "./setting-order.js";
import {UNSCORED, WRONG} from "./summary.js";

/** Where what stands in a dialogue's sums: two pairs and a four, then words that hold the rows of each fifth. */
const LEVEL = 0;
const EFFECT = 2;
const WITHIN = 4;
const WORDS = 8;
/** Bits of a word that is shifted and masked; a larger one is divided. */
const WORD_BITS = 31;

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

/** How a dialogue's rows of each fifth, and those that are right, are kept in a few numbers. */
export interface Packing {
  /** Bits of a count; a fifth has two, its right rows in the lower half. */
  bits: number;
  /** Fifths in a word. */
  perWord: number;
  words: number;
  /** Most rows that a dialogue can have of all seeds. */
  most: number;
  /** Numbers that a dialogue has. */
  width: number;
}

export function packingOf(most: number): Packing {
  const bits = Math.ceil(Math.log2(most + 1));
  const perWord = Math.max(1, Math.floor(WORD_BITS / (2 * bits)));
  const words = Math.ceil(FIFTHS / perWord);
  return {bits, perWord, words, most, width: WORDS + words};
}

/** Possible states of a fifth for each dialogue from which on they aren't counted but added one by one. */
const SPARSE = 4;

/** Adds the sums of the first `count` dialogues to a group. */
export function addToGroup(
  {levels, effects, within, fifths}: GroupMoments,
  group: number,
  sums: Float64Array,
  count: number,
  packing: Packing
): void {
  const {width} = packing;
  levels.addPairs(group, sums, LEVEL, width, count);
  effects.addPairs(group, sums, EFFECT, width, count);
  within.addTriples(group, sums, WITHIN, width, count);
  addFifths(fifths, group * FIFTHS, sums, count, packing);
}

/** How many dialogues have so many rows, and right rows, in a fifth; by fifth. */
let alike = new Int32Array(0);

/** Dialogues with as many rows and right rows in a fifth are counted first where that leaves fewer to square. */
function addFifths(
  fifths: DialogueMoments,
  group: number,
  sums: Float64Array,
  count: number,
  packing: Packing
): void {
  const {bits, perWord, words, most, width} = packing;
  const states = 4 ** bits;
  const unit = 2 ** bits;
  if (states > SPARSE * count) return addOneByOne(fifths, group, sums, count, packing);
  if (alike.length < words * perWord * states) alike = new Int32Array(words * perWord * states);
  alike.fill(0);
  for (let word = 0; word < words; ++word) {
    const own = alike.subarray(word * perWord * states, (word + 1) * perWord * states);
    countAlike(sums, WORDS + word, width, count, 2 * bits, perWord, own);
  }
  for (let f = 0; f < FIFTHS; ++f)
    for (let rows = 1; rows <= most; ++rows)
      for (let right = 0; right <= rows; ++right) {
        const times = alike[f * states + rows * unit + right]!;
        if (times > 0) fifths.addPair(group + f, right, rows, times);
      }
}

function addOneByOne(
  fifths: DialogueMoments,
  group: number,
  sums: Float64Array,
  count: number,
  {bits, perWord, width}: Packing
): void {
  const unit = 2 ** bits;
  const states = unit * unit;
  for (let f = 0; f < FIFTHS; ++f) {
    const place = 4 ** (bits * (f % perWord));
    for (let i = 0, at = WORDS + Math.floor(f / perWord); i < count; ++i, at += width) {
      // A remainder of doubles would be a call.
      const above = Math.floor(sums[at]! / place);
      const state = above - Math.floor(above / states) * states;
      const rows = Math.floor(state / unit);
      if (rows > 0) fifths.addPair(group + f, state - rows * unit, rows, 1);
    }
  }
}

/** Counts of the fifths of a word, one after the other. */
function countAlike(
  sums: Float64Array,
  word: number,
  width: number,
  count: number,
  bits: number,
  perWord: number,
  alike: Int32Array
): void {
  const states = 1 << bits;
  const mask = states - 1;
  for (let i = 0, at = word; i < count; ++i, at += width) {
    let rest = sums[at]! | 0;
    for (let k = 0, from = 0; k < perWord; ++k, from += states) {
      alike[from + (rest & mask)]! += 1;
      rest >>>= bits;
    }
  }
}

/** One seed's entropies as they are summed. */
export interface SummedSeed extends SeedSeries {
  /** See `Ranks.fifth`. */
  fifth: Uint8Array;
  /** By setting, over rows with an entropy and a prediction: mean entropy, and share of right rows. */
  entropyMean: Float64Array;
  rightMean: Float64Array;
}

/** Means of a series, taken off before anything is squared, as squares of large numbers lose digits. */
export interface Centres {
  centre: number;
  differenceCentre: number;
}

/**
 * Fills `sums` with those of a setting's dialogues, and adds its entropies by fifth to `fifthEntropy`, `setting · FIFTHS +
 * fifth`.
 */
export function sumSetting(
  seed: SummedSeed,
  setting: number,
  {clusterStart, settingStart}: SettingOrder,
  {centre, differenceCentre}: Centres,
  packing: Packing,
  sums: Float64Array,
  fifthEntropy: Float64Array
): void {
  const {values, base, outcome, fifth} = seed;
  const starts = clusterStart.subarray(settingStart[setting], settingStart[setting + 1]! + 1);
  const {width, words} = packing;
  const [entropyMean, rightMean] = [seed.entropyMean[setting]!, seed.rightMean[setting]!];
  sumDialogues(values, outcome, starts, centre, entropyMean, rightMean, sums, width);
  if (base) sumEffects(values, base, starts, differenceCentre, sums, width);
  else clearEffects(starts.length - 1, sums, width);
  for (let word = 0; word < words; ++word)
    packFifths(fifth, starts, stepsOf(packing, word), sums, WORDS + word, width);
  const byFifth = new Float64Array(UNRANKED + 1);
  addByFifth(values, fifth, starts[0]!, starts[starts.length - 1]!, byFifth);
  for (let f = 0; f < FIFTHS; ++f)
    fifthEntropy[FIFTHS * setting + f]! += byFifth[2 * f]! + byFifth[2 * f + 1]!;
}

// Every loop over rows is a function of its own: the compiler then makes fast code of it as a whole.

/** Levels; and Σ dx·dy, Σ dx², Σ dy² and n of rows with a prediction, x being entropy and y being right. */
function sumDialogues(
  values: Float64Array,
  outcome: Uint8Array,
  starts: Int32Array,
  centre: number,
  entropyMean: number,
  rightMean: number,
  sums: Float64Array,
  width: number
): void {
  const wrongMean = 1 - rightMean;
  let place = starts[0]!;
  for (let i = 1, at = 0; i < starts.length; ++i, at += width) {
    const end = starts[i]!;
    let n = 0;
    let sum = 0;
    let usable = 0;
    let xx = 0;
    let xy = 0;
    let rights = 0;
    for (; place < end; ++place) {
      const value = values[place]!;
      if (!isFiniteNumber(value)) continue;
      n += 1;
      sum += value - centre;
      const became = outcome[place]!;
      if (became === UNSCORED) continue;
      const x = value - entropyMean;
      const y = became - WRONG;
      usable += 1;
      rights += y;
      xx += x * x;
      xy += x * (y - rightMean);
    }
    sums[at + LEVEL] = sum;
    sums[at + LEVEL + 1] = n;
    sums[at + WITHIN] = xy;
    sums[at + WITHIN + 1] = xx;
    sums[at + WITHIN + 2] = rights * wrongMean * wrongMean + (usable - rights) * rightMean * rightMean;
    sums[at + WITHIN + 3] = usable;
  }
}

function sumEffects(
  values: Float64Array,
  base: Float64Array,
  starts: Int32Array,
  centre: number,
  sums: Float64Array,
  width: number
): void {
  let place = starts[0]!;
  for (let i = 1, at = EFFECT; i < starts.length; ++i, at += width) {
    const end = starts[i]!;
    let pairs = 0;
    let sum = 0;
    for (; place < end; ++place) {
      const difference = values[place]! - base[place]!;
      if (!isFiniteNumber(difference)) continue;
      pairs += 1;
      sum += difference - centre;
    }
    sums[at] = sum;
    sums[at + 1] = pairs;
  }
}

function clearEffects(count: number, sums: Float64Array, width: number): void {
  for (let i = 0, at = EFFECT; i < count; ++i, at += width) {
    sums[at] = 0;
    sums[at + 1] = 0;
  }
}

const known = new WeakMap<Packing, Float64Array[]>();

/** What a row adds to a word, by its fifth and being right. */
function stepsOf(packing: Packing, word: number): Float64Array {
  let steps = known.get(packing);
  if (!steps) known.set(packing, (steps = makeSteps(packing)));
  return steps[word]!;
}

function makeSteps({bits, perWord, words}: Packing): Float64Array[] {
  return Array.from({length: words}, (_, word) => {
    const steps = new Float64Array(UNRANKED + 1);
    for (let f = word * perWord; f < Math.min(FIFTHS, (word + 1) * perWord); ++f) {
      const place = 4 ** (bits * (f % perWord));
      steps[2 * f] = place * 2 ** bits;
      steps[2 * f + 1] = place * (2 ** bits + 1);
    }
    return steps;
  });
}

function packFifths(
  fifth: Uint8Array,
  starts: Int32Array,
  steps: Float64Array,
  sums: Float64Array,
  word: number,
  width: number
): void {
  let place = starts[0]!;
  for (let i = 1, at = word; i < starts.length; ++i, at += width) {
    const end = starts[i]!;
    let packed = 0;
    for (; place < end; ++place) packed += steps[fifth[place]!]!;
    sums[at] = packed;
  }
}

/** What isn't ranked goes to a place of its own. */
function addByFifth(
  values: Float64Array,
  fifth: Uint8Array,
  from: number,
  to: number,
  sums: Float64Array
): void {
  for (let place = from; place < to; ++place) sums[fifth[place]!]! += values[place]!;
}

/** Adds a setting's sums to those of the dialogues that they belong to, numbered from `first` on. */
export function addToDialogues(
  sums: Float64Array,
  clusterDialogue: Int32Array,
  from: number,
  to: number,
  first: number,
  all: Float64Array,
  width: number
): void {
  for (let cluster = from, at = 0; cluster < to; ++cluster) {
    const into = (clusterDialogue[cluster]! - first) * width;
    for (let k = 0; k < width; ++k, ++at) all[into + k]! += sums[at]!;
  }
}
