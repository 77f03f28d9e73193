/**
 * Splits by dialogue. Responses to one context share most of their text, so a split by row would let a model see
 * test text while training. Not stratified: labels fall as the dialogues do.
 */
import {BadInput} from "./bad-input.js";
import type {Example} from "./conversation.js";
import {dialogueRank} from "./dialogue-rank.js";
import {createRandom} from "./random.js";

type Grouped = Pick<Example, "example_id" | "dialogue_id">;

export interface SplitSizes {
  /** Examples, not dialogues. */
  train: number;
  test: number;
}

/** What a draw depends on, beside the examples. */
export interface SplitKeys {
  /** The study's seed. */
  seed: number;
  corpus: string;
  /**
   * Name of what several corpora are made from, where they hold the same dialogues under the same ids; undefined for a
   * corpus that shares none.
   */
  pool?: string;
}

export interface Split<E> {
  train: E[];
  test: E[];
}

/**
 * Exactly `test` and `train` examples, of different dialogues. Deterministic in the examples, seed and corpus. The test
 * side is drawn first, so that it stays the same when only `train` changes. Whole dialogues go to one side; the last
 * dialogue of each side is cut to fit, and what is cut off goes nowhere.
 *
 * Corpora of one pool order their dialogues alike, whatever their own key, and test from one end of that order and train
 * from the other, so that what one is trained on another isn't tested on, as long as the ends stay apart
 * ({@link dialoguesOnBothSides}).
 *
 * Throws BadInput when there are too few examples, or too few dialogues to keep the sides apart.
 */
export function splitByDialogue<E extends Grouped>(
  examples: readonly E[],
  {train, test}: SplitSizes,
  keys: SplitKeys
): Split<E> {
  const dialogues = orderedDialogues(examples, keys);
  const [tested, rest] = take(dialogues, test);
  const [trained] = take(keys.pool === undefined ? rest : rest.toReversed(), train);
  if (tested.length < test || trained.length < train) {
    const left = rest.reduce((sum, dialogue) => sum + dialogue.length, 0);
    throw new BadInput({
      where: `corpus ${keys.corpus}`,
      expected: `${train} examples to train on and ${test} to test on, of different dialogues`,
      found: `${examples.length} examples in ${dialogues.length} dialogues`,
      mend:
        tested.length === test && left > 0
          ? `Lower split.train to at most ${left}, or add dialogues.`
          : "Lower split.train and split.test, or add dialogues."
    });
  }
  return {train: inOrder(examples, trained), test: inOrder(examples, tested)};
}

/** Dialogue id → its examples, both in the order in which they came. */
export function groupByDialogue<E extends Pick<Example, "dialogue_id">>(
  examples: readonly E[]
): Map<string, E[]> {
  const dialogues = new Map<string, E[]>();
  for (const example of examples) {
    const dialogue = dialogues.get(example.dialogue_id);
    if (dialogue) dialogue.push(example);
    else dialogues.set(example.dialogue_id, [example]);
  }
  return dialogues;
}

/** Dialogues that one of the splits is trained on and another, or the same, tested on. */
export function dialoguesOnBothSides(splits: readonly Split<Pick<Example, "dialogue_id">>[]): Set<string> {
  const tested = new Set(splits.flatMap(({test}) => test.map(({dialogue_id}) => dialogue_id)));
  const trained = splits.flatMap(({train}) => train.map(({dialogue_id}) => dialogue_id));
  return new Set(trained.filter((id) => tested.has(id)));
}

/** In random order: by their place in the corpus, or within a pool by their ids. */
function orderedDialogues<E extends Grouped>(examples: readonly E[], {seed, corpus, pool}: SplitKeys): E[][] {
  const dialogues = groupByDialogue(examples);
  if (pool === undefined) return createRandom("dialogues", seed, corpus).shuffle([...dialogues.values()]);
  const ranked = [...dialogues].map(([id, own]) => ({id, own, rank: dialogueRank("split", seed, pool, id)}));
  return ranked.sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1)).map(({own}) => own);
}

/** The first `count` examples, and the dialogues of which none were taken. */
function take<E>(dialogues: E[][], count: number): [taken: E[], rest: E[][]] {
  let used = 0;
  for (let taken = 0; used < dialogues.length && taken < count; used++) taken += dialogues[used]!.length;
  return [dialogues.slice(0, used).flat().slice(0, count), dialogues.slice(used)];
}

function inOrder<E>(examples: readonly E[], chosen: E[]): E[] {
  const set = new Set(chosen);
  return examples.filter((example) => set.has(example));
}
