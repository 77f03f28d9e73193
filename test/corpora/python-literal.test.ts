import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {NotALiteral, parsePythonLiteral} from "../../data-loaders/corpora/python-literal.js";

/** As Python's `repr` writes a value: single quotes unless the text has some and no double ones. */
function repr(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return Object.is(value, -0) ? "-0.0" : String(value);
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  return `{${Object.entries(value as object)
    .map(([key, inner]) => `${quoted(key)}: ${repr(inner)}`)
    .join(", ")}}`;
}

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = [...text].map((character) => {
    const code = character.codePointAt(0)!;
    if (character === quote || character === "\\") return `\\${character}`;
    if (character === "\n") return "\\n";
    if (character === "\r") return "\\r";
    if (character === "\t") return "\\t";
    if (code < 0x20 || (code >= 0x7f && code < 0xa1)) return `\\x${code.toString(16).padStart(2, "0")}`;
    if (code >= 0xd800 && code < 0xe000) return `\\u${code.toString(16)}`;
    return character;
  });
  return `${quote}${escaped.join("")}${quote}`;
}

const values = fc.letrec((tie) => ({
  value: fc.oneof(
    {maxDepth: 4},
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({noNaN: true, noDefaultInfinity: true}),
    fc.string({unit: "binary"}),
    fc.string(),
    fc.array(tie("value"), {maxLength: 4}),
    fc.dictionary(
      fc.string().filter((key) => key !== "__proto__"),
      tie("value"),
      {maxKeys: 4, noNullPrototype: true}
    )
  )
})).value;

test("what Python writes with repr is read back", () => {
  fc.assert(
    fc.property(values, (value) => assert.deepEqual(parsePythonLiteral(repr(value)), value)),
    {numRuns: 1000}
  );
});

test("JSON is read too", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      if (!text.includes("__proto__")) assert.deepEqual(parsePythonLiteral(text), JSON.parse(text));
    })
  );
});

test("literals as people and publishers write them", () => {
  for (const [text, value] of [
    [String.raw`'It\'s'`, "It's"],
    [String.raw`"a\x41\101\u00e9\U0001F642\q\a"`, "aAAé🙂\\q\x07"],
    [String.raw`'\ud83d\ude42'`, "🙂"],
    [String.raw`r'\n' 'and' "more"`, "\\nandmore"],
    [`u'old' b"bytes"`, "oldbytes"],
    [`'''it's "long"'''`, `it's "long"`],
    ["'a\\\nb'", "ab"],
    ["(1, -2.5, +3e2, 1_000,)", [1, -2.5, 300, 1000]],
    ["{'a': [], 'b': (), 'c': {}, 1: 'one',}", {a: [], b: [], c: {}, 1: "one"}],
    ["  [ True,False , None ]  ", [true, false, null]]
  ] as const)
    assert.deepEqual(parsePythonLiteral(text), value, text);
});

test("what is no literal is refused, whatever it is", () => {
  for (const text of [
    "",
    "{'a': 'b'",
    "{'a' 'b'}",
    "{'a': }",
    "[1 2]",
    "[,]",
    "'open",
    String.raw`'open\'`,
    "'a' b",
    "print(1)",
    "nan",
    String.raw`'\x4'`,
    String.raw`'\U00110000'`,
    "[".repeat(100_000),
    '{\'a\': "He said "no""}'
  ])
    assert.throws(() => parsePythonLiteral(text), NotALiteral, text.slice(0, 40));
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parsePythonLiteral(text);
      } catch (error) {
        assert.ok(error instanceof NotALiteral);
      }
    })
  );
});
