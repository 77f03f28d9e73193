/** Small files for whoever serves the site: headers, and a word to GitHub Pages. */
import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {contentPolicy, scriptHashes} from "../site/content-policy.js";
import {siteFiles} from "../site/site-files.js";

/**
 * Writes `_headers`, which Netlify, Cloudflare Pages and others read, and `.nojekyll`, without which GitHub Pages leaves
 * out folders that begin with `_`.
 */
export async function writeHostFiles(site: string): Promise<void> {
  const pages = (await siteFiles(site)).filter((file) => file.endsWith(".html"));
  const hashes = await Promise.all(pages.map(async (file) => scriptHashes(await readFile(file, "utf8"))));
  await writeFile(join(site, "_headers"), headersFile(hashes.flat()));
  await writeFile(join(site, ".nojekyll"), "");
}

/** Each page has a policy of its own in its HTML; this one, for all, adds that no other site may show them in a frame. */
function headersFile(hashes: string[]): string {
  return [
    "/*",
    `  Content-Security-Policy: ${contentPolicy(hashes)}; frame-ancestors 'none'`,
    "  X-Content-Type-Options: nosniff",
    "  Referrer-Policy: no-referrer",
    "  Cross-Origin-Opener-Policy: same-origin",
    "  Permissions-Policy: camera=(), geolocation=(), microphone=()",
    ""
  ].join("\n");
}
