import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {MODES} from "../../src/core/arms.js";
import type {Mode} from "../../src/core/arms.js";
import {
  countWords,
  createPool,
  cutToTokens,
  FILLER,
  KEY_WORDS_SHARE,
  renderMode,
  wordsOf
} from "../../src/core/modes.js";
import type {ModePool, ModeSource} from "../../src/core/modes.js";

const word = fc.constantFrom(
  ..."the a part answer price is was missing drift topic swap of and to broken whole".split(" ")
);
const explanation = fc.array(word, {minLength: 1, maxLength: 14}).map((words) => words.join(" "));
/** A corpus of at least two labels on one axis, so that every mode has something to draw from. */
const corpus = fc
  .array(fc.record({label: fc.constantFrom("1", "2", "3"), explanation}), {minLength: 2, maxLength: 24})
  .filter((rows) => new Set(rows.map(({label}) => label)).size > 1)
  .map((rows): ModeSource[] =>
    rows.map((row, i) => ({corpus: "c", example_id: `e${i}`, axis: "tone", ...row}))
  );
/** Characters stand for tokens: a length that words alone do not decide. */
const countCharacters = (text: string): number => text.replaceAll(" ", "").length;

function everySource(check: (source: ModeSource, pool: ModePool) => void, matched = false): void {
  fc.assert(
    fc.property(corpus, fc.integer(), (sources, seed) => {
      const pool = createPool(sources, {seed, matched, countTokens: matched ? countCharacters : countWords});
      for (const source of sources) check(source, pool);
    }),
    {numRuns: 60}
  );
}

const sorted = (text: string): string[] => wordsOf(text).sort();

