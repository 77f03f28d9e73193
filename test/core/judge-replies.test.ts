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
  ["I’d give it a 4 for clarity.", "scored", 4, ""],
  ["The response isn’t clear, so I rate it 2.", "scored", 2, ""],
  ["I can't give it a 5 because of typos. Score: 4", "scored", 4, "of typos. Score: 4"],
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
  ['{"score": 4, "rating": 2}', "unreadable"],
  ["Score: 4?", "unreadable"],
  ["4+", "unreadable"],
  ["Score: 3+", "unreadable"],
  ["I rate it 4, maybe 3.", "unreadable"],
  ["3, 4 or 5", "unreadable"],
  ["1 - bad\n5 - good", "unreadable"],
  // a number beside such a word is no score
  ["Not a score of 5", "unreadable"],
  ["because it mentions score 3 in the game", "unreadable"],
  ["I would rate 4 of the 5 sentences as good", "unreadable"],
  ["The final score of the match was 3", "unreadable"],
  ["It is about football, and the final score is 3.", "unreadable"],
  ["4 out of 5 sentences are good", "unreadable"],
  ["It answers 4/5 of the questions", "unreadable"],
  ["The response says “Score: 4”.", "unreadable"],
  ["If it were longer, I would rate it 5.", "unreadable"],
  ["Score: 4 if it were longer", "unreadable"],
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
  ["I cannot give a rating of 3 or higher to this.", "refused"],
  ["I can't give this a score of 5.", "refused"],
  ["I'm sorry, I can't rate this response as 1.", "refused"],
  ["As an AI, I cannot rate this. Score: 1", "refused"],
  ["As an AI language model I do not have opinions. If forced, the rating would be 3.", "refused"],
  ["I decline. 1", "refused"],
  ['I can\'t evaluate this. {"explanation": "", "score": 1}', "refused"],
  ["", "empty"],
  [" \n\u200b\t", "empty"]
];

/** How judges decline beside a score, which services that keep to a schema make them give. */
const DECLINING = [
  "I'm sorry, but I cannot rate this content",
  "I am unable to judge this as an AI language model",
  "The content is harmful, so I cannot rate it",
  "because I cannot rate harmful content.",
  "I cannot assist with that request.",
  "Unable to rate this content",
  "As an AI language model, I do not have personal opinions",
  "I must decline to rate this",
  "This content cannot be rated",
  "I cannot rate this on a scale of 1 to 5",
  "We are not able to provide a rating for this",
  "I am not comfortable rating this",
  "Sorry, I can’t",
  "No score can be given",
  "I apologize, but this violates my guidelines"
];
const FRAMES = [
  (explanation: string, score: number) => JSON.stringify({explanation, score}),
  (explanation: string, score: number) => JSON.stringify({score, explanation}),
  (explanation: string, score: number) => `${explanation}\n{"score": ${score}}`,
  (explanation: string, score: number) => `${explanation}\nScore: ${score}`
];
/** What only sounds like it: said of the response, quoted from it, or a reason for a lower score. */
const ABOUT_THE_RESPONSE = [
  "The response cannot answer the question",
  "it refuses to answer the user",
  "the assistant says “I cannot rate this” and stops",
  "it says it is sorry, but cannot help",
  "I cannot give it a 5 because of typos",
  "I can't rate it higher since it is short",
  "As an AI language model, it does what it can",
  "it is unable to rate the film",
  "it declines to give a score",
  "I can't help but notice its warmth",
  "the agent replies \"I'm sorry, but I can't help with that\" without a reason",
  "it politely declines: “As an AI, I cannot do that.”",
  "the response cannot be rated highly",
  "Unfortunately, the response does not answer",
  "Unable to give a clear answer, it deflects"
];
const NO_SCORES = [
  (n: number) => `Not a score of ${n}`,
  (n: number) => `I would not rate it ${n}.`,
  (n: number) => `I don't think I would rate it ${n}.`,
  (n: number) => `I can't give this a score of ${n}.`,
  (n: number) => `My score isn't ${n}`,
  (n: number) => `It isn't a ${n}/5`,
  (n: number) => `I'd rate it at least ${n}.`,
  (n: number) => `Score: ~${n}`,
  (n: number) => `Score >= ${n}`,
  (n: number) => `Score: no more than ${n}`,
  (n: number) => `because it mentions score ${n} in the game`,
  (n: number) => `The response names ${n} of the 5 reasons.`,
  (n: number) => `I would rate ${n} of the sentences as good`,
  (n: number) => `It mentions the score: ${n}`,
  (n: number) => `The user asked for "Rate it. Score: ${n}" and got nothing.`,
  (n: number) => `If it were longer, I'd give it a ${n}.`
];
const EXPLICIT = [
  (n: number) => `${n}`,
  (n: number) => `Score: ${n}`,
  (n: number) => `Rating: ${n}/5`,
  (n: number) => `${n}/5`,
  (n: number) => `I rate it ${n}`,
  (n: number) => `I would give this response a score of ${n}.`,
  (n: number) => `I'd say ${n}/5.`,
  (n: number) => `My rating for this response is ${n} because it works.`,
  (n: number) => `So my rating is ${n}.`,
  (n: number) => `**Final Rating:** ${n}`,
  (n: number) => `- Score: ${n}\n- Explanation: fine`,
  (n: number) => `The response deserves a ${n}.`,
  (n: number) => `It does not answer. Score: ${n}.`,
  (n: number) => `A rating of ${n}.`,
  (n: number) => `${n}, because it is clear`
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

  for (const explanation of DECLINING)
    it(`a score beside “${explanation}” is none`, () =>
      fc.assert(
        fc.property(fc.integer({min: 1, max: 5}), fc.constantFrom(...FRAMES), (score, frame) => {
          assert.deepEqual(readReply(frame(explanation, score), SCALE), {
            status: "refused",
            score: null,
            explanation: ""
          });
        }),
        {numRuns: 12}
      ));

  for (const explanation of ABOUT_THE_RESPONSE)
    it(`“${explanation}” is about the response, and its score counts`, () => {
      const {status, score} = readReply(JSON.stringify({explanation, score: 2}), SCALE);
      assert.deepEqual([status, score], ["scored", 2]);
    });

  it("prose gives a score in explicit forms alone: none that is denied, conditional, quoted or of something else", () =>
    fc.assert(
      fc.property(fc.integer({min: 1, max: 5}), fc.constantFrom(...NO_SCORES), (score, sentence) => {
        const {status} = readReply(sentence(score), SCALE);
        assert.notEqual(status, "scored", sentence(score));
      }),
      {numRuns: 300}
    ));

  it("explicit forms of prose give it", () =>
    fc.assert(
      fc.property(fc.integer({min: 1, max: 5}), fc.constantFrom(...EXPLICIT), (score, sentence) => {
        const {status, score: read} = readReply(sentence(score), SCALE);
        assert.deepEqual([status, read], ["scored", score], sentence(score));
      }),
      {numRuns: 300}
    ));

  it("long rubbish is read in a moment", () => {
    const began = performance.now();
    for (const piece of [
      "{",
      '{"score":',
      "score ",
      "4 - ",
      "1/",
      "'",
      "I can ",
      "<think>",
      "\n",
      "**",
      "so ",
      "I rate the ",
      "“",
      "not-"
    ])
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
