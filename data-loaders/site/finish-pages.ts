/** What Framework leaves out of a page's HTML, added to the built files. */
import {readFile, writeFile} from "node:fs/promises";
import {basename} from "node:path";
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
  await Promise.all(
    pages.map(async (file) => {
      const html = finishPage(await readFile(file, "utf8"));
      await writeFile(file, basename(file) === "404.html" ? finishNotFound(html) : html);
    })
  );
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

/** Goes up one folder where the style sheet is not in the one that was asked for. */
const GO_UP =
  "const b=document.querySelector('base'),up=new window.URL('../',b.href).href;" +
  "if(up!==b.href){b.href=up;this.replaceWith(this.cloneNode())}";

/**
 * The page for addresses that are not there is served under any of them. Framework has it look for its files at the
 * host's root, which is wrong for a site under a path: here it looks beside what was asked for, then further up.
 */
export function finishNotFound(html: string): string {
  return html
    .replace(`<base href="/">`, `<base href="./">`)
    .replace(`<link rel="stylesheet" `, `<link rel="stylesheet" onerror="${GO_UP}" `);
}
