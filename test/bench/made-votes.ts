/** A vote log of any length, and the study that it belongs to: what the merge benchmark reads. */
import {mkdir} from "node:fs/promises";
import {join} from "node:path";
import type {Example} from "../../src/core/conversation.js";
import type {Vote, VoteRequest} from "../../src/core/judging/votes.js";
import {createRandom} from "../../src/core/random.js";
import {StudySchema} from "../../src/core/study.js";
import type {DrawnCorpus} from "../../data-loaders/corpora/draw-corpora.js";
import {voteRequests} from "../../data-loaders/judges/requests.js";
import {logName, voteKey} from "../../data-loaders/judges/vote-log.js";
import {writeRows} from "../../data-loaders/stages/row-files.js";
import {axesOf, type StudyFile} from "../../data-loaders/study/read-study.js";

/** Votes an example: three judges, the four built-in prompts, three axes, as in the paper's set-up. */
const VOTES_AN_EXAMPLE = 36;
const ORDINAL = {question: "How good is it?", labels: [1, 2, 3, 4, 5]};
/** Characters of a reply as services send it: a completion with its usage. */
const RAW = 700;

/** The study and its examples; a quarter of these were rated by people. */
export function madeVotes(votes: number): {file: StudyFile; drawn: DrawnCorpus[]} {
  const study = StudySchema.parse({
    because: 1,
    title: "Made",
    corpora: {
      plain: {reader: "jsonl", path: "plain.jsonl", columns: {response: "response"}},
      rated: {
        reader: "jsonl",
        path: "rated.jsonl",
        columns: {response: "response"},
        labels: {natural: "natural"},
        judged: true,
        labels_from: "judges",
        labels_by: "people"
      }
    },
    axes: {natural: ORDINAL, complete: ORDINAL, "on-topic": ORDINAL},
    judges: Object.fromEntries(
      ["large", "medium", "small"].map((model) => [model, {model, base_url: "http://127.0.0.1:9/v1"}])
    ),
    merge: {scores: "best"},
    split: {train: 2, test: 1}
  });
  const axes = axesOf(study);
  const file: StudyFile = {
    id: "made",
    file: "made.yaml",
    folder: ".",
    study,
    axes,
    settings: [],
    promptTemplate: null
  };
  const examples = Math.ceil(votes / VOTES_AN_EXAMPLE);
  const counts = {plain: Math.ceil(examples * 0.75), rated: Math.floor(examples * 0.25)};
  const drawn = Object.entries(counts).map(([id, count]) => drawnOf(id, count, file));
  return {file, drawn};
}

function drawnOf(id: string, count: number, {study}: StudyFile): DrawnCorpus {
  const examples = Array.from({length: count}, (_, i): Example => ({
    example_id: `${id}-${i}`,
    dialogue_id: `d${i >> 1}`,
    turns: [{role: "user", text: `What of number ${i}?`}],
    response: `Number ${i} of ${id} is as good as any other, and I say so with some words more.`
  }));
  const third = Math.floor(count / 3);
  const own = examples.map(({example_id}) => ({
    corpus: id,
    example_id,
    axis: "natural",
    label: String(1 + truthOf(id, example_id, "natural")),
    explanation: "",
    label_source: "given" as const,
    explanation_source: "none" as const
  }));
  return {
    id,
    config: study.corpora[id]!,
    card: {
      id,
      reader: "jsonl",
      synthetic: true,
      rows_read: count,
      rows_kept: count,
      dropped: [],
      dialogues: Math.ceil(count / 2),
      content: `${id}-${count}`
    },
    train: examples.slice(third),
    test: examples.slice(0, third),
    own: id === "rated" ? own : []
  };
}

/** Place of the true label, from 0. */
function truthOf(...keys: string[]): number {
  let hash = 7;
  for (const letter of keys.join("/")) hash = (hash * 31 + letter.charCodeAt(0)) % 1_000_003;
  return hash % 5;
}

const SEVERITY: Record<string, number> = {large: 0.1, medium: -0.2, small: 0.6};

/** Writes a log with a vote on every question, one in a hundred of them refused at first; replies have `raw` characters. */
export async function writeVotes(folder: string, votes: number, raw = RAW): Promise<void> {
  const {file, drawn} = madeVotes(votes);
  const {requests} = await voteRequests(
    file,
    drawn.map(({id, train, test}) => ({id, examples: [...train, ...test]}))
  );
  await mkdir(folder, {recursive: true});
  for (const [judge, config] of Object.entries(file.study.judges)) {
    const random = createRandom("made votes", judge);
    await writeRows(
      join(folder, `${logName(config)}.jsonl`),
      (function* () {
        for (const request of requests) {
          if (request.judge !== judge) continue;
          const key = voteKey(config, request);
          const refused = random.below(100) === 0;
          if (refused) yield voteOn(request, key, {score: null, attempt: 1, raw});
          const [low, high] = request.scale;
          const place = truthOf(request.corpus, request.example_id, request.axis) + SEVERITY[judge]!;
          const exact = low + (place / 4) * (high - low) + 1.4 * (random.unit() - 0.5);
          const score = Math.min(high, Math.max(low, Math.round(exact)));
          yield voteOn(request, key, {score, attempt: refused ? 2 : 1, raw});
        }
      })()
    );
  }
}

function voteOn(
  {corpus, example_id, axis, judge, prompt, scale}: VoteRequest,
  key: string,
  {score, attempt, raw}: Pick<Vote, "score" | "attempt"> & {raw: number}
): Vote {
  const explanation =
    score === null ? "" : `${example_id} deserves a ${score} for its ${axis}, says ${judge}`;
  return {
    key,
    ...{corpus, example_id, axis, judge, prompt, attempt, scale, score, explanation},
    status: score === null ? "refused" : "scored",
    raw: `{"explanation": "${explanation}"}`.padEnd(raw, "."),
    input_tokens: 310,
    output_tokens: 30,
    cost: 0.0001,
    seconds: 0.8,
    at: "2026-01-01T00:00:00.000Z"
  };
}
