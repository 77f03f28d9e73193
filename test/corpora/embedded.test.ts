/** Embedded corpora: what was planted decides the labels, is named by the explanations, and leaves no shortcut. */
import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {DEFECT_KINDS, isAboutPart} from "../../data-loaders/corpora/embedded/defects.js";
import {generateCorpus, generatePlanted} from "../../data-loaders/corpora/embedded/index.js";
import type {PlantedExample} from "../../data-loaders/corpora/embedded/index.js";
import {EMBEDDED_AXES} from "../../data-loaders/corpora/embedded/labels.js";
import {LEXICONS} from "../../data-loaders/corpora/embedded/lexicons/index.js";
import {renderPrompt} from "../../src/core/prompt.js";
import {EMBEDDED_KINDS} from "../../src/core/study.js";

const ANY = {id: "any", title: "Any", question: "Any?", labels: ["1", "5"]};

const kinds = fc.constantFrom(...EMBEDDED_KINDS);
const planted = fc.tuple(kinds, fc.nat()).map(([kind, seed]) => generatePlanted({kind, dialogues: 12, seed}));
const corpora = Object.fromEntries(
  EMBEDDED_KINDS.map((kind) => [kind, generatePlanted({kind, dialogues: 400, seed: 1})])
);

/** Sentences of a response as lists of words. */
const sentencesOf = (response: string) =>
  response
    .split(/\.\s*/)
    .filter(Boolean)
    .map((text) => text.split(" "));
const sorted = (words: string[]) => [...words].sort();
const names = (explanation: string, noun: string) => explanation.split(/[\s,]+/).includes(noun);

describe("generateCorpus", () => {
  it("is a function of kind, seed and place: a longer corpus begins with the shorter one", () => {
    fc.assert(
      fc.property(kinds, fc.nat(), fc.integer({min: 0, max: 8}), (kind, seed, dialogues) => {
        const longer = generateCorpus({kind, dialogues: 8, seed});
        assert.deepEqual(generateCorpus({kind, dialogues, seed}), longer.slice(0, dialogues));
      }),
      {numRuns: 40}
    );
  });

  it("gives other texts for another seed", () => {
    const [one, two] = [1, 2].map((seed) => generateCorpus({kind: "film", dialogues: 50, seed}));
    assert.notDeepEqual(one, two);
  });

  it("gives unique ids", () => {
    for (const kind of EMBEDDED_KINDS)
      assert.equal(new Set(corpora[kind]!.map(({example}) => example.example_id)).size, 400);
  });

  it("labels and explains every example on the three axes", () => {
    for (const {example} of Object.values(corpora).flat()) {
      assert.deepEqual(Object.keys(example.given!), [...EMBEDDED_AXES]);
      for (const {label, explanation} of Object.values(example.given!)) {
        assert.match(label!, /^[1-5]$/);
        assert.ok(explanation!.split(" ").length >= 4);
        assert.doesNotMatch(explanation!, /undefined|[{}]|\.$|\s\s/);
      }
    }
  });

  it("bounds the length of texts", () => {
    for (const {example} of Object.values(corpora).flat()) {
      assert.ok(renderPrompt(example, ANY).prompt.split(/\s+/).length <= 80);
      for (const {explanation} of Object.values(example.given!))
        assert.ok(explanation!.split(" ").length <= 20, explanation);
    }
  });
});

/** The amounts of all axes, read from the text that came out. */
function readAmounts({example, evidence, whole}: PlantedExample) {
  const said = sentencesOf(example.response);
  const changed = whole.filter(({words}, place) => words.join(" ") !== said[place]!.join(" ")).length;
  const about = whole.filter(isAboutPart);
  const told = about.slice(0, about.length - about.filter(({purpose}) => purpose === "asks back").length);
  const answered = evidence.asked.filter((asked) => told.some(({part}) => part === asked)).length;
  const turn = whole.findIndex(({purpose}) => purpose === "turns");
  const before = whole.slice(0, turn).filter(isAboutPart).length;
  const onTopic = names(said[turn]!.join(" "), evidence.topic.text) ? about.length - before : before;
  return {changed, share: answered / evidence.asked.length, topical: onTopic / about.length};
}

