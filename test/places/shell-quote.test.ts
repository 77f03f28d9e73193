import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {describe, it} from "node:test";
import fc from "fast-check";
import {quoteArgument, quoteCommand} from "../../data-loaders/places/shell-quote.js";
import {HOSTILE} from "./hostile-names.js";

const SHELLS = ["sh", "bash", "dash", "zsh", "fish"].filter(
  (shell) => spawnSync(shell, ["-c", "true"]).status === 0
);

function heardBy(shell: string, argv: string[]): string[] {
  const print = "import json, sys; sys.stdout.write(json.dumps(sys.argv[1:]))";
  const {stdout, stderr} = spawnSync(shell, ["-c", quoteCommand(["python3", "-c", print, ...argv])], {
    encoding: "utf8"
  });
  assert.equal(stderr, "");
  return JSON.parse(stdout) as string[];
}

/** The same by the shell's own printf, which starts no other program. */
function printedBy(shell: string, argv: string[]): string[] {
  const command = quoteCommand(["printf", "%s\\0", "first", ...argv]);
  const {stdout, stderr} = spawnSync(shell, ["-c", command], {encoding: "utf8"});
  assert.equal(stderr, "");
  return stdout.split("\0").slice(1, -1);
}

describe("command lines for shells", () => {
  it("hostile names reach a program as they are, whatever the shell", () => {
    assert.ok(SHELLS.includes("sh"));
    for (const shell of SHELLS) assert.deepEqual(heardBy(shell, HOSTILE), HOSTILE, shell);
  });

  it("so does anything else", () =>
    fc.assert(
      fc.property(
        fc.array(
          fc
            .string({unit: fc.oneof(fc.constantFrom(..."'\"\\$`!;&|<>(){}[]*?~#\n\t -="), fc.string())})
            .filter((text) => !text.includes("\0") && !/\p{Surrogate}/u.test(text)),
          {maxLength: 5}
        ),
        (argv) => assert.deepEqual(printedBy("sh", argv), argv)
      ),
      {numRuns: 200}
    ));

  it("a NUL is refused", () => assert.throws(() => quoteArgument("a\0b"), /NUL/));

  it("plain words stay readable", () =>
    assert.equal(quoteCommand(["rsync", "-a", "/a/b.c", "x y"]), "rsync -a /a/b.c 'x y'"));
});
