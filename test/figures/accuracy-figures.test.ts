import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {parseHTML} from "linkedom";
import {confusionCounts, sharesOfGold} from "../../src/core/confusion-counts.js";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {gainShares} from "../../src/core/gain-shares.js";
import {defaultSelection, selectedArms} from "../../src/core/selection.js";
import type {Selection} from "../../src/core/selection.js";
import {goodnessBySetting, scoresBySeed} from "../../src/core/setting-scores.js";
import {WIDTHS} from "../../src/figures/figure.js";
import {FIGURES} from "../../src/figures/registry.js";
import {VERDICT_TITLES} from "../../src/figures/verdicts.js";
import {sampleCubes} from "./sample-cubes.js";

const {document} = parseHTML("<!doctype html><html><body></body></html>");
const cubes = sampleCubes();
const {study} = cubes;
const selection = defaultSelection(study);
const settings = study.settings.length;
const arms = selectedArms(selection, study);

type Link = (to: {arm?: string; corpus?: string; axis?: string}) => string;

function draw(
  name: string,
  change: Partial<Selection> = {},
  {of = cubes, link}: {of?: AllCubes; link?: Link} = {}
): SVGSVGElement {
  const shown = {...selection, ...change};
  return FIGURES[name]!(of, {selection: shown, width: WIDTHS.wide, document, ...(link ? {link} : {})});
}

const textOf = (svg: SVGSVGElement) =>
  [...svg.querySelectorAll("text")].map((text) => text.textContent).join(" ");
const altOf = (svg: SVGSVGElement) => svg.querySelector("desc")?.textContent ?? "";
const strokes = (svg: SVGSVGElement, name: string) =>
  [...svg.querySelectorAll(`path.${name}`)].reduce(
    (sum, path) => sum + path.getAttribute("d")!.split("M").length - 1,
    0
  );

describe("the matrix", () => {
  it("has every training as a tick, in both views", () => {
    assert.equal(strokes(draw("matrix"), "seed"), (settings + 1) * arms.length * study.seeds.length);
    const effects = draw("matrix", {view: "effect"});
    assert.equal(strokes(effects, "seed"), (settings + 1) * (arms.length - 1) * study.seeds.length);
  });

  it("shows differences in bold if and only if their interval excludes zero", () => {
    for (const interval of ["dialogues", "trainings"] as const) {
      const svg = draw("matrix", {view: "effect", interval});
      const shown = new Set(arms.map(({id}) => id));
      const rows = cubes.effects.filter(
        ({arm, seed, measure, corpus, axis}) =>
          shown.has(arm) &&
          seed === "all" &&
          measure === "accuracy" &&
          (corpus === "all") === (axis === "all")
      );
      const [low, high] =
        interval === "dialogues"
          ? (["low", "high"] as const)
          : (["low_trainings", "high_trainings"] as const);
      const excluding = rows.filter((row) => row[low]! > 0 || row[high]! < 0).length;
      const bold = svg.querySelectorAll("g.number text[font-weight='700']").length;
      assert.ok(excluding > 0);
      assert.equal(bold, excluding, interval);
    }
  });

  it("leads from an arm's cell to its examples, and not from a baseline's", () => {
    const link: Link = ({arm, corpus, axis}) => `./examples?b=${arm}&corpus=${corpus}&axis=${axis}`;
    const svg = draw("matrix", {}, {link});
    const links = [...svg.querySelectorAll("a")].map((a) => a.getAttribute("href"));
    assert.equal(links.length, (settings + 1) * arms.length);
    assert.ok(links.includes("./examples?b=label-only&corpus=film&axis=adherence"));
  });

  it("is one row where one setting is chosen, under the pooled one", () => {
    const svg = draw("matrix", {corpus: "film", axis: "adherence"});
    assert.equal(svg.querySelectorAll("g.level rect").length, 2 * (arms.length + study.baselines.length));
  });
});

