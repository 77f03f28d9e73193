/**
 * What a stranger does: clone, `npm start`. A clone of HEAD in a temporary folder, nothing from the working tree, only
 * the downloads that npm and pip keep in their own caches; npm packages, Python environment, training and notebook are
 * all made anew. Then once more, which must find everything done.
 */
import assert from "node:assert/strict";
import {mkdtemp, readdir, readFile, rm, stat, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {test} from "node:test";
import {fileURLToPath} from "node:url";
import {capture, type Captured} from "../../data-loaders/setup/capture.js";
import {SMALL_STUDY} from "../street/street.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MINUTES = 60_000;
/** Seconds that a start may take when nothing is left to do: a build machine may be busy, a person should wait less. */
const QUICK = 30;

/** The environment without what `npm test` and this project put into it. */
function strangersEnvironment(): NodeJS.ProcessEnv {
  const ours = /^(npm_(?!config_(cache|registry)$)|INIT_CWD$|NODE_|BECAUSE_|VIRTUAL_ENV$|PYTHON)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

/** Path → size and time of change of every run's manifest: a run that is trained again changes its own. */
async function manifests(store: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const run of await readdir(join(store, "runs"))) {
    const {size, mtimeMs} = await stat(join(store, "runs", run, "manifest.json"));
    found.set(run, `${size} ${mtimeMs}`);
  }
  return found;
}

test("a fresh clone starts with one command, and a second start has nothing to do", async (t) => {
  const env = strangersEnvironment();
  const head = await capture("git", ["rev-parse", "HEAD"], {env, cwd: ROOT});
  if (head.code !== 0) return t.skip("this copy of the project is not a git clone");
  const folder = await mkdtemp(join(tmpdir(), "because-clone-"));
  t.after(() => rm(folder, {recursive: true, force: true}));
  const clone = join(folder, "because");
  const cloned = await capture("git", ["clone", "--quiet", "--no-hardlinks", ROOT, clone], {env});
  assert.equal(cloned.code, 0, cloned.stderr);
  const study = join(folder, "small.yaml");
  await writeFile(study, SMALL_STUDY);

  const start = async (): Promise<Captured & {seconds: number}> => {
    const began = performance.now();
    const args = ["start", "--", "--no-serve", "--study", study];
    const ended = await capture("npm", args, {env, cwd: clone, timeout: 15 * MINUTES});
    return {...ended, seconds: (performance.now() - began) / 1000};
  };
  const first = await start();
  assert.equal(first.code, 0, `${first.stdout}\n${first.stderr}`);
  t.diagnostic(`first start: ${first.seconds.toFixed(0)} s`);

  const store = join(clone, ".because");
  const before = await manifests(store);
  assert.ok(before.size >= 5, "every arm has a run");
  const sites = await readdir(join(store, "site"));
  const pages = await Promise.all(
    sites.map((site) => readFile(join(store, "site", site, "index.html"), "utf8"))
  );
  assert.ok(
    pages.some((page) => page.includes("Small")),
    "the notebook shows the study's title"
  );

  const second = await start();
  assert.equal(second.code, 0, `${second.stdout}\n${second.stderr}`);
  t.diagnostic(`second start: ${second.seconds.toFixed(1)} s`);
  assert.deepEqual(await manifests(store), before, "no run is trained again");
  assert.ok(second.seconds < QUICK, `the second start took ${second.seconds.toFixed(1)} s`);

  const status = await capture("git", ["status", "--porcelain"], {env, cwd: clone});
  assert.equal(status.stdout, "", "nothing is left outside of the ignored folders");
});
