/** What Framework leaves out of a page's HTML, added to the built files. */
import {readFile, writeFile} from "node:fs/promises";
import {basename} from "node:path";
import {contentPolicy, scriptHashes} from "./content-policy.js";
import {siteFiles} from "./site-files.js";

/** Finishes every page of a built site in place. */
export async function finishPages(site: string): Promise<void> {
  const pages = (await siteFiles(site)).filter((file) => file.endsWith(".html"));
  await Promise.all(
    pages.map(async (file) => {
      const html = await readFile(file, "utf8");
      await writeFile(file, finishPage(basename(file) === "404.html" ? finishNotFound(html) : html));
    })
  );
}

/**
 * Names the language for screen readers, lets phones zoom, and closes the page to other origins. What the page shows
 * comes before what makes it live: modules are loaded early, but not before the style sheet.
 */
export function finishPage(html: string): string {
  const policy = contentPolicy(scriptHashes(html));
  return html
    .replace("<html>", `<html lang="en">`)
    .replace(", maximum-scale=1", "")
    .replace(ALIGNED, `$1 align="$2"`)
    .replaceAll(`<link rel="modulepreload" `, `<link rel="modulepreload" fetchpriority="low" `)
    .replace(
      `<meta charset="utf-8">`,
      () => `<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${policy}">`
    );
}

/** How Markdown aligns a table's cells: by a style, which the policy lets nobody see. */
const ALIGNED = /(<t[dh]) style="text-align:\s*(left|right|center);?"/g;

/** Goes up one folder where the style sheet is not in the one that was asked for. */
const GO_UP = `
addEventListener("error", ({target}) => {
  if (target.rel !== "stylesheet") return;
  const base = document.querySelector("base");
  const up = new URL("../", base.href).href;
  if (up === base.href) return;
  base.href = up;
  target.replaceWith(target.cloneNode());
}, true);
`;

/**
 * The page for addresses that are not there is served under any of them. Framework has it look for its files at the
 * host's root, which is wrong for a site under a path: here it looks beside what was asked for, then further up.
 */
export function finishNotFound(html: string): string {
  return html.replace(`<base href="/">`, () => `<base href="./">\n<script>${GO_UP}</script>`);
}
