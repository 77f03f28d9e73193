/**
 * Chatbot Arena Conversations (Zheng et al., NeurIPS 2023 Datasets and Benchmarks): battles of two models that a person
 * talked with side by side. Reads the Parquet files of `lmsys/chatbot_arena_conversations`, a row a battle.
 */
import {z} from "zod";
import type {Example} from "../../src/core/conversation.js";
import type {ChatbotArenaConfig} from "../../src/core/study.js";
import {examplesOf} from "./dialogue-responses.js";
import {Messages} from "./messages.js";
import {openParquet} from "./parquet-rows.js";
import {checkShape} from "./rated-document.js";
import {drop, streamed} from "./reading.js";
import type {Reading, Tally} from "./reading.js";
import type {Source} from "./source-file.js";

const Battle = z.object({
  question_id: z.string().min(1),
  winner: z.string(),
  conversation_a: Messages,
  conversation_b: Messages,
  language: z.string().nullable()
});
type Battle = z.infer<typeof Battle>;

/** Both sides of a battle are one dialogue: they begin with the same question. */
export function readChatbotArena(config: ChatbotArenaConfig, sources: Source[]): Reading {
  return streamed(async function* (tally) {
    for (const source of sources) {
      const {rows} = await openParquet(source, Object.keys(Battle.shape));
      for await (const {number, values} of rows)
        yield* readBattle(
          checkShape(Battle, values, `${source.name}, row ${number}`, "the format of Chatbot Arena"),
          config,
          tally
        );
    }
  });
}

function* readBattle(battle: Battle, config: ChatbotArenaConfig, tally: Tally): Generator<Example> {
  const sides = sidesOf(battle, config.side);
  const reason = reasonToDrop(battle, config, sides);
  if (reason !== null) {
    tally.rows_read++;
    return drop(tally, reason);
  }
  for (const side of sides)
    yield* examplesOf(
      {
        dialogue_id: battle.question_id,
        turns: battle[`conversation_${side}`],
        idOf: (nth) => `${battle.question_id}-${side}-${nth}`
      },
      config.turn,
      tally
    );
}

function sidesOf({winner}: Battle, side: ChatbotArenaConfig["side"]): ("a" | "b")[] {
  if (side === "both") return ["a", "b"];
  if (side !== "winner") return [side];
  return winner === "model_a" ? ["a"] : winner === "model_b" ? ["b"] : [];
}

function reasonToDrop({language}: Battle, config: ChatbotArenaConfig, sides: unknown[]): string | null {
  if (config.language !== undefined && language !== config.language) return "a battle in another language";
  return sides.length === 0 ? "a battle without a winner" : null;
}
