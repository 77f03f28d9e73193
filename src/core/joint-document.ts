/** `joint.json`: written, cut into parts by estimator and joined again, and read setting by setting. */
import type {JointDocument} from "./cubes.js";

/** What a document counts. */
export type JointFrame = Pick<JointDocument, "bins" | "ranges" | "arms" | "settings">;

/** @param countsOf - Rows at each place of a range's and an arm's settings, `2 · bins²` numbers a setting. */
export function encodeJoint(
  frame: JointFrame,
  countsOf: (range: number, arm: number) => ArrayLike<number>[]
): JointDocument {
  const sizes: number[] = [];
  const texts: string[] = [];
  for (let range = 0; range < frame.ranges.length; ++range)
    for (let arm = 0; arm < frame.arms.length; ++arm)
      for (const counts of countsOf(range, arm)) {
        const text = encodePlaces(counts);
        sizes.push(text.length);
        texts.push(text);
      }
  return {...frame, sizes, places: texts.join("")};
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** Bits of a digit, and the bit that says that another follows. */
const BITS = 5;
const MORE = 1 << BITS;
const VALUES = new Uint8Array(128);
for (let value = 0; value < DIGITS.length; ++value) VALUES[DIGITS.charCodeAt(value)] = value;

function encodePlaces(counts: ArrayLike<number>): string {
  let text = "";
  let last = 0;
  for (let place = 0; place < counts.length; ++place) {
    if (counts[place]! === 0) continue;
    text += encodeNumber(place - last) + encodeNumber(counts[place]!);
    last = place;
  }
  return text;
}

/** Lowest digit first. */
function encodeNumber(value: number): string {
  let text = "";
  let rest = value;
  for (; rest >= MORE; rest = Math.floor(rest / MORE)) text += DIGITS[(rest % MORE) + MORE]!;
  return text + DIGITS[rest]!;
}

/** The parts of a document, one an estimator; without ranges where it counts none. */
export function cutJoint(joint: JointDocument, estimators: readonly string[]): Map<string, JointDocument> {
  return new Map(estimators.map((wanted) => [wanted, rangesWhere(joint, (own) => own === wanted)]));
}

function rangesWhere(joint: JointDocument, isWanted: (estimator: string) => boolean): JointDocument {
  const {ranges, arms, settings, sizes, places} = joint;
  const starts = startsOf(joint);
  const step = arms.length * settings.length;
  const own = [...ranges.keys()].filter((range) => isWanted(ranges[range]!.estimator));
  return {
    ...joint,
    ranges: own.map((range) => ranges[range]!),
    sizes: own.flatMap((range) => sizes.slice(range * step, (range + 1) * step)),
    places: own.map((range) => places.slice(starts[range * step], starts[(range + 1) * step])).join("")
  };
}

/** The inverse of {@link cutJoint}. */
export function joinJoint(parts: readonly JointDocument[]): JointDocument {
  return {
    bins: parts[0]?.bins ?? 0,
    arms: parts[0]?.arms ?? [],
    settings: parts[0]?.settings ?? [],
    ranges: parts.flatMap(({ranges}) => ranges),
    sizes: parts.flatMap(({sizes}) => sizes),
    places: parts.map(({places}) => places).join("")
  };
}

const known = new WeakMap<JointDocument, Uint32Array>();

/** Where the places of each range, arm and setting begin, and where the last end; made once for a document. */
function startsOf(joint: JointDocument): Uint32Array {
  let starts = known.get(joint);
  if (!starts) {
    starts = new Uint32Array(joint.sizes.length + 1);
    for (let i = 0; i < joint.sizes.length; ++i) starts[i + 1] = starts[i]! + joint.sizes[i]!;
    known.set(joint, starts);
  }
  return starts;
}

/** Visits the places of one range, arm and setting that hold rows, by their numbers; returns how many there are. */
export function eachPlace(
  joint: JointDocument,
  {range, arm, setting}: {range: number; arm: number; setting: number},
  visit: (place: number, rows: number) => void
): number {
  const cell = (range * joint.arms.length + arm) * joint.settings.length + setting;
  const starts = startsOf(joint);
  const [from, to] = [starts[cell]!, starts[cell + 1]!];
  let [place, visited, value, weight] = [0, 0, 0, 1];
  let isGap = true;
  for (let i = from; i < to; ++i) {
    const digit = VALUES[joint.places.charCodeAt(i)]!;
    value += (digit & (MORE - 1)) * weight;
    weight *= MORE;
    if (digit & MORE) continue;
    if (isGap) place += value;
    else {
      visit(place, value);
      visited += 1;
    }
    [isGap, value, weight] = [!isGap, 0, 1];
  }
  return visited;
}
