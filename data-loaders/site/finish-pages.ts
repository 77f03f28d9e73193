/** What Framework leaves out of a page's HTML, added to the built files. */
import {readFile, writeFile} from "node:fs/promises";
import {siteFiles} from "./site-files.js";

/**
 * Nothing may be fetched from, or sent to, another origin, wherever the site is served. Inline modules and styles
 * are Framework's own; WebAssembly and blobs are DuckDB's.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "connect-src 'self' data: blob:",
  "object-src 'none'",
  "base-uri 'self'"
].join("; ");

/** Finishes every page of a built site in place. */
export async function finishPages(site: string): Promise<void> {
  const pages = (await siteFiles(site)).filter((file) => file.endsWith(".html"));
  await Promise.all(pages.map(async (file) => writeFile(file, finishPage(await readFile(file, "utf8")))));
}

/**
 * Names the language for screen readers, lets phones zoom, and closes the page to other origins. What the page shows
 * comes before what makes it live: modules are loaded early, but not before the style sheet.
 */
export function finishPage(html: string): string {
  return html
    .replace("<html>", `<html lang="en">`)
    .replace(", maximum-scale=1", "")
    .replaceAll(`<link rel="modulepreload" `, `<link rel="modulepreload" fetchpriority="low" `)
    .replace(
      `<meta charset="utf-8">`,
      `<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">`
    );
}