describe("shares of a gain", () => {
  it("run from label only over the texts to the explanation", () => {
    const svg = draw("shares");
    const texts = [...svg.querySelectorAll("g.rows text")].map((text) => text.textContent);
    assert.deepEqual(texts, ["Label only", "Filler", "Bag of words", "Shuffled", "Explanation"]);
    const found = gainShares(study, cubes.effects, selection);
    assert.ok(found.gain);
    for (const {share, low, high} of found.shares) assert.ok(low! < share && share < high!);
  });

  it("are not shown where the explanation does not gain, with the reason", () => {
    const hurting = draw("shares", {order: "explanation-first"});
    assert.match(altOf(hurting), /^There is no gain to share: .* −\d/);
    const effects = cubes.effects.map((row) => ({...row, low_trainings: -1, high_trainings: 1}));
    assert.match(altOf(draw("shares", {}, {of: {...cubes, effects}})), /is not decided/);
    assert.match(altOf(draw("shares", {}, {of: {...cubes, effects: []}})), /no paired effect/);
  });
});

describe("the verdicts", () => {
  it("are one row a hypothesis, with every verdict in words and its reason", () => {
    const svg = draw("verdicts");
    assert.equal(svg.querySelectorAll("g.verdict").length, cubes.verdicts.length);
    for (const {verdict} of cubes.verdicts) assert.ok(textOf(svg).includes(VERDICT_TITLES[verdict]), verdict);
    const judged = cubes.verdicts.filter(({effect}) => effect !== null).length;
    assert.equal(svg.querySelectorAll("g.verdict path.value").length, judged);
    assert.equal(strokes(svg, "interval"), judged);
  });

  it("draw the smallest effect of interest where one was named", () => {
    const named = cubes.verdicts.filter(({smallest}) => smallest !== null).length;
    assert.equal(draw("verdicts").querySelectorAll("rect.smallest").length, named);
  });

  it("have a scale of their own for each measure", () => {
    const [first, ...rest] = cubes.verdicts;
    const mixed = [{...first!, measure: "nll" as const}, ...rest];
    const svg = draw("verdicts", {}, {of: {...cubes, verdicts: mixed}});
    assert.equal(svg.querySelectorAll("path.zero").length, 2);
    assert.match(textOf(svg), /Negative log-likelihood, nats/);
  });
});

describe("ranks over settings", () => {
  const ranksIn = (svg: SVGSVGElement) =>
    [...svg.querySelectorAll("path.rank title")].map((title) => Number(title.textContent.match(/[\d.]+$/)));

  it("add up, and warn of axes that share dialogues", () => {
    const svg = draw("ranks");
    const ranks = ranksIn(svg);
    assert.equal(ranks.length, arms.length);
    const sum = ranks.reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum - (arms.length * (arms.length + 1)) / 2) < 0.01 * arms.length);
    assert.match(textOf(svg), /axes of one corpus share/);
    assert.equal(svg.querySelectorAll("path.difference").length, 2);
  });

  it("do not warn where every setting is a corpus of its own", () => {
    const svg = draw("ranks", {axis: "adherence"});
    assert.doesNotMatch(textOf(svg), /axes of one corpus share/);
    assert.equal(svg.querySelectorAll("path.difference").length, 1);
  });

  it("say what few settings cannot show", () => {
    assert.match(textOf(draw("ranks", {corpus: "film"})), /With 3 settings/);
    assert.match(altOf(draw("ranks", {corpus: "film", axis: "adherence"})), /two settings at least/);
    assert.match(
      altOf(draw("ranks", {order: "explanation-first", reduction: "part-mean"})),
      /two arms at least/
    );
  });

  it("turn round where lower is better", () => {
    const values = goodnessBySetting(cubes.levels, study, {arms, selection: {...selection, measure: "nll"}});
    const level = cubes.levels.find(
      (row) =>
        row.system === arms[0]!.id &&
        row.seed === "all" &&
        row.measure === "nll" &&
        row.corpus === study.settings[0]!.corpus &&
        row.axis === study.settings[0]!.axis
    )!;
    assert.equal(values[0]![0], -level.value!);
    assert.equal(values.length, settings);
  });
});

