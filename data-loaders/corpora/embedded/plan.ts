/** How much is planted in one response: drawn before a word is written, and the same way for all kinds. */
import type {Random} from "../../../src/core/random.js";
import {shareLabel} from "./labels.js";
import type {Amounts} from "./labels.js";

const LABELS = [1, 2, 3, 4, 5];
/** Parts asked for; at least as many as sentences can be broken. */
const ASKED = [4, 4, 4, 5];
/** How often, where it can be, one of the parts told of is not one of those asked for. */
const DECOY = 1 / 6;

/** Draws the three labels uniformly and apart, then amounts that carry them. */
export function drawAmounts(random: Random): Amounts {
  const [naturalness, comprehensiveness, topicality] = [
    random.pick(LABELS),
    random.pick(LABELS),
    random.pick(LABELS)
  ];
  const asked = random.pick(ASKED);
  const answered = random.pick(countsOf(comprehensiveness, asked));
  const decoys = random.unit() < DECOY && answered < asked ? 1 : 0;
  const onTopic = random.pick(countsOf(topicality, asked));
  return {broken: 5 - naturalness, asked, told: answered + decoys, decoys, onTopic};
}

/** The numbers of sentences, out of `whole`, whose share has this label. */
function countsOf(label: number, whole: number): number[] {
  return Array.from({length: whole + 1}, (_, part) => part).filter(
    (part) => shareLabel(part, whole) === label
  );
}
