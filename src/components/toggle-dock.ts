/** The dock at the foot of the window that holds the toggle bar: out of the text's flow, so that nothing moves when it comes. */

/** Where the bar is folded to one line that says its state. */
const FOLDED = "(max-width: 900px)";

/** Puts the bar into the page, with the note above it and the state in words for where it is folded. */
export function mountBar(bar: HTMLElement, note: HTMLElement, state: HTMLElement): void {
  document.querySelector(".toggle-dock")?.remove();
  const dock = document.createElement("aside");
  dock.className = "toggle-dock";
  dock.setAttribute("aria-label", "Toggles");
  const details = document.createElement("details");
  details.open = !matchMedia(FOLDED).matches;
  const summary = document.createElement("summary");
  const name = document.createElement("span");
  name.className = "toggle-name";
  name.textContent = "What the figures show";
  summary.append(name, state);
  details.append(summary, bar);
  dock.append(note, details);
  const main = document.querySelector("main") ?? document.body;
  main.prepend(dock);
  const measure = () => document.documentElement.style.setProperty("--dock-height", `${dock.offsetHeight}px`);
  new ResizeObserver(measure).observe(dock);
}
