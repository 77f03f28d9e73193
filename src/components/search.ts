/**
 * The search field in every page's head: a combobox that finds pages, runs, examples and settings. Its index is loaded
 * when the field is first stepped into, not before. `/` steps into it.
 */
import {EMPTY_SEARCH, findHits} from "../core/search-index.js";
import type {Hit, SearchDocument, SearchPage} from "../core/search-index.js";

const KINDS: Record<Hit["kind"], string> = {page: "Page", run: "Run", example: "Example", setting: "Setting"};

/** The index lies beside the page's modules, wherever the site is served. */
const INDEX = new URL("../../_file/data/study/search.json", import.meta.url);

/** Keys of the selection, which links to what was found carry along. */
const KEPT = ["modes", "order", "reduction", "seed", "measure", "interval", "view", "estimator", "layer"];

const form = document.querySelector<HTMLFormElement>(".site-search");
if (form) openSearch(form);

/** Makes the field live. */
export function openSearch(form: HTMLFormElement): void {
  const input = form.querySelector("input")!;
  const list = form.querySelector("ul")!;
  const said = form.querySelector<HTMLElement>("[role=status]")!;
  let index: SearchDocument | undefined;
  let loading: Promise<void> | undefined;
  let hits: Hit[] = [];
  let at = -1;

  const load = () =>
    (loading ??= readIndex().then(
      (read) => {
        index = read;
        find();
      },
      () => (loading = undefined)
    ));
  const mark = (next: number) => {
    at = next;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    const option = list.children[at];
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({block: "nearest"});
  };
  const show = (open: boolean) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) mark(-1);
  };
  const find = () => {
    hits = findHits(index ?? EMPTY_SEARCH, pagesOf(), input.value);
    list.replaceChildren(...hits.map(option));
    show(hits.length > 0 && document.activeElement === input);
    mark(hits.length > 0 ? 0 : -1);
    const asked = input.value.trim() !== "";
    const none = asked && hits.length === 0;
    said.textContent = !asked
      ? ""
      : hits.length > 0
        ? `${hits.length} found`
        : index
          ? "No match"
          : "Loading …";
    said.classList.toggle("none", none && document.activeElement === input);
  };
  input.addEventListener("focus", () => {
    void load();
    find();
  });
  input.addEventListener("input", find);
  input.addEventListener("blur", () => {
    said.classList.remove("none");
    show(false);
  });
  input.addEventListener("keydown", (event) => {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step !== undefined && hits.length > 0) {
      event.preventDefault();
      show(true);
      mark((at + step + hits.length) % hits.length);
    } else if (event.key === "Escape") {
      if (list.hidden && !said.classList.contains("none")) input.value = "";
      event.preventDefault();
      hits = [];
      said.textContent = "";
      said.classList.remove("none");
      show(false);
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const hit = hits[at];
    if (hit) location.assign(linkTo(hit));
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", ({target}) => {
    const hit = hits[[...list.children].indexOf((target as Element).closest("li")!)];
    if (hit) location.assign(linkTo(hit));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}

async function readIndex(): Promise<SearchDocument> {
  const version = document.querySelector<HTMLMetaElement>("meta[name=cubes]")?.content ?? "";
  const response = await fetch(`${INDEX.href}?v=${version}`);
  if (!response.ok) throw new Error(`The index of the search could not be loaded (${response.status}).`);
  return (await response.json()) as SearchDocument;
}

/** As the head's links name them. */
function pagesOf(): SearchPage[] {
  return [...document.querySelectorAll<HTMLAnchorElement>(".site-nav a")].map((link) => ({
    title: link.textContent ?? "",
    href: new URL(link.href).pathname
  }));
}

/** Settings are shown on the page that is open, where it can show them. */
function linkTo({page, query}: Hit): string {
  const shows = document.querySelector(".toggle-bar [name=corpus]") !== null;
  const url = new URL(page || (shows ? location.pathname : "accuracy"), document.baseURI);
  const now = new URLSearchParams(location.search);
  for (const key of KEPT) if (now.has(key)) url.searchParams.set(key, now.get(key)!);
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  return url.href;
}

function option({kind, title}: Hit, i: number): HTMLLIElement {
  const item = document.createElement("li");
  item.setAttribute("role", "option");
  item.id = `site-search-${i}`;
  const name = document.createElement("span");
  name.className = "kind";
  name.textContent = KINDS[kind];
  item.append(name, " ", title);
  return item;
}

/** Where `/` is a letter. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"))
  );
}
