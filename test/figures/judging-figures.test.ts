import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {AnnotationSource} from "../../src/core/conversation.js";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {formatCount, formatNumber} from "../../src/core/format.js";
import {standalone} from "../../src/figures/standalone.js";
import {SENTENCES} from "../../src/core/sentences.js";
import {WIDTHS} from "../../src/figures/figure.js";
import {readingsOf} from "../../src/figures/readings.js";
import {FIGURES} from "../../src/figures/registry.js";
import {altOf, count, cubes, draw, selection} from "./drawn-figure.js";

const {study} = cubes;
const textsOf = (svg: SVGSVGElement) => [...svg.querySelectorAll("text")].map(({textContent}) => textContent);

describe("distributions of labels", () => {
  it("say of every label how often it is given, in test and in training", () => {
    const readings = readingsOf(draw("label-distributions"));
    assert.equal(readings.length, study.settings.length * 5);
    const row = cubes.labelCounts.find(({corpus, axis}) => corpus === "film" && axis === "adherence")!;
    const total = cubes.labelCounts
      .filter(({corpus, axis}) => corpus === "film" && axis === "adherence")
      .reduce((sum, {test}) => sum + test, 0);
    const said = readings.find(({title}) =>
      title.startsWith(`Film dialogue · On-topic adherence · label ${row.label}\n`)
    );
    assert.match(said!.title, new RegExp(`test: \\d+ % \\(${row.test} of ${total}\\)`));
  });

  it("keep one scale whatever is selected", () => {
    const heightOf = (svg: SVGSVGElement) =>
      [
        ...svg
          .querySelector("path.test")!
          .getAttribute("d")!
          .matchAll(/,([\d.]+)V([\d.]+)h/g)
      ].map(([, bottom, top]) => Math.round(Number(bottom) - Number(top)));
    const all = heightOf(draw("label-distributions"));
    const one = heightOf(draw("label-distributions", {corpus: "support"}));
    assert.deepEqual(one, all.slice(one.length, 2 * one.length), "support is the second corpus");
  });

  it("write the most frequent label's share once a setting", () => {
    const svg = draw("label-distributions", {axis: "adherence"});
    assert.equal(count(svg, "text.share"), study.corpora.length);
    const shares = [...svg.querySelectorAll("text.share")].map(({textContent}) => textContent);
    for (const share of shares) assert.match(share ?? "", /^\d+ %$/);
    assert.ok(altOf(svg).includes(shares.sort()[0]!), altOf(svg));
  });
});

describe("agreement of raters", () => {
  it("compares merged labels, judges and people on the same examples", () => {
    const withPeople = cubes.agreement.filter(({b, measure}) => b === "people" && measure === "qwk");
    assert.ok(withPeople.length > 0);
    for (const {corpus, axis} of withPeople.filter(({a}) => a === "judges")) {
      const own = withPeople.filter((row) => row.corpus === corpus && row.axis === axis);
      const whole = own.filter(({a}) => !a.includes("/")).map(({n}) => n);
      assert.equal(whole.length, 1 + cubes.votes.judges.length);
      assert.equal(new Set(whole).size, 1, `${corpus}, ${axis}`);
      const single = own.filter(({a}) => a.includes("/")).map(({n}) => n);
      assert.ok(single.some((n) => n < whole[0]!) && single.every((n) => n <= whole[0]!));
    }
  });

  it("says once a corpus that people did not rate it, and writes every value", () => {
    const texts = textsOf(draw("rater-agreement"));
    const unrated = study.corpora.length - 2;
    assert.equal(texts.filter((text) => text === "not rated by people").length, 2 * unrated);
    assert.ok(!texts.includes("–"));
    assert.equal(texts.filter((text) => text === "tentative").length, 2, "of α alone");
    const svg = draw("rater-agreement");
    assert.equal(count(svg, "g.numbers text"), count(svg, "g.value path"));
  });

  it("has a mark a cell and comparison, and none where a comparison is not known", () => {
    const svg = draw("rater-agreement");
    const cells = (corpora: number) => (corpora + 1) * (study.axes.length + 1);
    assert.equal(count(svg, "g.value path"), cells(study.corpora.length) + 2 * cells(2));
    assert.deepEqual(
      [...svg.querySelectorAll("text.column")].map(({textContent}) => textContent),
      ["Among judges", "Among people", "Judges and people"]
    );
  });

  it("leaves a comparison out that no cell has", () => {
    const agreement = cubes.agreement.filter(({a, b}) => a !== "people" && b !== "people");
    const svg = draw("rater-agreement", {}, {...cubes, agreement});
    assert.deepEqual(
      [...svg.querySelectorAll("text.column")].map(({textContent}) => textContent),
      ["Among judges"]
    );
  });

  it("tells the pooled alpha with its interval", () => {
    const row = cubes.agreement.find(
      ({a, measure, corpus, axis}) =>
        a === "judges" && measure === "alpha" && corpus === "all" && axis === "all"
    )!;
    const said = `${formatNumber(row.value)} [${formatNumber(row.low)}, ${formatNumber(row.high)}]`;
    assert.ok(altOf(draw("rater-agreement")).includes(said), said);
  });
});

