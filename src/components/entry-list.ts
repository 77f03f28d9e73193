/** A list of examples that arrow keys move through, one of them chosen: a listbox, its entries drawn up to a bound. */

/** How many entries are drawn; more would only slow the page down. */
export const LISTED = 400;

export interface Entry {
  id: string;
  /** Where it is from, above its text. */
  where: string;
  text: string;
}

export interface EntryList {
  element: HTMLUListElement;
  /** Draws these entries; none is chosen before {@link mark}. */
  show(entries: readonly Entry[]): void;
  /** Marks one as chosen, and scrolls to it within the list. */
  mark(id: string | null): void;
}

/** `onChoose` hears of every entry that a click or a key moves to. */
export function entryList(label: string, onChoose: (id: string) => void): EntryList {
  const element = document.createElement("ul");
  element.className = "example-list";
  element.tabIndex = 0;
  element.setAttribute("role", "listbox");
  element.setAttribute("aria-label", label);
  let ids: string[] = [];
  let chosen: string | null = null;
  const choose = (id: string | undefined) => {
    if (id !== undefined) onChoose(id);
  };
  element.addEventListener("click", ({target}) => choose((target as Element).closest("li")?.dataset.id));
  element.addEventListener("keydown", (event) => {
    const at = chosen === null ? -1 : ids.indexOf(chosen);
    const last = ids.length - 1;
    const moves: Record<string, number> = {
      ...{ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last},
      ...{PageDown: at + 10, PageUp: at - 10}
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(ids[Math.max(0, Math.min(last, to))]);
  });
  return {
    element,
    show(entries) {
      const drawn = entries.slice(0, LISTED);
      ids = drawn.map(({id}) => id);
      element.replaceChildren(...drawn.map(entryElement));
    },
    mark(id) {
      chosen = id;
      markChosen(element, id);
    }
  };
}

function entryElement({id, where, text}: Entry): HTMLLIElement {
  const entry = document.createElement("li");
  entry.setAttribute("role", "option");
  entry.dataset.id = id;
  entry.id = `entry-${id.replace(/\W+/g, "-")}`;
  const line = (className: string, content: string) => {
    const span = document.createElement("span");
    span.className = className;
    span.textContent = content;
    return span;
  };
  entry.append(line("where", where), line("text", text));
  return entry;
}

function markChosen(list: HTMLElement, id: string | null): void {
  list.removeAttribute("aria-activedescendant");
  for (const entry of list.children as HTMLCollectionOf<HTMLElement>) {
    const chosen = entry.dataset.id === id;
    entry.setAttribute("aria-selected", String(chosen));
    if (!chosen) continue;
    list.setAttribute("aria-activedescendant", entry.id);
    const [top, bottom] = [
      entry.offsetTop - list.offsetTop,
      entry.offsetTop - list.offsetTop + entry.offsetHeight
    ];
    if (top < list.scrollTop) list.scrollTop = top;
    else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
  }
}