describe("explanation modes", () => {
  it("label-only gives nothing", () =>
    everySource((source, pool) => assert.equal(renderMode("label-only", source, pool), "")));

  it("explanation is verbatim", () =>
    everySource((source, pool) => assert.equal(renderMode("explanation", source, pool), source.explanation)));

  it("shuffled keeps the multiset of words", () =>
    everySource((source, pool) =>
      assert.deepEqual(sorted(renderMode("shuffled", source, pool)), sorted(source.explanation))
    ));

  it("shuffled moves words: over many examples, few keep their place", () => {
    const text = "a b c d e f g h";
    const pool = createPool([{corpus: "c", example_id: "0", axis: "x", label: "1", explanation: text}], {
      seed: 3
    });
    const shuffles = Array.from({length: 200}, (_, i) =>
      renderMode(
        "shuffled",
        {corpus: "c", example_id: `${i}`, axis: "x", label: "1", explanation: text},
        pool
      )
    );
    const kept = shuffles.flatMap((shuffled) =>
      wordsOf(shuffled).map((found, i) => found === wordsOf(text)[i])
    );
    const share = kept.filter(Boolean).length / kept.length;
    assert.ok(
      Math.abs(share - 1 / 8) < 0.04,
      `a uniform shuffle keeps 1 in 8 places, this kept ${share.toFixed(3)}`
    );
  });

  for (const mode of ["bag-of-words", "random-vocabulary", "filler"] as const)
    it(`${mode} has as many words as the explanation`, () =>
      everySource((source, pool) =>
        assert.equal(countWords(renderMode(mode, source, pool)), countWords(source.explanation))
      ));

  for (const mode of ["bag-of-words", "random-vocabulary"] as const)
    it(`${mode} draws from the corpus' vocabulary`, () =>
      everySource((source, pool) => {
        for (const drawn of wordsOf(renderMode(mode, source, pool)))
          assert.ok(pool.vocabulary.includes(drawn));
      }));

  it("filler repeats one word", () =>
    everySource((source, pool) =>
      assert.deepEqual([...new Set(wordsOf(renderMode("filler", source, pool)))], [FILLER])
    ));

  it("key-words keeps a third, in order", () =>
    everySource((source, pool) => {
      const kept = wordsOf(renderMode("key-words", source, pool));
      const words = wordsOf(source.explanation);
      assert.equal(kept.length, Math.max(1, Math.round(words.length * KEY_WORDS_SHARE)));
      let from = 0;
      for (const found of kept) {
        const at = words.indexOf(found, from);
        assert.ok(at >= 0, `“${found}” is out of order or not from “${source.explanation}”`);
        from = at + 1;
      }
    }));

  it("key-words keeps the rarest word", () => {
    const texts = ["the plain answer", "the plain reply", "the plain kettle price"];
    const sources = texts.map((text, i) => ({
      corpus: "c",
      example_id: `${i}`,
      axis: "x",
      label: `${i}`,
      explanation: text
    }));
    const pool = createPool(sources, {seed: 1});
    assert.equal(renderMode("key-words", sources[0]!, pool), "answer");
  });

  it("mismatched is another example's, of another label, from the same corpus and axis", () =>
    everySource((source, pool) => {
      const text = renderMode("mismatched", source, pool);
      const owners = pool.explanations.filter(
        (other) =>
          other.explanation === text && other.example_id !== source.example_id && other.label !== source.label
      );
      assert.ok(
        owners.length > 0,
        `“${text}” belongs to nobody else with another label than ${source.label}`
      );
    }));

  it("mismatched says why it cannot be made", () => {
    const only: ModeSource = {
      corpus: "c",
      example_id: "0",
      axis: "tone",
      label: "1",
      explanation: "it is kind"
    };
    assert.throws(
      () => renderMode("mismatched", only, createPool([only], {seed: 1})),
      /corpus “c”.*another label than 1.*axis “tone”/
    );
  });

  it("bag-of-words follows the unigram frequencies (χ²), random-vocabulary does not", () => {
    const text = `${"the ".repeat(60)}${"price ".repeat(30)}${"topic ".repeat(10)}`.trim();
    const source: ModeSource = {corpus: "c", example_id: "0", axis: "x", label: "1", explanation: text};
    const pool = createPool([source], {seed: 11});
    const expected = new Map([
      ["the", 0.6],
      ["price", 0.3],
      ["topic", 0.1]
    ]);
    const statistic = (mode: Mode): number => {
      const drawn = Array.from({length: 40}, (_, i) =>
        wordsOf(renderMode(mode, {...source, example_id: `${i}`}, pool))
      ).flat();
      return [...expected].reduce((sum, [of, share]) => {
        const mean = share * drawn.length;
        return sum + (drawn.filter((found) => found === of).length - mean) ** 2 / mean;
      }, 0);
    };
    const critical = 13.8; // χ² with 2 degrees of freedom at p = .001
    assert.ok(statistic("bag-of-words") < critical, `χ² of bag-of-words is ${statistic("bag-of-words")}`);
    assert.ok(
      statistic("random-vocabulary") > critical,
      `χ² of random-vocabulary is ${statistic("random-vocabulary")}`
    );
  });

  it("matched length: drawn text is never further off than half a word", () =>
    everySource((source, pool) => {
      const target = countCharacters(source.explanation);
      const longest = Math.max(...pool.vocabulary.map(countCharacters), FILLER.length);
      for (const mode of ["bag-of-words", "random-vocabulary", "filler"] as const) {
        const length = countCharacters(renderMode(mode, source, pool));
        const single = countWords(renderMode(mode, source, pool)) === 1;
        assert.ok(single || Math.abs(length - target) <= longest / 2, `${mode}: ${length} for ${target}`);
      }
    }, true));

  it("all modes are deterministic and differ between examples and seeds", () => {
    const sources = Array.from({length: 30}, (_, i) => ({
      corpus: "c",
      example_id: `${i}`,
      axis: "x",
      label: `${i % 3}`,
      explanation: `word${i} the answer leaves out part ${i} of it`
    }));
    const render = (mode: Mode, seed: number) => {
      const pool = createPool(sources, {seed});
      return sources.map((source) => renderMode(mode, source, pool));
    };
    for (const mode of MODES) assert.deepEqual(render(mode, 1), render(mode, 1));
    for (const mode of ["shuffled", "bag-of-words", "random-vocabulary", "mismatched"] as const)
      assert.notDeepEqual(render(mode, 1), render(mode, 2));
  });

  it("an empty explanation stays empty under every mode", () => {
    const empty: ModeSource = {corpus: "c", example_id: "0", axis: "x", label: "1", explanation: " "};
    const pool = createPool([empty, {...empty, example_id: "1", label: "2", explanation: "it is kind"}], {
      seed: 1
    });
    for (const mode of MODES) assert.equal(renderMode(mode, empty, pool), "");
  });
});

describe("token budgets", () => {
  it("cut to the nearest number of tokens, by whole words from the front", () =>
    fc.assert(
      fc.property(explanation, fc.integer({min: 0, max: 30}), (text, tokens) => {
        const cut = cutToTokens(text, tokens, countCharacters);
        assert.ok(text.startsWith(cut));
        const words = wordsOf(text);
        const distances = words.map((_, i) =>
          Math.abs(countCharacters(words.slice(0, i + 1).join(" ")) - tokens)
        );
        assert.equal(Math.abs(countCharacters(cut) - tokens), Math.min(tokens, ...distances));
      })
    ));
});
