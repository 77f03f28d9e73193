/** `npm start` and `because` as processes, in a copy of the project whose command is a few lines that tell what they got. */
import assert from "node:assert/strict";
import {spawn, type ChildProcess} from "node:child_process";
import {once} from "node:events";
import {cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, test, type TestContext} from "node:test";
import {fileURLToPath} from "node:url";
import {capture} from "../../data-loaders/setup/capture.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const COMMAND = `
const told: {args: string[]; cwd: string} = {args: process.argv.slice(2), cwd: process.cwd()};
let signals = 0;
process.on("SIGINT", () => {
  signals += 1;
  if (signals === 1) setTimeout(() => { console.log(\`signals \${signals}\`); process.exit(130); }, 300);
});
console.log(JSON.stringify(told));
if (told.args.includes("wait")) setInterval(() => undefined, 1000);
else process.exitCode = Number(told.args.at(-1)) || 0;
`;

/** A project with Because's bootstrap, the packages of this one, and the command above. */
function project(t: TestContext): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "because launch ")));
  t.after(() => rmSync(root, {recursive: true}));
  for (const path of ["package.json", "package-lock.json", "tsconfig.json"])
    cpSync(join(ROOT, path), join(root, path));
  mkdirSync(join(root, "data-loaders"));
  for (const path of ["setup", "start.mjs", "because.mjs"])
    cpSync(join(ROOT, "data-loaders", path), join(root, "data-loaders", path), {recursive: true});
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  writeFileSync(join(root, "data-loaders", "cli.ts"), COMMAND);
  return root;
}

describe("the bootstrap", () => {
  test("hands arguments on as they are, and keeps the exit code", async (t) => {
    const root = project(t);
    const script = join(root, "data-loaders", "start.mjs");
    const {code, stdout} = await capture(process.execPath, [script, "--study", "my study.yaml", "--", "7"], {
      env: process.env,
      cwd: root
    });
    assert.deepEqual(JSON.parse(stdout), {args: ["start", "--study", "my study.yaml", "--", "7"], cwd: root});
    assert.equal(code, 7);
  });

  test("works from another folder, which stays the working directory", async (t) => {
    const root = project(t);
    const elsewhere = join(root, "some where");
    mkdirSync(elsewhere);
    const {stdout} = await capture(
      process.execPath,
      [join(root, "data-loaders", "because.mjs"), "check", "a b.yaml"],
      {
        env: process.env,
        cwd: elsewhere
      }
    );
    assert.deepEqual(JSON.parse(stdout), {args: ["check", "a b.yaml"], cwd: elsewhere});
  });

  test("gives Ctrl-C to the command once, and ends as it ends", async (t) => {
    const root = project(t);
    // A group of its own, so that the signal goes to the whole group as a terminal's Ctrl-C does.
    const child = spawn(process.execPath, [join(root, "data-loaders", "start.mjs"), "wait"], {
      detached: true,
      stdio: ["ignore", "pipe", "inherit"]
    });
    const output = gathered(child);
    await output.until(/"wait"/);
    process.kill(-(child.pid ?? assert.fail("not started")), "SIGINT");
    const [code] = (await once(child, "close")) as [number | null];
    assert.match(output.text(), /signals 1\n$/);
    assert.equal(code, 130);
  });

  test("refuses an old Node.js in one sentence, before anything else", async (t) => {
    const root = project(t);
    rmSync(join(root, "node_modules"));
    const pretend = 'Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.20.4"}})';
    const {code, stdout, stderr} = await capture(
      process.execPath,
      [
        "--import",
        `data:text/javascript,${encodeURIComponent(pretend)}`,
        join(root, "data-loaders", "start.mjs")
      ],
      {env: process.env, cwd: root}
    );
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /^Because needs Node\.js 20\.19 or newer, found 18\.20\.4: install .*\n$/);
  });
});

/** What a process writes, and waiting for a part of it. */
function gathered(child: ChildProcess): {text: () => string; until: (pattern: RegExp) => Promise<void>} {
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (more: string) => (text += more));
  const until = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(text)) await once(child.stdout ?? assert.fail("no output"), "data");
  };
  return {text: () => text, until};
}
