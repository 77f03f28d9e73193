/** Everything that a service can do wrong, and doing it right. */
import {createHash} from "node:crypto";
import type {IncomingMessage, ServerResponse} from "node:http";
import type {Random} from "../../src/core/random.js";
import type {Asked, MisbehavingService} from "./misbehaving-service.js";

interface Turn {
  service: MisbehavingService;
  asked: Asked;
  request: IncomingMessage;
  response: ServerResponse;
  number: number;
  random: Random;
}

export const FAULT_NAMES = [
  "none",
  "429",
  "500",
  "error-in-200",
  "no-json",
  "hang",
  "endless",
  "dropped",
  "broken-off",
  "truncated-body",
  "slow",
  "cut-off",
  "refusal",
  "refusal-in-prose",
  "empty",
  "out-of-scale",
  "wrong-types",
  "no-choices",
  "two-choices",
  "no-usage"
] as const;
export type Fault = (typeof FAULT_NAMES)[number];

/** All of them, so that about every third call goes wrong. */
export const EVERYTHING: Partial<Record<Fault, number>> = {
  "429": 0.04,
  "500": 0.03,
  "error-in-200": 0.01,
  "no-json": 0.01,
  hang: 0.003,
  endless: 0.003,
  dropped: 0.02,
  "broken-off": 0.02,
  "truncated-body": 0.02,
  slow: 0.02,
  "cut-off": 0.03,
  refusal: 0.02,
  "refusal-in-prose": 0.02,
  empty: 0.01,
  "out-of-scale": 0.03,
  "wrong-types": 0.02,
  "no-choices": 0.005,
  "two-choices": 0.03
};

/** The score of a question on 1–4: what the service means whenever it makes sense. */
export function scoreOf(question: string): number {
  return 1 + (createHash("sha256").update(question).digest()[0]! % 4);
}

type Content = string | number | null;

function completion({asked, number}: Turn, content: Content, more: object = {}, finish = "stop") {
  const message = {role: "assistant", content, ...more};
  return {
    id: `chatcmpl-${number}`,
    object: "chat.completion",
    model: asked.body.model,
    choices: [{index: 0, message, finish_reason: finish}],
    usage: {prompt_tokens: asked.length, completion_tokens: 5 + (number % 23), total_tokens: 0}
  };
}

const reply = (score: unknown): string =>
  JSON.stringify({explanation: "the response answers what was asked", score});
const good = (turn: Turn) => completion(turn, reply(scoreOf(turn.asked.question)));

/** Sends a whole completion and books it. */
function send(turn: Turn, body: ReturnType<typeof completion>, pieces = 1): void {
  const {service, asked, response} = turn;
  const {prompt_tokens, completion_tokens} = body.usage;
  service.deliver(response, {
    id: body.id,
    question: asked.question,
    input: prompt_tokens,
    output: completion_tokens
  });
  const text = JSON.stringify(body);
  const length = Buffer.byteLength(text);
  response.writeHead(200, {"content-type": "application/json", "content-length": length});
  const size = Math.ceil(text.length / pieces);
  const next = (from: number): void => {
    if (from + size >= text.length) response.end(text.slice(from));
    else response.write(text.slice(from, from + size), () => setTimeout(next, 40, from + size));
  };
  next(0);
}

function fail({response, asked}: Turn, status: number, headers: Record<string, string> = {}): void {
  const message = `error ${status} for ${asked.key}`; // services have been seen to send keys back
  response.writeHead(status, {"content-type": "application/json", ...headers});
  response.end(JSON.stringify({error: {message, type: "error", code: null}}));
}

/** Ways to say when to come back: none, milliseconds, seconds, a date that has passed. */
const RETRY_AFTER = [
  {},
  {"retry-after-ms": "30"},
  {"retry-after": "0"},
  {"retry-after": new Date(0).toUTCString()}
];

export const FAULTS: Record<Fault, (turn: Turn) => void> = {
  none: (turn) => send(turn, good(turn)),
  "429": (turn) => fail(turn, 429, turn.random.pick(RETRY_AFTER) as Record<string, string>),
  "500": (turn) => fail(turn, turn.random.pick([500, 502, 503, 504, 408, 409])),
  "error-in-200": ({response}) =>
    void response.end(JSON.stringify({error: {code: 502, message: "the upstream is gone"}})),
  "no-json": ({response}) => void response.end("<html>Bad gateway</html>"),
  hang: () => undefined,
  endless: ({response}) => {
    response.writeHead(200, {"content-type": "application/json"});
    const timer = setInterval(() => response.write(" "), 50);
    response.once("close", () => clearInterval(timer));
  },
  dropped: ({request}) => void request.socket.destroy(),
  "broken-off": (turn) => {
    const text = JSON.stringify(good(turn));
    turn.response.writeHead(200, {"content-length": Buffer.byteLength(text)});
    turn.response.write(text.slice(0, text.length / 2), () => turn.request.socket.destroy());
  },
  "truncated-body": (turn) => {
    const text = JSON.stringify(good(turn));
    turn.response.end(text.slice(0, Math.floor(text.length * turn.random.unit())));
  },
  slow: (turn) => send(turn, good(turn), 6),
  "cut-off": (turn) => {
    const text = turn.random.pick([reply(1), JSON.stringify({score: 1, explanation: "it answers"})]);
    send(turn, completion(turn, text.slice(0, -1 - turn.random.below(20)), {}, "length"));
  },
  refusal: (turn) => send(turn, completion(turn, null, {refusal: "I can't help with that."})),
  "refusal-in-prose": (turn) =>
    send(turn, completion(turn, "I'm sorry, but I can't assist with that request.")),
  empty: (turn) => send(turn, completion(turn, turn.random.pick(["", "  \n", null]))),
  "out-of-scale": (turn) => send(turn, completion(turn, reply(turn.random.pick([0, 5, 7, -1, 3.5, 100])))),
  "wrong-types": (turn) =>
    send(
      turn,
      completion(
        turn,
        turn.random.pick<Content>([reply(null), reply([4]), reply({value: 4}), reply(true), 4, "{}", "[]"])
      )
    ),
  "no-choices": (turn) => send(turn, {...good(turn), choices: []}),
  "two-choices": (turn) => {
    const body = good(turn);
    const other = completion(turn, reply(5 - scoreOf(turn.asked.question))).choices[0]!;
    send(turn, {...body, choices: [...body.choices, {...other, index: 1}]});
  },
  "no-usage": (turn) => void turn.response.end(JSON.stringify({...good(turn), usage: undefined}))
};
