import assert from "node:assert/strict";
import {existsSync} from "node:fs";
import {builtinModules} from "node:module";
import {dirname, join, posix} from "node:path";
import {test} from "node:test";
import ts from "typescript";
import {PROJECT} from "../../data-loaders/stages/store.js";
import {pageModule} from "./page-code.js";
import {sourceFiles, type SourceFile} from "./source-files.js";

/** What each part of the house may import of the others. A part is a folder; files outside all parts are free. */
const MAY_IMPORT: Record<string, string[]> = {
  "src/core": ["src/core"],
  "src/figures": ["src/figures", "src/core"],
  "src/components": ["src/components", "src/figures", "src/core"],
  "src/data": ["data-loaders"],
  src: ["src/components", "src/figures", "src/core"],
  "data-loaders": ["data-loaders", "src/core", "src/figures"],
  "observablehq.config.ts": ["data-loaders/site", "src/figures", "src/core"]
};
/** Parts that run in a browser: no module of Node. */
const IN_BROWSER = ["src/core", "src/figures", "src/components", "src"];
const BUILT_IN = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));

/** What a worker has besides pure functions. */
const INPUT_OUTPUT = /\bfetch\(|\b(?:XMLHttpRequest|WebSocket|indexedDB|caches|importScripts|postMessage)\b/;

interface Import {
  from: string;
  specifier: string;
}

function importsOf({path, text}: SourceFile): Import[] {
  const {importedFiles} = ts.preProcessFile(path.endsWith(".md") ? pageModule(text) : text, true, true);
  return importedFiles.map(({fileName}) => ({from: path, specifier: fileName}));
}

/** The part of the house that a file belongs to: the longest that matches. */
function partOf(path: string): string | undefined {
  return Object.keys(MAY_IMPORT)
    .filter((part) => path === part || path.startsWith(`${part}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** What is wrong with one import; undefined when nothing is. */
function fault({from, specifier}: Import): string | undefined {
  const part = partOf(from);
  if (!specifier.startsWith(".")) {
    const browser = part !== undefined && IN_BROWSER.includes(part);
    return browser && BUILT_IN.has(specifier)
      ? `${from}: runs in a browser and imports ${specifier}`
      : undefined;
  }
  if (!/\.(?:js|mjs|json)$/.test(specifier)) return `${from}: “${specifier}” has no ending`;
  const target = posix.join(posix.dirname(from), specifier);
  const source = target.replace(/\.js$/, ".ts");
  if (![source, target].some((file) => existsSync(join(PROJECT, file))))
    return `${from}: “${specifier}” is not there`;
  const allowed = part === undefined || MAY_IMPORT[part]!.some((other) => source.startsWith(`${other}/`));
  return allowed ? undefined : `${from}: ${part} may not import “${specifier}”`;
}

function faults(files: SourceFile[]): string[] {
  return files.flatMap(importsOf).flatMap((found) => fault(found) ?? []);
}

test("a file that knows whom it may not know is found", () => {
  const broken: SourceFile[] = [
    {
      path: "src/core/a.ts",
      text: `import {readFile} from "node:fs/promises";\nimport {x} from "../figures/frame.js";`
    },
    {path: "src/figures/a.ts", text: `const later = () => import("../components/a.js");`},
    {
      path: "src/runs.md",
      text: '# Runs\n\n```ts\nimport type {Store} from "../data-loaders/stages/store.js";\n```\n'
    },
    {path: "data-loaders/a.ts", text: `import {armId} from "../src/core/arms";`}
  ];
  assert.deepEqual(
    faults(broken).map((line) => line.replace(/“.*?”/, "…")),
    [
      "src/core/a.ts: runs in a browser and imports node:fs/promises",
      "src/core/a.ts: src/core may not import …",
      "src/figures/a.ts: … is not there",
      "src/runs.md: src may not import …",
      "data-loaders/a.ts: … has no ending"
    ]
  );
});

test("every import of the project follows the rule of the house", () => {
  const files = [
    ...sourceFiles("src", ".ts", ".md"),
    ...sourceFiles("data-loaders", ".ts", ".mjs"),
    ...sourceFiles("test", ".ts"),
    ...sourceFiles(".", ".ts").filter(({path}) => path === "observablehq.config.ts")
  ];
  assert.ok(files.flatMap(importsOf).length > 100, "hardly any import was found");
  assert.deepEqual(faults(files), []);
});

test("core compiles without a DOM and without Node, and reaches for no network", () => {
  const files = sourceFiles("src/core", ".ts").map(({path}) => join(PROJECT, path));
  const {config} = ts.readConfigFile(join(PROJECT, "tsconfig.json"), ts.sys.readFile);
  const {options} = ts.parseJsonConfigFileContent(config, ts.sys, dirname(join(PROJECT, "tsconfig.json")));
  const program = ts.createProgram(files, {
    ...options,
    lib: ["lib.es2023.d.ts", "lib.webworker.d.ts"],
    types: []
  });
  const diagnostics = files.flatMap((file) => program.getSemanticDiagnostics(program.getSourceFile(file)));
  assert.deepEqual(
    diagnostics.map(
      ({file, messageText}) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`
    ),
    []
  );
  const reaching = sourceFiles("src/core", ".ts").filter(({text}) => INPUT_OUTPUT.test(text));
  assert.deepEqual(
    reaching.map(({path}) => path),
    []
  );
});
