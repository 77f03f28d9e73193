/**
 * Test rows setting by setting, and within a setting dialogue by dialogue: the order in which entropies are kept and gone
 * through. What is summed by setting and by dialogue then stands together, and a setting's part fits the fastest memory.
 */
import type {TestLayout} from "./test-layout.js";

export interface SettingOrder {
  /** Test row at each place. */
  rowAt: Int32Array;
  /** Place of each test row. */
  placeOf: Int32Array;
  /** Places of cluster c, a dialogue's rows of one setting, are `clusterStart[c]` to `clusterStart[c + 1]`. */
  clusterStart: Int32Array;
  /** Dialogue of each cluster, ascending within a setting. */
  clusterDialogue: Int32Array;
  /** Clusters of setting s are `settingStart[s]` to `settingStart[s + 1]`. */
  settingStart: Int32Array;
  /** First dialogue of each corpus, and their number at the end. */
  corpusStart: Int32Array;
  /** Most clusters of a setting, or dialogues of a corpus. */
  largest: number;
  /** Most rows of a dialogue. */
  most: number;
}

const known = new WeakMap<TestLayout, SettingOrder>();

/** Made once for a layout. */
export function settingOrder(layout: TestLayout): SettingOrder {
  let order = known.get(layout);
  if (!order) known.set(layout, (order = orderRows(layout)));
  return order;
}

function orderRows(layout: TestLayout): SettingOrder {
  const {rows, setting, settings, dialogue} = layout;
  const next = new Int32Array(settings.length + 1);
  for (let row = 0; row < rows; ++row) next[setting[row]! + 1]! += 1;
  for (let s = 0; s < settings.length; ++s) next[s + 1]! += next[s]!;
  const rowAt = new Int32Array(rows);
  const placeOf = new Int32Array(rows);
  for (let row = 0; row < rows; ++row) {
    const place = next[setting[row]!]!++;
    rowAt[place] = row;
    placeOf[row] = place;
  }
  const starts: number[] = [];
  const settingStart = new Int32Array(settings.length + 1);
  for (let place = 0; place < rows; ++place) {
    const [row, before] = [rowAt[place]!, rowAt[place - 1]];
    const begins = before === undefined || setting[row] !== setting[before];
    if (!begins && dialogue[row] === dialogue[before]) continue;
    starts.push(place);
    settingStart[setting[row]! + 1] = starts.length;
  }
  const clusterStart = Int32Array.from([...starts, rows]);
  const clusterDialogue = Int32Array.from(starts, (place) => dialogue[rowAt[place]!]!);
  const corpusStart = startsOf(layout);
  return {
    rowAt,
    placeOf,
    clusterStart,
    clusterDialogue,
    settingStart,
    corpusStart,
    largest: Math.max(widest(settingStart), widest(corpusStart)),
    most: widest(layout.dialogueStart)
  };
}

/** Most that lies between two starts. */
function widest(starts: Int32Array): number {
  let most = 0;
  for (let i = 1; i < starts.length; ++i) most = Math.max(most, starts[i]! - starts[i - 1]!);
  return most;
}

function startsOf({corpora, dialogues, dialogueCorpus}: TestLayout): Int32Array {
  const starts = new Int32Array(corpora.length + 1).fill(dialogues);
  for (let g = dialogues - 1; g >= 0; --g) starts[dialogueCorpus[g]!] = g;
  return starts;
}
