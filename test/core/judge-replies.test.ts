import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {clauseOf} from "../../src/core/judging/explanation-text.js";
import {readReply, REPLY_SCHEMA} from "../../src/core/judging/reply.js";
import type {VoteStatus} from "../../src/core/judging/votes.js";

const SCALE = [1, 5] as const;

/** Awkward replies on a scale from 1 to 5, and what they are read as. */
const REPLIES: [text: string, status: VoteStatus, score?: number, explanation?: string][] = [
  // JSON, whole
  ['{"explanation": "it answers both parts", "score": 4}', "scored", 4, "it answers both parts"],
  ['{"score": 4, "explanation": "it answers"}', "scored", 4, "it answers"],
  ['{"explanation": "it says {x} and \\"y\\"", "score": 3}', "scored", 3, 'it says {x} and "y"'],
  ['{"explanation": "line\nbreak", "score": 5}', "scored", 5, "line break"],
  ['{"explanation": "Because it works.", "score": 4.0}', "scored", 4, "it works"],
  ['{"score": 4}', "scored", 4, ""],
  ['{"Score": "4", "Explanation": "fine"}', "scored", 4, "fine"],
  ['{"rating": 2, "reason": "curt"}', "scored", 2, "curt"],
  // JSON, nearly
  ['```json\n{"explanation": "fine", "score": 4}\n```', "scored", 4, "fine"],
  ['Sure! Here it is: {"explanation": "fine", "score": 4,}\nHope that helps.', "scored", 4, "fine"],
  ["{'explanation': 'fine', 'score': 4}", "scored", 4, "fine"],
  ["{'explanation': 'it's fine', 'score': '4'}", "scored", 4, "it's fine"],
  ["{explanation: it works, score: 4}", "scored", 4, "it works"],
  ['{"score": "4/5", "explanation": "fine"}', "scored", 4, "fine"],
  ['{"score": "4 out of 5"}', "scored", 4, ""],
  ['{"score": "**4**"}', "scored", 4, ""],
  ['{"score": "four"}', "scored", 4, ""],
  ['{"score": 4} {"score": 4}', "scored", 4, ""],
  ['<think>Perhaps score: 2?</think>\n{"explanation": "fine", "score": 4}', "scored", 4, "fine"],
  // plain text
  ["4", "scored", 4, ""],
  ["**4**", "scored", 4, ""],
  ["Four.", "scored", 4, ""],
  ["Score: 4", "scored", 4, ""],
  ["Score: **4**/5 because it works.", "scored", 4, "it works"],
  ["**Score: 2**\n\n**Explanation:** It doesn’t answer.", "scored", 2, "It doesn’t answer"],
  ["Explanation: It works.\nScore: 4", "scored", 4, "It works"],
  ["Score (1-5): 4", "scored", 4, ""],
  ["On a scale from 1 to 5, I rate this response a 4.", "scored", 4, ""],
  ["4 - The response is fine.", "scored", 4, "The response is fine"],
  ["Rating: 5 out of 5", "scored", 5, ""],
  ["The response is good.\n\n4", "scored", 4, "The response is good"],
  ["Unfortunately it misses the point. Score: 2", "scored", 2, "Unfortunately it misses the point"],
  // never rounded, clipped or guessed
  ['{"score": 6, "explanation": "great"}', "out-of-scale"],
  ['{"score": 0}', "out-of-scale"],
  ['{"score": -1}', "out-of-scale"],
  ['{"score": 4.5}', "out-of-scale"],
  ['{"score": "4/10"}', "out-of-scale"],
  ["Score: 6", "out-of-scale"],
  ["Score: 4.5", "out-of-scale"],
  ["Score: -1", "out-of-scale"],
  ["8 out of 10", "out-of-scale"],
  ['{"score": 4} or rather {"score": 3}', "unreadable"],
  ["Score: 3. No, score: 4.", "unreadable"],
  ["Score: 3-4", "unreadable"],
  ["I would give it 3 or 4.", "unreadable"],
  ['{"score": [4]}', "unreadable"],
  ['{"score": true}', "unreadable"],
  ['{"score": "high"}', "unreadable"],
  ['{"score": null, "explanation": "it is unclear"}', "unreadable"],
  ['{"verdict": "good"}', "unreadable"],
  ["Score: 80%", "unreadable"],
  ["1. It answers.\n2. It is short.", "unreadable"],
  ["The response has 3 parts and 2 errors.", "unreadable"],
  ["Good.", "unreadable"],
  // cut off
  ['{"score": 4, "explanation": "the reply ans', "cut-off"],
  ['{"explanation": "the reply ans', "cut-off"],
  ['{"explanation": "fine", "score": 4', "cut-off"],
  ['```json\n{"explanation"', "cut-off"],
  ["{", "cut-off"],
  ["<think>Let me see. Score: 3, or", "cut-off"],
  // refused, empty
  ["I can't rate this conversation.", "refused"],
  ["I’m sorry, but I cannot help with that.", "refused"],
  ["As an AI language model, I do not hold opinions.", "refused"],
  ["Sorry, this content is not something to be judged.", "refused"],
  ['{"score": null, "explanation": "I cannot rate harmful content"}', "refused"],
  ["", "empty"],
  [" \n\u200b\t", "empty"]
];

