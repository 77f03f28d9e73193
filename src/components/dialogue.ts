/** A dialogue and the response to be judged, as every page that shows an example shows it. */
import type {ShownExample} from "../core/cubes.js";

/** An element with text in it. */
export function textElement<K extends keyof HTMLElementTagNameMap>(
  name: K,
  content: string,
  className = ""
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  element.textContent = content;
  if (className) element.className = className;
  return element;
}

/** Turns by role, and the response last. */
export function dialogueList({turns, response}: Pick<ShownExample, "turns" | "response">): HTMLElement {
  const list = document.createElement("dl");
  list.className = "dialogue";
  for (const {role, text} of turns)
    list.append(textElement("dt", role.charAt(0).toUpperCase() + role.slice(1)), textElement("dd", text));
  list.append(textElement("dt", "Response to be judged"), textElement("dd", response, "judged"));
  return list;
}
