/** Pages stay light: nothing that they load may reach the library of distributions, which weighs 140 kB. */
import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {dirname, join, resolve} from "node:path";
import {test} from "node:test";
import {PROJECT} from "../../data-loaders/stages/store.js";

const SOURCE = join(PROJECT, "src");
const IMPORT = /(?:^|\n)\s*(?:import|export)\s+(?!type\b)[^;]*?from\s+"([^"]+)"/g;

/** What a file loads when it runs, as resolved paths and package names. */
function loads(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(IMPORT)].map(([, name]) =>
    name!.startsWith(".") ? resolve(dirname(file), name!.replace(/\.js$/, ".ts")) : name!
  );
}

/** The chain of imports from a page to a package; null where there is none. */
function wayTo(target: string, file: string, seen: Set<string>): string[] | null {
  for (const next of loads(file)) {
    if (next === target) return [file, next];
    if (!next.startsWith(SOURCE) || seen.has(next)) continue;
    seen.add(next);
    const way = wayTo(target, next, seen);
    if (way) return [file, ...way];
  }
  return null;
}

test("no page, figure or component loads the distributions", () => {
  const pages = readdirSync(SOURCE, {recursive: true, encoding: "utf8"})
    .filter((name) => name.endsWith(".md") || /^(figures|components)\/.*\.ts$/.test(name))
    .map((name) => join(SOURCE, name));
  assert.ok(pages.length > 20, String(pages.length));
  for (const page of pages)
    assert.equal(
      wayTo("cephes", page, new Set())
        ?.map((file) => file.replace(SOURCE, ""))
        .join(" → ") ?? null,
      null
    );
});

test("the search finds such a chain where there is one", () => {
  const way = wayTo("cephes", join(SOURCE, "core/hypotheses.ts"), new Set());
  assert.equal(way?.at(-1), "cephes");
});
