/** What a report's author writes: directives, numbers by hand, citations, mistakes, and what somebody hostile would try. */
import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {BadInput} from "../../src/core/bad-input.js";
import {DirectiveError, readDirective} from "../../src/core/report/directives.js";
import {plain} from "../../src/core/report/markdown-text.js";
import {typedNumbers} from "../../src/core/report/typed-numbers.js";
import {isHarmless, reportMarkdown} from "../../data-loaders/report/markdown.js";
import {resolvedMarkdown} from "../../data-loaders/report/resolved-markdown.js";
import {reportLatex} from "../../data-loaders/report/write-latex.js";
import {cubes} from "../figures/drawn-figure.js";
import {articleOf, defaultReport, resolved, said} from "./sample-report.js";

/** What is wrong with a text, in the words of the message. */
function fault(text: string, of = cubes): BadInput["detail"] {
  try {
    resolved(text, of);
  } catch (error) {
    assert.ok(error instanceof BadInput, String(error));
    return error.detail;
  }
  throw new assert.AssertionError({message: `nothing is wrong with ${text}`});
}

describe("directives", () => {
  it("are a name, a text and arguments that are data", () => {
    const source = 'x ${claim("effect", {arm: \'a "b"\', "seed": 2, deep: -1.5, yes: true,})} y';
    const {directive, end} = readDirective(source, 2);
    assert.deepEqual(directive, {
      name: "claim",
      text: "effect",
      arguments: {arm: 'a "b"', seed: 2, deep: -1.5, yes: true}
    });
    assert.equal(source.slice(end), " y");
    assert.deepEqual(readDirective("${references()}", 0).directive, {
      name: "references",
      text: "",
      arguments: {}
    });
  });

  it("are never code: whatever else JavaScript has is refused", () => {
    for (const source of [
      '${claim("a" + "b")}',
      "${claim(process.env.HOME)}",
      '${claim("a", {b: [1]})}',
      '${claim("a", {b: c})}',
      '${claim("a", {b: 1n})}',
      '${claim("a", {...b})}',
      "${(() => 1)()}",
      "${claim`a`}",
      '${claim("a", {b: {c: 1}})}',
      '${claim("a"); 1}',
      '${claim("a", {b: 1, b: 2})}',
      '${claim("a',
      "${"
    ])
      assert.throws(() => readDirective(source, 0), DirectiveError, source);
  });

  it("any text at all is read or refused, and never runs", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          readDirective(`\${${text}`, 0);
        } catch (error) {
          assert.ok(error instanceof DirectiveError);
        }
      })
    );
  });

  it("keys that objects are born with are keys like any other", () => {
    const {directive} = readDirective('${claim("a", {__proto__: "x", "constructor": 1})}', 0);
    assert.equal(({} as {x?: string}).x, undefined);
    assert.equal(Object.getPrototypeOf(directive.arguments), Object.prototype);
    assert.match(fault('${claim("effect", {arm: "shuffled", constructor: 1})}').found, /constructor/);
    for (const name of ["constructor", "__proto__", "toString"]) {
      assert.match(fault(`\${claim("${name}")}`).expected, /^a claim; one of effect/);
      assert.match(fault(`\${section("${name}")}`).expected, /^a section/);
      assert.match(fault(`\${figure("${name}")}`).expected, /^a figure/);
    }
  });

  it("stand in tables, lists, headings and quotations, and over two lines", () => {
    const text =
      '# R ${claim("count", {of: "arms"})}\n\n> q ${claim("count",\n> {of: "arms"})}\n\n- l ${claim("count", {of: "arms"})}\n\n| a |\n| - |\n| ${claim("count", {of: "arms"})} |\n';
    const report = resolved(text);
    const arms = String(cubes.study.arms.length);
    assert.equal(report.claims.length, 4);
    assert.equal(report.title, `R ${arms}`);
    assert.match(articleOf(report).querySelector("td a")!.textContent, new RegExp(`^${arms}$`));
  });

  it("are left alone in code, and after a backslash", () => {
    assert.equal(said('`${claim("no")}` and \\${claim("no")}'), '${claim("no")} and ${claim("no")}');
    assert.equal(resolved('```\n${claim("no")} 81.3 %\n```').findings.length, 0);
  });
});