describe("replies of judges", () => {
  for (const [text, status, score = null, explanation = ""] of REPLIES)
    it(`${JSON.stringify(text).slice(0, 70)} is ${status}`, () =>
      assert.deepEqual(readReply(text, SCALE), {status, score, explanation}));

  it("at the length limit, what cannot be read was cut off", () => {
    assert.equal(readReply("The response is", SCALE, "length").status, "cut-off");
    assert.equal(readReply("", SCALE, "length").status, "cut-off");
    assert.equal(readReply("I cannot rate", SCALE, "length").status, "refused");
  });

  it("JSON, however it is wrapped, gives back its score and its clause", () =>
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 5}),
        fc.stringMatching(/^[a-z]{2,9}( [a-z'"{},:.0-9]{1,9}){0,8}$/),
        fc.constantFrom(
          (json: string) => json,
          (json: string) => `\`\`\`json\n${json}\n\`\`\``,
          (json: string) => `Here you are:\n\n${json}\n\nAnything else?`
        ),
        (score, explanation, wrap) => {
          const reply = readReply(wrap(JSON.stringify({explanation, score})), SCALE);
          assert.deepEqual(reply, {status: "scored", score, explanation: clauseOf(explanation)});
        }
      )
    ));

  it("a cut anywhere within JSON never gives a score", () =>
    fc.assert(
      fc.property(fc.integer({min: 1, max: 5}), fc.string(), fc.nat(), (score, explanation, at) => {
        const whole = JSON.stringify({explanation, score});
        const {status} = readReply(whole.slice(0, 1 + (at % (whole.length - 1))), SCALE);
        assert.equal(status, "cut-off");
      })
    ));

  it("whatever comes, a score is on the scale, and there is one only with status scored", () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json(), fc.string({unit: "grapheme"}), scoreLike()),
        fc.constantFrom<readonly [number, number]>([1, 4], [1, 5], [0, 10]),
        (text, [low, high]) => {
          const {status, score, explanation} = readReply(text, [low, high]);
          assert.equal(score !== null, status === "scored");
          if (score !== null) assert.ok(Number.isInteger(score) && score >= low && score <= high);
          else assert.equal(explanation, "");
        }
      ),
      {numRuns: 500}
    ));

  it("every whole number on or off the scale is read as such", () =>
    fc.assert(
      fc.property(fc.integer({min: -20, max: 120}), (score) => {
        const inside = score >= 1 && score <= 5;
        for (const text of [`{"score": ${score}}`, `{"score": "${score}"}`, `Score: ${score}`])
          assert.equal(readReply(text, SCALE).status, inside ? "scored" : "out-of-scale", text);
      })
    ));

  it("long rubbish is read in a moment", () => {
    const began = performance.now();
    for (const piece of ["{", '{"score":', "score ", "4 - ", "1/", "'", "I can ", "<think>"])
      readReply(piece.repeat(3000), SCALE);
    assert.ok(performance.now() - began < 4000, `${performance.now() - began} ms`);
  });
});

/** Text made of what scores are made of. */
function scoreLike(): fc.Arbitrary<string> {
  const pieces = [
    "score",
    ": ",
    "4",
    "5",
    "6",
    ".",
    "/",
    "-",
    " out of ",
    "{",
    "}",
    '"',
    "'",
    "\n",
    "because",
    "**",
    "I can't"
  ];
  return fc.array(fc.constantFrom(...pieces), {maxLength: 14}).map((parts) => parts.join(""));
}

describe("clauses", () => {
  it("lose what stands around them and nothing within", () => {
    assert.equal(clauseOf("  Because  it works,\n mostly. "), "it works, mostly");
    assert.equal(clauseOf("because, of all things, it rhymes"), "of all things, it rhymes");
    assert.equal(clauseOf('"It works."'), "It works");
    assert.equal(clauseOf("'Yes' is short, and 'no' is not"), "'Yes' is short, and 'no' is not");
    assert.equal(clauseOf("It works. It is short."), "It works. It is short");
    assert.equal(clauseOf("it trails off..."), "it trails off...");
    assert.equal(clauseOf("it names dates, places, etc."), "it names dates, places, etc.");
    assert.equal(clauseOf("…4"), "");
  });
});

describe("the schema of replies", () => {
  it("asks for the explanation first, and for a score that the scale has", () => {
    const {properties, required} = REPLY_SCHEMA([1, 4]);
    assert.deepEqual(Object.keys(properties), ["explanation", "score"]);
    assert.deepEqual(properties.score.enum, [1, 2, 3, 4]);
    assert.deepEqual(required, ["explanation", "score"]);
  });
});