describe("pairs of raters", () => {
  const raters = 12 + 2;

  it("are the lower half of a matrix, one cell a pair", () => {
    const svg = draw("rater-pairs");
    const apart = 12; // merged labels are compared with people's alone
    assert.equal(count(svg, "g.pair rect"), (raters * (raters - 1)) / 2 - apart);
    assert.equal(readingsOf(svg).length, count(svg, "g.pair rect"));
  });

  it("are those of whole judges where the drawing is narrow or raters are too many", () => {
    const more = cubes.agreement.flatMap((row) => [
      row,
      {...row, a: row.a.replace("large/", "large/again-")}
    ]);
    const svg = draw("rater-pairs", {}, {...cubes, agreement: more});
    const shown = textsOf(svg);
    assert.ok(shown.includes("Large") && !shown.some((text) => text?.startsWith("Large, ")));
    assert.match(shown.join(" "), /Each judge is the mean of its prompts\./);
    assert.match(shown.join(" "), /Empty: not compared\./);
  });

  it("are darker the more they agree", () => {
    const svg = draw("rater-pairs");
    const numbers = [...svg.querySelectorAll("g.number text")].map(({textContent}) => Number(textContent));
    const tints = [...svg.querySelectorAll("g.pair rect")].map((cell) =>
      Number(cell.getAttribute("fill-opacity"))
    );
    const most = numbers.indexOf(Math.max(...numbers));
    assert.equal(tints[most], Math.max(...tints));
    assert.ok(tints[numbers.indexOf(Math.min(...numbers))]! < tints[most]);
  });
});

describe("severity", () => {
  it("is that of each judge, then of its prompts, and of people last", () => {
    const labels = [...draw("rater-severity").querySelectorAll("g.rows text")].map(
      ({textContent}) => textContent
    );
    assert.deepEqual(labels.slice(0, 3), ["Large", "1–4", "1–4, examples"]);
    assert.equal(labels.at(-1), "People");
    const single = cubes.severity.filter(({rater}) => !rater.includes("/") || rater === "large/scale-5");
    const few = draw("rater-severity", {}, {...cubes, severity: single});
    assert.deepEqual(
      [...few.querySelectorAll("g.rows text")].map(({textContent}) => textContent),
      ["Large", "Small", "Open", "People"]
    );
  });

  it("is hollow where its interval holds zero", () => {
    const svg = draw("rater-severity");
    const rows = cubes.severity.filter(({corpus, axis}) => corpus === "all" && axis === "all");
    const open = rows.filter(({low, high}) => low! <= 0 && high! >= 0).length;
    const hollow = [...svg.querySelectorAll("g.value path")].filter((mark) =>
      mark.getAttribute("fill")!.includes("--paper")
    );
    assert.equal(count(svg, "g.value path"), rows.length);
    assert.equal(hollow.length, open);
  });
});

describe("merge rules", () => {
  it("mark the study's own in every panel, and name the best by each measure", () => {
    const svg = draw("merge-rules");
    const rules = new Set(cubes.mergeRules.map(({rule}) => rule)).size;
    assert.equal(count(svg, "g.value path"), rules * 5);
    const filled = [...svg.querySelectorAll("g.value path")].filter(
      (mark) => !mark.getAttribute("fill")!.includes("--paper")
    );
    assert.equal(filled.length, 5);
    const rows = cubes.mergeRules.filter(
      ({corpus, axis, measure}) => corpus === "all" && axis === "all" && measure === "mae"
    );
    const least = Math.min(...rows.map(({value}) => value!));
    assert.equal(count(svg, "g.numbers text"), 5, "the best of each panel");
    assert.ok(textsOf(svg).includes(formatNumber(least)));
    assert.ok(altOf(svg).includes(formatNumber(least)), altOf(svg));
  });
});