describe("labels", () => {
  it("follow from what the text shows", () => {
    fc.assert(
      fc.property(planted, (examples) => {
        for (const each of examples) {
          const {changed, share, topical} = readAmounts(each);
          const {naturalness, comprehensiveness, "on-topic": onTopic} = each.example.given!;
          assert.equal(naturalness!.label, String(5 - changed));
          assert.equal(comprehensiveness!.label, String(1 + Math.round(4 * share)));
          assert.equal(onTopic!.label, String(1 + Math.round(4 * topical)));
        }
      }),
      {numRuns: 60}
    );
  });

  it("are roughly balanced in every setting", () => {
    for (const kind of EMBEDDED_KINDS)
      for (const axis of EMBEDDED_AXES)
        for (const label of "12345") {
          const share =
            corpora[kind]!.filter(({example}) => example.given![axis]!.label === label).length / 400;
          assert.ok(share > 0.13 && share < 0.28, `${kind}, ${axis}, ${label}: ${share}`);
        }
  });

  it("are drawn apart on each axis", () => {
    const labels = Object.values(corpora)
      .flat()
      .map(({example}) => EMBEDDED_AXES.map((axis) => Number(example.given![axis]!.label)));
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2]
    ] as const)
      assert.ok(
        Math.abs(
          correlation(
            labels.map((row) => row[a]!),
            labels.map((row) => row[b]!)
          )
        ) < 0.08
      );
  });
});

describe("defects", () => {
  it("change exactly the sentences on record, each by one kind, and no sentence of a whole response", () => {
    for (const {example, evidence, whole} of Object.values(corpora).flat()) {
      const said = sentencesOf(example.response);
      const changed = whole.flatMap(({words}, place) =>
        words.join(" ") === said[place]!.join(" ") ? [] : [place]
      );
      assert.deepEqual(
        changed,
        evidence.defects.map(({sentence}) => sentence)
      );
      assert.ok(new Set(evidence.defects.map(({kind}) => kind)).size <= 1);
      if (example.given!.naturalness!.label === "5") assert.deepEqual(changed, []);
    }
  });

  it("keep the multiset of words", () => {
    for (const {example, evidence, whole} of Object.values(corpora).flat()) {
      const said = sentencesOf(example.response);
      for (const {sentence} of evidence.defects)
        assert.deepEqual(sorted(said[sentence]!), sorted(whole[sentence]!.words));
    }
  });

  it("come in all kinds", () => {
    for (const kind of EMBEDDED_KINDS) {
      const broken = corpora[kind]!.flatMap(({evidence}) => evidence.defects.slice(0, 1));
      for (const defect of DEFECT_KINDS)
        assert.ok(broken.filter(({kind: found}) => found === defect).length > 0.12 * broken.length);
    }
  });

  it("leave the count of every word as it is where a part is asked back about instead of answered", () => {
    for (const {whole} of corpora.product!)
      for (const {purpose, part, verb, value, words} of whole.filter(isAboutPart)) {
        assert.deepEqual(sorted(words), sorted(["the", part.text, verb, value]));
        assert.equal(words.indexOf(verb) === 0, purpose === "asks back");
      }
  });
});

