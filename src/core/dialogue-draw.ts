/**
 * Draws whole dialogues from a stream that may be longer than memory: every dialogue has a random rank, which is a
 * function of the seed, the corpus (or the pool that it shares dialogues with) and its own id, and those with the lowest ranks are kept (bottom-k sampling; Cohen &
 * Kaplan, PODC 2007). One pass, in any order, with memory for about twice what is kept.
 */
import type {Example} from "./conversation.js";
import {dialogueRank} from "./dialogue-rank.js";
import type {SplitKeys} from "./split.js";

type Grouped = Pick<Example, "dialogue_id">;

interface Dialogue<E> {
  id: string;
  rank: number;
  examples: {place: number; example: E}[];
}

/** Collects a draw of at most `count` examples: whole dialogues, the last of them cut to fit. */
export class DialogueDraw<E extends Grouped> {
  private readonly dialogues = new Map<string, Dialogue<E>>();
  private held = 0;
  private seen = 0;
  /** The dialogue with the highest rank that can still be among those kept; null while all can. */
  private last: {rank: number; id: string} | null = null;
  private recent: {id: string; rank: number} = {id: "", rank: NaN};

  constructor(
    private readonly count: number,
    private readonly keys: SplitKeys
  ) {}

  add(example: E): void {
    const place = this.seen++;
    const id = example.dialogue_id;
    const rank = this.rankOf(id);
    if (this.last && comesBefore(this.last, {id, rank})) return;
    const dialogue = this.dialogues.get(id) ?? this.begin(id, rank);
    // of a dialogue longer than the whole draw, no more than its first `count` examples can be kept
    if (dialogue.examples.length >= this.count) return;
    dialogue.examples.push({place, example});
    if (++this.held > 2 * this.count) this.prune();
  }

  /** The examples drawn, in the order in which they came. */
  drawn(): E[] {
    this.prune();
    const kept = this.inRankOrder().flatMap(({examples}) => examples);
    return kept
      .slice(0, this.count)
      .sort((a, b) => a.place - b.place)
      .map(({example}) => example);
  }

  private begin(id: string, rank: number): Dialogue<E> {
    const dialogue = {id, rank, examples: []};
    this.dialogues.set(id, dialogue);
    return dialogue;
  }

  private inRankOrder(): Dialogue<E>[] {
    return [...this.dialogues.values()].sort((a, b) => (comesBefore(a, b) ? -1 : 1));
  }

  /** Lets go of dialogues that can no longer be drawn: those of lower rank fill the draw already. */
  private prune(): void {
    let held = 0;
    for (const dialogue of this.inRankOrder()) {
      if (held >= this.count) this.dialogues.delete(dialogue.id);
      else {
        held += dialogue.examples.length;
        if (held >= this.count) this.last = {rank: dialogue.rank, id: dialogue.id};
      }
    }
    this.held = held;
  }

  /** Most streams have a dialogue's examples one after another, so the last one is remembered. */
  private rankOf(id: string): number {
    if (this.recent.id !== id || Number.isNaN(this.recent.rank)) {
      const {seed, corpus, pool} = this.keys;
      const rank =
        pool === undefined
          ? dialogueRank("draw", seed, corpus, id)
          : dialogueRank("draw-of-pool", seed, pool, id);
      this.recent = {id, rank};
    }
    return this.recent.rank;
  }
}

function comesBefore(a: {rank: number; id: string}, b: {rank: number; id: string}): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.id < b.id);
}