describe("replies of judges", () => {
  it("are counted by reason, a row a judge and prompt", () => {
    const svg = draw("judge-replies");
    const readings = readingsOf(svg);
    const refused = cubes.judgeCalls
      .filter(({judge, status}) => judge === "small" && status === "refused")
      .reduce((sum, {votes}) => sum + votes, 0);
    const of = (judge: string) => readings.find(({title}) => title.startsWith(`${judge} · Refused`))!.title;
    assert.ok(of("Small").includes(`: ${formatCount(refused)} of `), of("Small"));
    assert.equal(count(svg, "path.bar"), 1, "all bars are one path");
  });

  it("have a column of all reasons, in which the sentence's share is found", () => {
    const said = /([\d.]+) % ended without/.exec(SENTENCES.replies(cubes, selection))![1]!;
    const all = readingsOf(draw("judge-replies")).find(({title}) => title.startsWith("All judges · All\n"))!;
    assert.ok(all.title.includes(`\n${said} %: `), all.title);
  });

  it("are blocks of lines where columns have no room for their heads", () => {
    const options = {selection, width: WIDTHS.narrow, document: draw("judge-replies").ownerDocument};
    const svg = FIGURES["judge-replies"]!(cubes, options);
    const places = [...svg.querySelectorAll("text")]
      .filter(({textContent}) => textContent === "Unreadable" || textContent === "Out of scale")
      .map((text) => Number(text.getAttribute("y")));
    assert.equal(new Set(places).size, places.length);
    assert.equal(places.length, 2 * (cubes.votes.judges.length + 1));
  });

  it("say so where every one is usable", () => {
    const judgeCalls = cubes.judgeCalls.filter(({status}) => status === "scored");
    const svg = draw("judge-replies", {}, {...cubes, judgeCalls});
    assert.ok(textsOf(svg).includes("all usable"));
  });
});

it("figures of raters stand by themselves when saved, without a colour of the page", () => {
  for (const name of ["rater-agreement", "merge-rules", "rater-pairs", "label-distributions"])
    assert.doesNotMatch(standalone(draw(name)), /var\(--/, name);
});

describe("sentences on labels and judges", () => {
  const unjudged = {...cubes, agreement: [], judgeCalls: [], mergeRules: []};
  const sourcesOf = (...sources: AnnotationSource[]) => {
    const corpora = study.corpora.map((corpus, i) => ({
      ...corpus,
      label_source: sources[i % sources.length]!
    }));
    return {...unjudged, study: {...study, corpora}};
  };

  it("tell agreement of judges and with people, with intervals, and nothing else", () => {
    const said = SENTENCES["data-and-judges"](cubes, selection);
    assert.match(said, /α\u00a0=\u00a0[\d.]+ \[[\d.]+, [\d.]+\].*κ\u00a0=\u00a0[\d.]+ \[[\d.]+, [\d.]+\]/);
    assert.doesNotMatch(said, /most frequent|usable/);
  });

  it("say without judges where labels come from", () => {
    const said = (...sources: AnnotationSource[]) =>
      SENTENCES["data-and-judges"](sourcesOf(...sources), selection);
    assert.match(said("planted"), /^The labels are right by construction: the generator planted them\./);
    assert.match(said("given"), /as the corpora give them/);
    assert.match(said("raters"), /merged from people’s ratings/);
    assert.match(
      said("planted", "raters"),
      /planted them, in 3 corpora and merged from people’s ratings in 3/
    );
  });

  it("rank no rule that cannot be told apart from another", () => {
    const row = (rule: string, value: number, chosen = false) => ({
      ...{corpus: "all", axis: "all", rule, measure: "mae" as const, n: 100, chosen},
      ...{value, low: value - 0.05, high: value + 0.05}
    });
    const said = (...mergeRules: AllCubes["mergeRules"]) =>
      SENTENCES.merging({...cubes, mergeRules}, selection);
    assert.match(said(row("mean", 0.5, true), row("median", 0.48)), /surely nearer; 1 cannot be told apart/);
    assert.match(
      said(row("mean", 0.5, true), row("median", 0.3)),
      /the nearest gives 0\.30 .*: their median\.$/
    );
    assert.match(said(row("mean", 0.5, true), row("median", 0.9)), /None of 1 other rule comes as near\./);
    const apart = {...row("median", 0.48), tied: false};
    assert.match(
      said(row("mean", 0.5, true), apart),
      /the nearest gives 0\.48/,
      "a paired difference is surer"
    );
    const best = {...row("mean", 0.5, true), by_golden: true};
    assert.match(said(best, row("median", 0.9)), /somewhat too low\.$/);
  });

  it("give the share of the most frequent label in each setting", () => {
    assert.match(SENTENCES.labels(cubes, selection), /in each of 18 settings\.$/);
  });
});