describe("aggregates over settings and trainings", () => {
  it("have the arms' values in every setting and seed, in one order", () => {
    const scores = scoresBySeed(cubes.levels, study, {arms, selection});
    assert.deepEqual(
      scores.map((own) => [own.length, own[0]!.length]),
      arms.map(() => [settings, study.seeds.length])
    );
    const levels = cubes.levels.filter(
      (row) => !(row.system === arms[1]!.id && row.corpus === "film" && row.axis === "adherence")
    );
    const without = scoresBySeed(levels, study, {arms, selection});
    assert.deepEqual(new Set(without.map(({length}) => length)), new Set([settings - 1]));
  });

  it("show seeds, and no intervals from few of them", () => {
    const svg = draw("aggregates");
    assert.equal(strokes(svg, "seed"), (2 * arms.length - 1) * study.seeds.length);
    assert.equal(strokes(svg, "interval"), 0);
    assert.match(textOf(svg), /3 trainings an arm are too few/);
    assert.equal(svg.querySelectorAll("path.profile").length, arms.length);
  });

  it("have intervals from enough seeds", () => {
    const more = ["4", "5"].flatMap((seed) =>
      cubes.levels
        .filter((row) => row.seed === "1" && row.measure === "accuracy")
        .map((row) => ({...row, seed, value: row.value! + 0.01 * Number(seed)}))
    );
    const of = {
      ...cubes,
      study: {...study, seeds: [...study.seeds, "4", "5"]},
      levels: [...cubes.levels, ...more]
    };
    assert.equal(strokes(draw("aggregates", {}, {of}), "interval"), 2 * arms.length - 1);
  });
});

describe("confusions", () => {
  const {labels, id: axis} = study.axes[0]!;
  const of = (corpus: string, seed: string) =>
    confusionCounts(cubes.confusions, {system: "label-only", axis, labels: labels.length}, {corpus, seed})!;

  it("add up over corpora and seeds", () => {
    const parts = study.corpora.flatMap(({id}) => study.seeds.map((seed) => of(id, seed)));
    const sums = parts.reduce((a, b) => a.map((count, i) => count + b[i]!));
    assert.deepEqual(of("all", "all"), sums);
  });

  it("are shares of gold labels, undefined for a label that no row has", () => {
    assert.deepEqual(sharesOfGold([3, 1, 0, 0], 2), [0.75, 0.25, NaN, NaN]);
  });

  it("stand side by side, an arm each, or as differences to label only; a row an axis", () => {
    const cells = labels.length ** 2;
    assert.equal(draw("confusions").querySelectorAll("g.confusion rect").length, arms.length * 3 * cells);
    const one = draw("confusions", {axis, modes: ["shuffled"], view: "effect"});
    assert.equal(one.querySelectorAll("g.confusion rect").length, 0);
    assert.equal(one.querySelectorAll("g.change rect").length, cells);
    assert.match(altOf(one), /with shuffled/);
    const sums = [...one.querySelectorAll("g.number text")].map((text) =>
      Number(text.textContent.replace("−", "-"))
    );
    assert.ok(Math.abs(sums.reduce((a, b) => a + b)) <= cells, "what one label gains the others lose");
    assert.match(altOf(draw("confusions", {modes: []})), /All modes are hidden/);
  });
});

describe("effects by label", () => {
  it("are one marker and interval a label and mode", () => {
    const labels = study.axes.reduce((sum, axis) => sum + axis.labels.length, 0);
    const svg = draw("label-effects");
    assert.equal(svg.querySelectorAll("g.value path").length, labels * (arms.length - 1));
    assert.equal(strokes(svg, "interval"), labels * (arms.length - 1));
  });

  it("have the interval that was chosen, and say which", () => {
    const told = (interval: Selection["interval"]) => {
      const alt = altOf(draw("label-effects", {interval}));
      const counts = [...alt.matchAll(/(\d+) of \d+ labels told from zero/g)].map(([, count]) =>
        Number(count)
      );
      return {alt, count: counts.reduce((sum, one) => sum + one, 0)};
    };
    const [dialogues, trainings] = [told("dialogues"), told("trainings")];
    assert.ok(trainings.count < dialogues.count, `${trainings.count}, ${dialogues.count}`);
    assert.match(dialogues.alt, /Intervals over other dialogues, for these trained models\.$/);
    assert.match(trainings.alt, /Intervals over other dialogues and other trainings\.$/);
    // Over all seeds, whichever is chosen.
    assert.match(
      altOf(draw("label-effects", {interval: "trainings", seed: study.seeds[0]!})),
      /other trainings\.$/
    );
  });
});

describe("where all modes are hidden", () => {
  for (const name of ["aggregates", "ranks", "versus-explanation", "label-effects", "confusions"])
    it(`${name} says so`, () => {
      assert.match(altOf(draw(name, {modes: []})), /^All modes are hidden\./);
    });
});