describe("explanations", () => {
  it("name the words that are broken", () => {
    for (const {example, evidence} of Object.values(corpora).flat())
      for (const defect of evidence.defects.slice(0, 2))
        assert.ok(example.given!.naturalness!.explanation!.includes(defect.evidence.join(" ")));
  });

  it("name every part that is missing, and those asked where none is", () => {
    for (const {example, evidence} of Object.values(corpora).flat())
      for (const {text} of evidence.missing.length > 0 ? evidence.missing : evidence.asked)
        assert.ok(names(example.given!.comprehensiveness!.explanation!, text), text);
  });

  it("name the topic that the response turns to", () => {
    for (const {example, evidence} of Object.values(corpora).flat()) {
      const goal = evidence.turn === "away" ? evidence.otherTopic : evidence.topic;
      if (evidence.turn === "away" || evidence.amounts.onTopic > 0)
        assert.ok(names(example.given!["on-topic"]!.explanation!, goal.text));
    }
  });

  it("vary: no phrasing with nouns left out takes more than a third of a label's explanations", () => {
    const nouns = new Set(
      Object.values(LEXICONS).flatMap(({parts, topics}) => [...parts, ...topics].map(({text}) => text))
    );
    for (const axis of EMBEDDED_AXES) {
      const explanations = Object.values(corpora)
        .flat()
        .map(({example}) => example.given![axis]!.explanation!);
      const phrasings = explanations.map((text) =>
        text
          .split(/[\s,]+/)
          .filter((word) => !nouns.has(word))
          .join(" ")
      );
      const counts = phrasings.reduce(
        (map, text) => map.set(text, (map.get(text) ?? 0) + 1),
        new Map<string, number>()
      );
      assert.ok(counts.size >= 8, `${axis}: ${counts.size} phrasings`);
      assert.ok(Math.max(...counts.values()) < phrasings.length / 3);
    }
  });
});

describe("the six kinds", () => {
  it("differ in roles and in most of their words", () => {
    const roles = EMBEDDED_KINDS.map((kind) => new Set(LEXICONS[kind].roles.flat()));
    const nouns = EMBEDDED_KINDS.map(
      (kind) => new Set([...LEXICONS[kind].topics, ...LEXICONS[kind].parts].map(({text}) => text))
    );
    for (const sets of [roles, nouns])
      sets.forEach((one, i) => sets.slice(i + 1).forEach((other) => assert.ok(disjoint(one, other))));
  });

  it("use each topic on and off topic", () => {
    for (const kind of EMBEDDED_KINDS)
      for (const topic of LEXICONS[kind].topics)
        for (const role of ["topic", "otherTopic"] as const)
          assert.ok(corpora[kind]!.some(({evidence}) => evidence[role] === topic));
  });
});

describe("shortcuts", () => {
  it("do not lie in the length of the response", () => {
    for (const kind of EMBEDDED_KINDS)
      for (const axis of EMBEDDED_AXES) {
        const lengths = corpora[kind]!.map(({example}) => example.response.length);
        const labels = corpora[kind]!.map(({example}) => Number(example.given![axis]!.label));
        assert.ok(Math.abs(correlation(lengths, labels)) < 0.2, `${kind}, ${axis}`);
      }
  });

  it("do not lie in the count of any word of the prompt", () => {
    const examples = Object.values(corpora).flat();
    const words = examples.map(({example}) => renderPrompt(example, ANY).prompt.split(/[^\w]+/));
    for (const axis of EMBEDDED_AXES) {
      const labels = examples.map(({example}) => Number(example.given![axis]!.label));
      for (const word of new Set(words.flat())) {
        const counts = words.map((all) => all.filter((each) => each === word).length);
        assert.ok(Math.abs(correlation(counts, labels)) < 0.1, `${axis}: ${word}`);
      }
    }
  });
});

function disjoint(one: Set<string>, other: Set<string>): boolean {
  return [...one].every((item) => !other.has(item));
}

/** Pearson's r; 0 where one side is constant. */
function correlation(x: number[], y: number[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const sum = (f: (i: number) => number) => x.reduce((total, _, i) => total + f(i), 0);
  const scale = Math.sqrt(sum((i) => (x[i]! - mx) ** 2) * sum((i) => (y[i]! - my) ** 2));
  return scale === 0 ? 0 : sum((i) => (x[i]! - mx) * (y[i]! - my)) / scale;
}
