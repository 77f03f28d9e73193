import assert from "node:assert/strict";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import type {TestContext} from "node:test";
import {gatherVotes} from "../../data-loaders/judges/gather-votes.js";
import type {GatherSummary} from "../../data-loaders/judges/gather-votes.js";
import {voteRequests} from "../../data-loaders/judges/requests.js";
import {VoteLog, voteKey} from "../../data-loaders/judges/vote-log.js";
import {readCorpus} from "../../data-loaders/corpora/read-corpus.js";
import {environmentFolder} from "../../data-loaders/setup/python-environment.js";
import {venvPython} from "../../data-loaders/setup/virtual-environment.js";
import {Store} from "../../data-loaders/stages/store.js";
import {readStudy} from "../../data-loaders/study/read-study.js";
import type {Vote, VoteRequest} from "../../src/core/judging/votes.js";
import type {Study} from "../../src/core/study.js";
import {because, createStreet} from "../street/street.js";
import type {Street} from "../street/street.js";
import {ensureServer, NoIndex, startServer} from "./model-server.js";
import type {ModelServer} from "./model-server.js";
import {EXAMPLES, trainJudge, unlabelledStudy} from "./trained-judge.js";

/** Questions: examples × two axes × two prompts. */
const QUESTIONS = EXAMPLES * 2 * 2;

describe("a model of our own trainer, served by a real server, as judge", () => {
  let street: Street;
  let server: ModelServer | null = null;
  let missing: string | null = null;
  let study: Study;
  let requests: VoteRequest[];
  /** What `because judge` said of its first start. */
  let judged: Pick<GatherSummary, "questions" | "unasked" | "asked" | "statuses" | "tokens"> & {
    annotations: number;
  };
  let votes: Vote[];

  before(async () => {
    street = await createStreet();
    const python = venvPython(environmentFolder(street.store.root));
    const serverPython = await ensureServer(new Store(".because"), python).catch((error: unknown) => {
      if (!(error instanceof NoIndex)) throw error;
      missing = `no model server could be installed, so no vote was asked of a real one: ${error.message}`;
      return null;
    });
    if (serverPython === null) return;
    const {folder, steps} = await trainJudge(street, python);
    assert.ok(steps >= 500, `${steps} steps`);
    server = await startServer(serverPython, folder);
    ({study, requests} = await questions(street, server));
    process.env.LOCAL_KEY = "none-needed";
    const {code, stdout, stderr} = await because(
      "judge",
      "--json",
      "--study",
      join(street.folder, "judged.yaml")
    );
    assert.equal(code, 0, stderr);
    judged = JSON.parse(stdout) as typeof judged;
    votes = [];
    for await (const vote of new VoteLog(street.store.path("votes")).lastVotes(keys())) votes.push(vote);
  });
  after(async () => {
    await server?.stop();
    await street.remove();
  });

  const gather = (): Promise<GatherSummary> =>
    gatherVotes(requests, study.judges, {
      judging: study.judging,
      log: street.store.path("votes")
    });
  const keys = (): string[] => requests.map((request) => voteKey(study.judges[request.judge]!, request));
  const served = (name: string, check: () => void | Promise<void>): void => {
    it(name, async (context: TestContext) => (missing === null ? check() : context.skip(missing)));
  };
  const of = (prompt: string): Vote[] => votes.filter((vote) => vote.prompt === prompt);

  served("every question has a vote in the log", () => {
    assert.equal(requests.length, QUESTIONS);
    assert.equal(judged.questions, QUESTIONS);
    assert.equal(judged.unasked, 0);
    assert.equal(votes.length, QUESTIONS);
    assert.equal(judged.statuses.failed, 0);
  });

  served("asked as it was trained, it scores on the scale and gives its reason", () => {
    const scored = of("trained").filter(({status}) => status === "scored");
    assert.ok(
      scored.length >= (2 / 3) * of("trained").length,
      JSON.stringify(of("trained").map(({raw}) => raw))
    );
    for (const {score, explanation} of scored) {
      assert.ok([1, 2, 3, 4, 5].includes(score!));
      assert.ok(explanation.length > 0);
    }
    assert.ok(
      new Set(scored.map(({score}) => score)).size > 1,
      "it does not give every example the same score"
    );
  });

  served("asked as it never was, it says nothing that counts, and that is kept and counted", () => {
    const unusable = of("scale-5").filter(({status}) => status !== "scored");
    assert.ok(unusable.length > 0);
    for (const {score, raw, attempt} of unusable) {
      assert.equal(score, null);
      assert.ok(raw.length > 0, "the raw reply is kept");
      assert.equal(attempt, study.judging.attempts, "asked again within the bound");
    }
    const counted = Object.entries(judged.statuses).filter(([status]) => status !== "scored");
    assert.equal(
      counted.reduce((sum, [, votes]) => sum + votes, 0),
      votes.filter(({status}) => status !== "scored").length
    );
  });

  served("its votes become annotations, one for each example and axis that has any", () => {
    const settled = votes
      .filter(({status}) => status === "scored")
      .map(({example_id, axis}) => `${example_id} ${axis}`);
    assert.equal(judged.annotations, new Set(settled).size);
  });

  served("the server answered as often as votes were logged, and was asked for nothing twice", async () => {
    const answered = server!.answered();
    assert.deepEqual([...answered.keys()], ["200"]);
    assert.equal(answered.get("200"), judged.asked);
    const again = await gather();
    assert.equal(again.asked, 0);
    assert.deepEqual(again.statuses, judged.statuses);
    assert.equal(server!.answered().get("200"), judged.asked);
  });

  served("tokens are those that the server counted", async () => {
    const all: Vote[] = [];
    for await (const vote of new VoteLog(street.store.path("votes")).attempts(new Set(keys())))
      all.push(vote);
    const sum = (value: (vote: Vote) => number): number =>
      all.reduce((total, vote) => total + value(vote), 0);
    assert.ok(all.every(({input_tokens, output_tokens}) => input_tokens > 0 && output_tokens > 0));
    assert.deepEqual(judged.tokens, {
      input: sum((vote) => vote.input_tokens),
      output: sum((vote) => vote.output_tokens)
    });
  });
});

/** Rows of one's own, without labels, that the served model judges, asked as it was trained and as it never was. */
async function questions(
  street: Street,
  {address, model}: ModelServer
): Promise<{study: Study; requests: VoteRequest[]}> {
  const file = await readStudy(
    await street.writeStudy(await unlabelledStudy(street, address, model), "judged.yaml")
  );
  const {examples} = await readCorpus("talks", file.study.corpora.talks!, {
    folder: file.folder,
    seed: file.study.seed,
    store: street.store
  });
  const {requests} = await voteRequests(file, [{id: "talks", examples}]);
  return {study: file.study, requests};
}
