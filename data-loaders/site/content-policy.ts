/**
 * The Content-Security-Policy of built pages: nothing may be fetched from, or sent to, another origin, wherever the
 * site is served, and no script runs but the site's own files and the modules that Framework wrote into a page's head,
 * which are named by their hashes. No style stands in a page at all. WebAssembly is DuckDB's.
 */
import {createHash} from "node:crypto";

const MODULE = /<script(?: type="module")?>([\s\S]*?)<\/script>/g;

/** The policy of a page, or of several, that lets scripts of these hashes run. */
export function contentPolicy(hashes: Iterable<string>): string {
  const named = [...new Set(hashes)].sort().map((hash) => `'sha256-${hash}'`);
  return [
    "default-src 'none'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...named].join(" "),
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "worker-src 'self'",
    "connect-src 'self'",
    "base-uri 'self'",
    "form-action 'self'"
  ].join("; ");
}

/**
 * SHA-256 in base 64 of the scripts in a page's head. Those in its body are left out: Framework writes none there, so
 * that one could only have come out of a text that was shown without being escaped.
 */
export function scriptHashes(html: string): string[] {
  const head = html.slice(0, Math.max(0, html.indexOf("</head>")));
  return [...head.matchAll(MODULE)].map(([, code]) =>
    createHash("sha256").update(code!.replace(/\r\n?/g, "\n")).digest("base64")
  );
}