describe("mistakes are named with file, line, what was expected and the nearest that is known", () => {
  it("claims, arguments, values, arms", () => {
    assert.deepEqual(fault('one\n\ntwo ${claim("efect", {arm: "shuffled"})}').mend, "Did you mean effect?");
    assert.equal(fault('one\n\ntwo\nthree ${claim("efect", {arm: "shuffled"})}').where, "report.md, line 4");
    assert.match(fault('${claim("effect")}').expected, /^argument arm: an arm/);
    const key = fault('${claim("effect", {arm: "shuffled", mesure: "nll"})}');
    assert.deepEqual([key.found, key.mend], ["“mesure”", "Did you mean measure?"]);
    const arm = fault('${claim("effect", {arm: "shufled"})}');
    assert.deepEqual(
      [arm.where, arm.mend],
      ["report.md, line 1, claim “effect”, argument arm", "Did you mean shuffled?"]
    );
    assert.match(
      fault('${claim("effect", {arm: "key-words"})}').expected,
      /one of label-only, explanation, /
    );
    assert.match(
      fault('${claim("effect", {arm: "shuffled", order: "explanation-first"})}').found,
      /which it trains as shuffled/
    );
    assert.match(fault('${claim("effect", {arm: "shuffled", seed: 9})}').expected, /one of all, 1, 2, 3$/);
    assert.match(
      fault('${claim("hypothesis", {id: "h"})}', {...cubes, verdicts: []}).expected,
      /this study has none/
    );
  });

  it("figures, sections, citations, directives, places", () => {
    assert.equal(fault('${figure("efects")}').mend, "Did you mean effects?");
    assert.match(fault('${figure("effects", {measure: "acuracy"})}').mend, /accuracy/);
    assert.equal(fault('${section("method")}').mend, "Did you mean methods?");
    assert.match(fault('word ${section("methods")}').mend, /empty line before and after/);
    assert.equal(fault("as said [@smith2042]").mend, "Did you mean smith2024?");
    assert.equal(fault('${clam("effect")}').mend, "Did you mean claim?");
    assert.match(fault("a\nb ${claim(effect)}").where, /line 2$/);
    assert.match(fault('${typed("5")}').expected, /why it is no claim/);
  });

  it("after directives over several lines the count of lines holds", () => {
    assert.match(fault('a ${claim("count",\n{of: "arms"})} b\nc ${clam("x")}').where, /line 3$/);
    assert.match(fault('| a |\n| - |\n| b |\n| ${clam("x")} |').where, /line 4$/);
    assert.match(fault('${section("methods")}\n\n${clam("x")}').where, /line 3$/);
  });
});

describe("numbers typed by hand", () => {
  it("are found in digits and in words that count", () => {
    const found = (text: string) => typedNumbers(text).map((one) => one.text);
    assert.deepEqual(found("rose by 4.2 points, to 81.3 %."), ["4.2 points", "81.3 %"]);
    assert.deepEqual(found("p<0.05, −0.4 and 1,800 rows; half of ½"), ["0.05", "−0.4", "1,800", "½"]);
    assert.deepEqual(found("over three seeds, twenty per cent"), ["three seeds", "twenty per cent"]);
    assert.deepEqual(found("in 2024, accuracy=3"), ["2024", "3"]);
    assert.deepEqual(found("fullwidth ５ and ٣"), ["５", "٣"]);
  });

  it("names, places of a document and years of citations are none", () => {
    for (const text of [
      "F1 of GPT-4 and Qwen2.5-7B on H200",
      "Section 3.2, Figures 1 and 2, Table 4a",
      "(Smith, 2024), (2019; 2020a)",
      "two kinds, one of them"
    ])
      assert.deepEqual(typedNumbers(text), [], text);
  });

  it("are warned of with their line, in prose, headings, tables and captions", () => {
    const text =
      '## Of 7 things\n\nIt is 81.3 % so.\nAnd [5](x).\n\n| a |\n| - |\n| 6 |\n\n${figure("effects", {caption: "8 rows"})}\n';
    const {findings} = resolved(text);
    assert.deepEqual(
      findings.map(({line, found}) => `${line} ${found}`),
      [
        "1 “7” is typed by hand",
        "3 “81.3 %” is typed by hand",
        "4 “5” is typed by hand",
        "8 “6” is typed by hand",
        "10 “8” is typed by hand"
      ]
    );
    assert.match(findings[1]!.mend, /\$\{typed\("81.3 %", \{why: "…"\}\)\}/);
  });

  it("but not what says why it is no claim, nor anything of the report that comes with Because", () => {
    const report = resolved('Labels to ${typed("5", {why: "by design"})}.');
    assert.deepEqual([report.findings, report.typed], [[], [{line: 1, text: "5", why: "by design"}]]);
    assert.deepEqual(defaultReport().findings, []);
  });
});

