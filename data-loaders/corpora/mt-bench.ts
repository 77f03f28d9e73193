/**
 * MT-bench (Zheng et al., NeurIPS 2023 Datasets and Benchmarks): answers of models to 80 questions of two turns. Reads
 * FastChat's `question.jsonl` and `model_answer/*.jsonl`, or the Parquet files of `lmsys/mt_bench_human_judgments`.
 */
import {z} from "zod";
import type {Example, Turn} from "../../src/core/conversation.js";
import type {MtBenchConfig} from "../../src/core/study.js";
import {examplesOf} from "./dialogue-responses.js";
import {streamObjects} from "./json-lines.js";
import {Messages} from "./messages.js";
import {openParquet} from "./parquet-rows.js";
import {misfit} from "./publisher-values.js";
import {checkShape} from "./rated-document.js";
import {streamed} from "./reading.js";
import type {Reading, Tally} from "./reading.js";
import type {Source} from "./source-file.js";

const FORMAT = "the format of MT-bench";
const question_id = z.union([z.number(), z.string()]).transform(String);
const Question = z.object({question_id, turns: z.array(z.string()).min(1)});
const Answer = z.object({
  question_id,
  model_id: z.string().min(1),
  choices: z.array(z.object({turns: z.array(z.string())})).min(1)
});
const Judgment = z.object({
  question_id,
  model_a: z.string(),
  model_b: z.string(),
  conversation_a: Messages,
  conversation_b: Messages
});

interface Answered {
  question: string;
  model: string;
  turns: Turn[];
}

/** All answers to one question are one dialogue. Answers that many judgments repeat have one id, and are kept once. */
export function readMtBench(config: MtBenchConfig, sources: Source[]): Reading {
  return streamed(async function* (tally) {
    const tables = sources.filter(({file}) => file.endsWith(".parquet"));
    for (const source of tables) yield* examplesIn(judgments(source), config, tally);
    const documents = sources.filter((source) => !tables.includes(source));
    if (documents.length > 0) yield* examplesIn(modelAnswers(documents), config, tally);
  });
}

async function* examplesIn(
  answers: AsyncIterable<Answered>,
  {turn}: MtBenchConfig,
  tally: Tally
): AsyncGenerator<Example> {
  for await (const {question, model, turns} of answers)
    yield* examplesOf(
      {dialogue_id: question, turns, idOf: (nth) => `${question}-${model}-${nth}`},
      turn,
      tally
    );
}

async function* judgments(source: Source): AsyncGenerator<Answered> {
  const {rows} = await openParquet(source, Object.keys(Judgment.shape));
  for await (const {number, values} of rows) {
    const row = checkShape(Judgment, values, `${source.name}, row ${number}`, FORMAT);
    yield {question: row.question_id, model: row.model_a, turns: row.conversation_a};
    yield {question: row.question_id, model: row.model_b, turns: row.conversation_b};
  }
}

async function* modelAnswers(sources: Source[]): AsyncGenerator<Answered> {
  const isQuestions = ({name}: Source): boolean => /(^|\/)question\.jsonl$/.test(name);
  const asked = sources.find(isQuestions);
  if (!asked)
    throw misfit(
      sources[0]!.name,
      "question.jsonl beside the folder model_answer",
      `${sources.length} files and none of that name`
    );
  const questions = await questionsIn(asked);
  for (const source of sources.filter((source) => !isQuestions(source)))
    for await (const {number, values} of streamObjects(source)) {
      const place = `${source.name}, line ${number}`;
      const answer = checkShape(Answer, values, place, FORMAT);
      const turns = questions.get(answer.question_id);
      if (!turns) throw misfit(place, `a question_id of ${asked.name}`, answer.question_id);
      yield* answer.choices.map((choice, i) => ({
        question: answer.question_id,
        model: i === 0 ? answer.model_id : `${answer.model_id}-choice-${i}`,
        turns: alternating(turns, choice.turns)
      }));
    }
}

async function questionsIn(source: Source): Promise<Map<string, string[]>> {
  const questions = new Map<string, string[]>();
  for await (const {number, values} of streamObjects(source)) {
    const question = checkShape(Question, values, `${source.name}, line ${number}`, FORMAT);
    questions.set(question.question_id, question.turns);
  }
  return questions;
}

/** Question, answer, question, answer; what has no counterpart is left out. */
function alternating(questions: string[], answers: string[]): Turn[] {
  return answers.slice(0, questions.length).flatMap((answer, i) => [
    {role: "user", text: questions[i]!},
    {role: "assistant", text: answer}
  ]);
}
