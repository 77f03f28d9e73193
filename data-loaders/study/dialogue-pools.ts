/** Corpora of a study that hold the same dialogues. */
import type {Study} from "../../src/core/study.js";

/** Readers that make several corpora of one set's dialogues, under the same ids: HH-RLHF's pairs open alike. */
const SHARING: readonly string[] = ["hh-rlhf"];

/**
 * Name of the pool that a corpus draws its dialogues from together with others of the study; undefined where no other
 * has its dialogues.
 */
export function poolOf({corpora}: Pick<Study, "corpora">, id: string): string | undefined {
  const {reader} = corpora[id]!;
  return SHARING.includes(reader) && sharing(corpora, reader).length > 1 ? reader : undefined;
}

/** Pool → its corpora, in the study's order. */
export function poolsOf({corpora}: Pick<Study, "corpora">): Map<string, string[]> {
  const pools = SHARING.map((reader) => [reader, sharing(corpora, reader)] as const);
  return new Map(pools.filter(([, ids]) => ids.length > 1));
}

function sharing(corpora: Study["corpora"], reader: string): string[] {
  return Object.keys(corpora).filter((id) => corpora[id]!.reader === reader);
}
