/**
 * Questions on products and other customers' answers, in three formats:
 *
 * - McAuley & Yang (WWW 2016), `qa_*.json.gz`: Python literals, a line a question with its answer;
 * - Wan & McAuley (ICDM 2016), the same with several answers: a line a product, with lists of questions and answers;
 * - AmazonQA (Gupta et al., IJCAI 2019), JSON Lines: a line a question with its answers and snippets of reviews.
 *
 * Lines that are no literals are left out and counted: the publisher's own files have some.
 */
import {z} from "zod";
import type {Example} from "../../src/core/conversation.js";
import type {AmazonQaConfig} from "../../src/core/study.js";
import {shortHash} from "../stages/content-hash.js";
import {streamLines} from "./line-stream.js";
import {inShort, misfit} from "./publisher-values.js";
import {NotALiteral, parsePythonLiteral} from "./python-literal.js";
import {drop, streamed} from "./reading.js";
import type {Reading, Tally} from "./reading.js";
import type {Source} from "./source-file.js";

const Question = z.object({
  questionText: z.string(),
  answers: z.array(z.object({answerText: z.string()}))
});
type Question = z.infer<typeof Question>;
const asin = z.string().min(1);
const Line = z.union([
  z.object({asin, question: z.string(), answer: z.string()}),
  z.object({asin, questions: z.array(Question)}),
  z.object({asin, ...Question.shape})
]);

/** All questions on one product are one dialogue: they share what they are about. */
export function readAmazonQa(config: AmazonQaConfig, sources: Source[]): Reading {
  return streamed(async function* (tally) {
    for (const source of sources)
      for await (const {number, text} of streamLines(source)) {
        if (text.trim() === "") continue;
        const values = valuesIn(text);
        if (values instanceof NotALiteral) {
          tally.rows_read++;
          drop(tally, "the line is neither JSON nor a Python literal");
        } else yield* readLine(values, `${source.name}, line ${number}`, config, tally);
      }
  });
}

function valuesIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return parsePythonLiteral(text);
    } catch (error) {
      if (error instanceof NotALiteral) return error;
      throw error;
    }
  }
}

function* readLine(
  values: unknown,
  place: string,
  {answers}: AmazonQaConfig,
  tally: Tally
): Generator<Example> {
  const line = Line.safeParse(values);
  if (!line.success) throw otherFormat(values, place);
  const product = line.data.asin;
  for (const question of questionsIn(line.data)) {
    const judged = answers === "first" ? question.answers.slice(0, 1) : question.answers;
    if (judged.length === 0) {
      tally.rows_read++;
      drop(tally, "the question has no answer");
    }
    for (const {answerText} of judged)
      yield* exampleOf(product, question.questionText.trim(), answerText.trim(), tally);
  }
}

function* exampleOf(product: string, question: string, answer: string, tally: Tally): Generator<Example> {
  tally.rows_read++;
  if (answer === "") drop(tally, "the response is empty");
  else if (question === "") drop(tally, "the question is empty");
  else
    yield {
      example_id: `${product}-${shortHash([question, answer])}`,
      dialogue_id: product,
      turns: [{role: "user", text: question}],
      response: answer
    };
}

function questionsIn(line: z.infer<typeof Line>): Question[] {
  if ("questions" in line) return line.questions;
  if ("question" in line) return [{questionText: line.question, answers: [{answerText: line.answer}]}];
  return [line];
}

function otherFormat(values: unknown, place: string) {
  const keys = typeof values === "object" && values !== null && !Array.isArray(values);
  return misfit(
    place,
    "asin with question and answer, with questionText and answers, or with questions, as texts and lists",
    keys ? `the keys ${Object.keys(values).slice(0, 12).join(", ")}` : inShort(values)
  );
}
