import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {describe, it} from "node:test";
import {gunzipSync} from "node:zlib";
import fc from "fast-check";
import {maskPrivate} from "../../src/core/judging/private-text.js";
import {REAL_DATA, skipWithoutRealData} from "../corpora/given-files.js";

const EMAILS = [
  "me@example.org",
  "foo.bar+tag@sub.example.co.uk",
  "mailto:someone@example.com",
  "O'Neil@example.ie",
  "jürgen@müller.de",
  "A_B-C%d@x-y.museum",
  "john [at] example [dot] com",
  "jane(at)example.org"
];
const TELEPHONES = [
  "+44 20 7946 0958",
  "+1 (415) 555-2671",
  "+49 (0)30 901820",
  "+33142685300",
  "+91-98765-43210",
  "0033 1 42 68 53 00",
  "(212) 555-0123",
  "212-555-0123",
  "212.555.0123",
  "1-800-555-1212",
  "555-0123",
  "020 7946 0958",
  "01223 812660",
  "07537395912",
  "0171 1234567",
  "06 12 34 56 78"
];
/** What is a telephone number because of what is said of it. */
const CALLED = [
  ["phone: ", "4155552671"],
  ["call me at ", "555 0199 22"],
  ["My number is ", "4155552671"],
  ["Fax ", "264-8833"]
] as const;
const OTHERS = [
  "from 1999-2004",
  "in 2019, 2020 2021 and 2022",
  "on 2019-03-04 or 04/05/2019",
  "at 12:30:45",
  "$1,234,567.89",
  "€ 10000000",
  "1,000,000 2,000,000",
  "ISBN 978-3-16-148410-0",
  "9783161484100",
  "ISBN 0-306-40615-2",
  "192.168.100.200",
  "order 123456",
  "order number 2133734253",
  "part #2188746",
  "model 106.5832410",
  "Kenmore Elite 10658966700",
  "WPW10348269",
  "4111 1111 1111 1111",
  "3.14159265358",
  "1 2 3 4 5 6 7 8 9 10",
  "lat 51.5074, -0.1278",
  "https://example.com/1234567890?id=2133734253",
  "2 cups, 1/2 of 3/4, 350 degrees, 45 minutes",
  "room 237 (2012)",
  "@handle, a@b, me @ home",
  "the 5-4-3-2-1 countdown"
];

describe("private text", () => {
  for (const email of EMAILS)
    it(`${email} is masked`, () =>
      assert.deepEqual(maskPrivate(`Write to ${email}, please.`), {
        text: "Write to [e-mail], please.",
        emails: 1,
        telephones: 0
      }));

  for (const telephone of TELEPHONES)
    it(`${telephone} is masked`, () =>
      assert.deepEqual(maskPrivate(`It is ${telephone}, I think.`), {
        text: "It is [telephone], I think.",
        emails: 0,
        telephones: 1
      }));

  for (const [before, number] of CALLED)
    it(`${before}${number} is masked`, () =>
      assert.equal(maskPrivate(`${before}${number}.`).text, `${before}[telephone].`));

  for (const text of OTHERS)
    it(`“${text}” stays`, () => assert.deepEqual(maskPrivate(text), {text, emails: 0, telephones: 0}));

  it("counts every one, and finds nothing more in what it made", () =>
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...EMAILS), {maxLength: 4}),
        fc.array(fc.constantFrom(...TELEPHONES), {maxLength: 4}),
        (emails, telephones) => {
          const text = [...emails, ...telephones].map((each) => `It is ${each}, yes.`).join("\n");
          const masked = maskPrivate(text);
          assert.deepEqual([masked.emails, masked.telephones], [emails.length, telephones.length]);
          assert.deepEqual(maskPrivate(masked.text), {text: masked.text, emails: 0, telephones: 0});
        }
      )
    ));

  it("text without digits and at-signs is left as it is", () =>
    fc.assert(
      fc.property(fc.string({unit: "grapheme"}), (text) => {
        fc.pre(!/[\d@]|\bat\b/i.test(text));
        assert.equal(maskPrivate(text).text, text);
      })
    ));

  it("long runs of digits and dots are read in a moment", () => {
    const began = performance.now();
    for (const piece of ["1", "1 ", "1.", "a.", "a@", "(0", "+", "- "]) maskPrivate(piece.repeat(20_000));
    assert.ok(performance.now() - began < 4000, `${performance.now() - began} ms`);
  });

  it("on real conversations masks the numbers of bookings, and next to nothing where there are none", (t) => {
    if (skipWithoutRealData(t)) return;
    const share = (dataset: string): number => {
      const found = responsesOf(join(REAL_DATA, dataset)).map(maskPrivate);
      return found.filter(({telephones, emails}) => telephones + emails > 0).length / found.length;
    };
    assert.ok(share("uss") > 0.02, `task-oriented dialogues give telephone numbers: ${share("uss")}`);
    for (const dataset of ["amazonqa", "cornell_movie", "usr_topicalchat", "hh_rlhf_chosen"])
      assert.ok(share(dataset) < 0.005, dataset);
  });
});

function responsesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl.gz"))
    .flatMap((name) =>
      gunzipSync(readFileSync(join(folder, name)))
        .toString()
        .split("\n")
    )
    .filter((line) => line !== "")
    .map((line) => String((JSON.parse(line) as {response?: unknown}).response ?? ""));
}
