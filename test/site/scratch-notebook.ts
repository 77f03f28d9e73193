/** A notebook of its own in a temporary folder: the project's site code and configuration around pages of a test. */
import {cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import type {TestContext} from "node:test";
import {PROJECT} from "../../data-loaders/stages/store.js";

const COPIED = [
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "observablehq.config.ts",
  "data-loaders/site",
  "data-loaders/report",
  "data-loaders/stages",
  "src/core",
  "src/data"
];

const HOME = `# Does it help?

<p data-sentence="answer"></p>

<div data-figure="levels"></div>

[Methods](./methods)

\`\`\`ts
const runs = await FileAttachment("./data/study/runs.json").json();
display(runs.rows);
\`\`\`
`;

/** Draws from the sample tables, as the real `src/figures/static.ts` does from real ones. */
const STATIC = `import type {AllCubes} from "../core/cubes-reader.js";
export const STATIC_FIGURES = {
  levels({levels}: AllCubes, document: Document): Element {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 10 10");
    for (const {system} of levels) svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "text")).textContent = system;
    return svg;
  }
};
export const STATIC_SENTENCES = {
  answer({study}: AllCubes, document: Document): Element {
    const p = document.createElement("p");
    p.innerHTML = "Over <b>" + study.counts.runs + "</b> runs.";
    return p;
  }
};
`;

/** Every page of the project but the home page: the configuration names them all. */
async function pageNames(): Promise<string[]> {
  const files = (await readdir(join(PROJECT, "src"))).filter((file) => file.endsWith(".md"));
  return files.map((file) => file.slice(0, -".md".length)).filter((name) => name !== "index");
}

/** File below the notebook's root → text. */
export type Files = Record<string, string>;

/** Makes a notebook, with `files` over the default pages, and removes it after the test. Returns its folder. */
export async function scratchNotebook(t: TestContext, files: Files = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "because-notebook-"));
  t.after(() => rm(folder, {recursive: true, force: true}));
  for (const path of COPIED) await cp(join(PROJECT, path), join(folder, path), {recursive: true});
  await symlink(join(PROJECT, "node_modules"), join(folder, "node_modules"));
  const names = await pageNames();
  const pages = Object.fromEntries(names.map((name) => [`src/${name}.md`, `# ${name}\n\nA page.\n`]));
  const defaults = {
    "src/index.md": HOME,
    "src/figures/static.ts": STATIC,
    "src/components/advice.ts": "export {};\n",
    "src/components/search.ts": "export {};\n",
    "src/style.css": "body { color: #111; }\n"
  };
  await writeFiles(folder, {...pages, ...defaults, ...files});
  return folder;
}

/** Writes files below `folder`, making folders as needed. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), {recursive: true});
    await writeFile(join(folder, path), text);
  }
}