describe("somebody hostile", () => {
  const HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "[x](javascript:alert(1)) [x](JaVaScRiPt:alert(1)) [x](data:text/html,x) [x](vbscript:x) [x](//evil.example/x)",
    "[x]( java\tscript:alert(1)) [x](&#106;avascript:alert(1)) [x](file:///etc/passwd) [x](\\\\evil\\x)",
    "![x](https://evil.example/pixel.png)",
    "<https://ok.example> <javascript:alert(1)>",
    "[ref]\n\n[ref]: javascript:alert(1)",
    '<a href="javascript:x" onclick=x>',
    "[@evil]",
    "`<b>` ~~x~~ &lt;script&gt; &#x3C;script>"
  ];

  it("gets text, not elements: no script, no handler, no image, no address but http(s) or relative", () => {
    for (const text of HOSTILE) {
      const article = articleOf(resolved(text));
      assert.equal(
        article.querySelector("script, img, iframe, object, embed, link, style, base, form, svg"),
        null,
        text
      );
      for (const element of article.querySelectorAll("*"))
        for (const {name, value} of element.attributes) {
          assert.ok(!name.startsWith("on"), `${text}: ${name}`);
          if (name === "href") assert.match(value, /^(https?:\/\/[^/]|#|x$|%5C)/i, text);
        }
    }
  });

  it("links that harm are no links, whatever is before them", () => {
    for (const link of [
      "javascript:x",
      " javascript:x",
      "data:x",
      "//x.example",
      "\\\\x",
      "/\\x",
      "mailto:a@b",
      "blob:x"
    ])
      assert.ok(!isHarmless(link), link);
    for (const link of [
      "https://x.example/a",
      "http://x",
      "./accuracy",
      "#methods",
      "a/b.html?x=y:z",
      "accuracy"
    ])
      assert.ok(isHarmless(link), link);
  });

  it("in the study's own words: titles, ids and hypotheses stay text in all that is written", () => {
    const evil =
      "</a><script>alert(1)</script> ${claim('x')} [a](javascript:x) | `x` \\input{x} $\\write18{x}$ %";
    const {study} = cubes;
    const of = {
      ...cubes,
      study: {
        ...study,
        title: evil,
        authors: [evil],
        axes: study.axes.map((axis) => ({...axis, title: evil, question: evil})),
        corpora: study.corpora.map((corpus) => ({...corpus, title: evil, licence: evil}))
      },
      verdicts: cubes.verdicts.map((row) => ({...row, title: evil, reason: evil}))
    };
    const report = defaultReport(of);
    const article = articleOf(report);
    assert.equal(article.querySelector("script"), null);
    assert.equal(article.querySelector('[href^="javascript"]'), null);
    assert.equal(article.querySelector("h1")!.textContent, evil);
    assert.ok([...article.querySelectorAll("em")].some(({textContent}) => textContent === evil));
    const latex = reportLatex(report);
    assert.doesNotMatch(latex, /\\input\{x|\\write18|(?<!\\)%(?! )/m);
    const again = reportMarkdown().render(resolvedMarkdown(report).replaceAll("${", "$ {"));
    assert.doesNotMatch(again, /<script|href="javascript/);
  });

  it("plain text is shown by Markdown as it is, whatever it is", () => {
    const markdown = reportMarkdown();
    fc.assert(
      fc.property(fc.string({unit: "grapheme", minLength: 1}), (text) => {
        const shown = text.replace(/\s+/g, " ").replaceAll("\0", "\ufffd");
        const [inline] = markdown.parseInline(`x${plain(shown)}x`, {});
        assert.equal(inline!.children!.map(({content}) => content).join(""), `x${shown}x`);
      })
    );
  });
});

describe("citations", () => {
  it("are numbered by their first place, and listed", () => {
    const article = articleOf(resolved("One [@evil; @smith2024, p. 3], again [@smith2024].\n"));
    assert.equal(article.querySelector("p:not([class])")!.textContent, "One [1; 2, p. 3], again [2].");
    const [first, second] = [...article.querySelectorAll(".references li")].map(
      ({textContent}) => textContent
    );
    assert.match(first!, /<script>alert\(1\)<\/script>/);
    assert.equal(
      second,
      "Smith, J., Łukasiewicz, J. and van der Berg, A. (2024). A Test of α & reasons. J. Tests 3(2), 1–10. https://doi.org/10.1234/abc_d"
    );
    assert.equal(article.querySelector('.references a[href^="javascript"]'), null);
  });
});

describe("a text does not presume which way the data point", () => {
  const turned = (sign: number) => ({
    ...cubes,
    effects: cubes.effects.map((row) => ({
      ...row,
      effect: sign * 0.1,
      ...{low: sign > 0 ? 0.05 : -0.15, high: sign > 0 ? 0.15 : -0.05},
      ...{low_trainings: sign > 0 ? 0.05 : -0.15, high_trainings: sign > 0 ? 0.15 : -0.05}
    }))
  });

  it("the report that comes with Because says so where the explanation hurts, and where it helps", () => {
    const first = (sign: number) => defaultReport(turned(sign)).claims[0]!.text;
    assert.match(first(-1), /^No, it hurts/);
    assert.match(first(1), /^Yes, it helps/);
  });

  it("its own words hold no number and no outcome", async () => {
    const {readFile} = await import("node:fs/promises");
    const text = await readFile(
      new URL("../../data-loaders/report/default-report.md", import.meta.url),
      "utf8"
    );
    const words = text.replace(/\$\{.*?\)\}/g, "");
    assert.doesNotMatch(words, /\d|help|hurt|better|worse|improve|raise|lower/i);
  });
});
