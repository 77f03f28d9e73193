/**
 * Framework ends with exit code 0 on a page that does not parse (it ships the message as red text), on broken
 * links and on packages it could not resolve. So a built site is read again before anyone sees it.
 */
import {existsSync, readFileSync} from "node:fs";
import {dirname, join, relative} from "node:path";
import {parseHTML} from "linkedom";
import {siteFiles} from "./site-files.js";

/** Attributes that load something, and that link somewhere. */
const LOADS = [
  ["script[src]", "src"],
  ["link[rel=stylesheet],link[rel=modulepreload],link[rel=preload]", "href"],
  ["img[src]", "src"]
] as const;
/** `import "x"`, `from "x"`, `import("x")` where x is a package name, not a path: the browser cannot resolve it. */
const BARE_IMPORT = /\b(?:from|import)\s*\(?\s*(["'])((?!data:|blob:)[^"'./][^"'\s]*)\1/g;

/** Everything wrong with a built site, one sentence each; empty when all is well. */
export async function siteProblems(site: string): Promise<string[]> {
  const files = await siteFiles(site);
  const pages = new Map(files.filter((file) => file.endsWith(".html")).map((file) => [file, readPage(file)]));
  const problems = [...pages.values()].flatMap((page) => [
    ...syntaxErrors(site, page),
    ...unlawful(site, page),
    ...missingAssets(site, page),
    ...brokenLinks(site, page, pages)
  ]);
  const modules = files.filter((file) => /\/_import\/.*\.js$/.test(file));
  problems.push(...modules.flatMap((file) => bareImports(relative(site, file), readFileSync(file, "utf8"))));
  const fetched = files.filter((file) => /\/_(?:npm|jsr)\//.test(file));
  return [
    ...problems,
    ...fetched.map((file) => `${relative(site, file)}: came from a package server, not from node_modules`)
  ];
}

interface Page {
  file: string;
  document: Document;
  anchors: Set<string>;
}

function readPage(file: string): Page {
  const {document} = parseHTML(readFileSync(file, "utf8"));
  const anchors = new Set([...document.querySelectorAll("[id]")].map(({id}) => id));
  return {file, document: document, anchors};
}

function syntaxErrors(site: string, {file, document}: Page): string[] {
  const failed = [...document.querySelectorAll(".observablehq--error")];
  const inline = [...document.querySelectorAll("script:not([src])")].map(
    ({textContent}) => textContent ?? ""
  );
  return [
    ...failed.map(
      ({textContent}) => `${relative(site, file)}: a code block does not parse: ${textContent?.trim()}`
    ),
    ...inline.flatMap((code) => bareImports(relative(site, file), code))
  ];
}

/** What the page's policy keeps from working, and what no text of a corpus may have become. */
function unlawful(site: string, {file, document}: Page): string[] {
  const name = relative(site, file);
  const scripts = [...document.querySelectorAll("body script:not([src])")];
  const styles = [...document.querySelectorAll("style")];
  const attributes = [...document.querySelectorAll("*")].flatMap((element) =>
    [...element.attributes]
      .filter(({name, value}) => RUNS.test(name) || (ADDRESSES.test(name) && SCRIPT_ADDRESS.test(value)))
      .map((attribute) => `${name}: <${element.localName}> has ${attribute.name}="${attribute.value}"`)
  );
  return [
    ...scripts.map(({textContent}) => `${name}: a script stands in its text: ${textContent?.slice(0, 60)}`),
    ...styles.map(() => `${name}: a style stands in it, which belongs in a style sheet`),
    ...attributes
  ];
}

/** Attributes that are code or style, and that are addresses. */
const RUNS = /^(?:on|style$|srcdoc$)/i;
const ADDRESSES = /^(?:href|src|xlink:href|action|formaction|data)$/i;
const SCRIPT_ADDRESS = /^\s*(?:javascript|vbscript):/i;

function bareImports(name: string, code: string): string[] {
  return [...code.matchAll(BARE_IMPORT)].map(
    ([, , specifier]) => `${name}: imports “${specifier}”, which is not installed in node_modules`
  );
}

function missingAssets(site: string, {file, document}: Page): string[] {
  return LOADS.flatMap(([selector, attribute]) =>
    [...document.querySelectorAll(selector)].flatMap((element) => {
      const address = element.getAttribute(attribute) ?? "";
      if (address.startsWith("data:")) return [];
      if (isRemote(address)) return [`${relative(site, file)}: loads ${address} from another origin`];
      return existsSync(resolveIn(site, file, address))
        ? []
        : [`${relative(site, file)}: loads ${address}, which is not there`];
    })
  );
}

function brokenLinks(site: string, {file, document}: Page, pages: Map<string, Page>): string[] {
  return [...document.querySelectorAll("a[href]")].flatMap((link) => {
    const href = link.getAttribute("href") ?? "";
    if (isRemote(href) || /^(?:mailto|data|blob):/.test(href)) return [];
    const path = resolveIn(site, file, href);
    const target = [path, `${path}.html`, join(path, "index.html")].find((candidate) => pages.has(candidate));
    const anchor = decodeURIComponent(/#(.*)$/.exec(href)?.[1] ?? "");
    if (!target)
      return existsSync(path) ? [] : [`${relative(site, file)}: links to ${href}, which is not there`];
    return !anchor || pages.get(target)!.anchors.has(anchor)
      ? []
      : [`${relative(site, file)}: links to ${href}, a page without that anchor`];
  });
}

function isRemote(address: string): boolean {
  return /^(?:[a-z]+:)?\/\//i.test(address);
}

/** The file that an address on `page` stands for; a page's own file where only a query or an anchor is given. */
function resolveIn(site: string, page: string, address: string): string {
  const path = decodeURIComponent(address.replace(/[?#].*$/, ""));
  if (path === "") return page;
  return path.startsWith("/") ? join(site, path) : join(dirname(page), path);
}
