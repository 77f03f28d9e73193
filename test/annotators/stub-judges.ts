/** Judges that answer at once from a function, and log what they say as the real ones do. */
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {TestContext} from "node:test";
import type {Asker} from "../../data-loaders/annotators/ask-judges.js";
import {VoteLog, voteKey} from "../../data-loaders/judges/vote-log.js";
import {createContext, SILENT, type Context} from "../../data-loaders/stages/context.js";
import {readStudy} from "../../data-loaders/study/read-study.js";
import type {Vote, VoteRequest} from "../../src/core/judging/votes.js";

type Said = Partial<Pick<Vote, "status" | "score" | "explanation">>;

/** Asks for what the log lacks; `asked` lists every question that was asked. */
export function stubAsker(
  {file: {study}, store}: Context,
  say: (request: VoteRequest) => Said
): {ask: Asker; asked: VoteRequest[]} {
  const asked: VoteRequest[] = [];
  const ask: Asker = async (requests) => {
    const log = new VoteLog(store.path("votes"));
    const keyed = new Map([...requests].map((one) => [voteKey(study.judges[one.judge]!, one), one]));
    for await (const vote of log.lastVotes(keyed.keys()))
      if (vote.status === "scored") keyed.delete(vote.key);
    const writer = await log.hold(() => undefined);
    for (const [key, request] of keyed) {
      asked.push(request);
      writer.append(study.judges[request.judge]!, voteOf(key, request, say(request)));
    }
    await writer.close();
    return {
      ...{questions: keyed.size, asked: keyed.size, scored: 0, unasked: 0, unconfirmed_tokens: 0},
      ...{statuses: {} as never, tokens: {input: 0, output: 0}, cost: null, stopped: null, judges: []}
    };
  };
  return {ask, asked};
}

function voteOf(key: string, request: VoteRequest, said: Said): Vote {
  const {corpus, example_id, axis, judge, prompt, scale} = request;
  const status = said.status ?? "scored";
  return {
    key,
    ...{corpus, example_id, axis, judge, prompt, scale, status, attempt: 1},
    score: status === "scored" ? (said.score ?? scale[0]) : null,
    explanation: status === "scored" ? (said.explanation ?? "") : "",
    ...{raw: "", input_tokens: 10, output_tokens: 2, cost: null, seconds: 0.1, at: "2026-01-01T00:00:00.000Z"}
  };
}

/** A study in a folder of its own: YAML text, and files beside it. */
export async function studyIn(t: TestContext, yaml: string, files: Record<string, string>): Promise<Context> {
  const folder = mkdtempSync(join(tmpdir(), "because-judged-"));
  t.after(() => rmSync(folder, {recursive: true, force: true}));
  for (const [name, text] of Object.entries({...files, "study.yaml": yaml}))
    writeFileSync(join(folder, name), text);
  return createContext(await readStudy(join(folder, "study.yaml")), SILENT, join(folder, "store"));
}
