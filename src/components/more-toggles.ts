/** Toggles that are seldom used, behind one button, so that the bar stays one calm row. On phones they are in the list. */

export interface MoreToggles {
  element: HTMLElement;
  /** Says on the button how many of its toggles are not as they open. */
  tellChanged(count: number): void;
}

let opened = 0;

/** A button that opens a panel with the fields above itself; Escape, or a click elsewhere, closes it. */
export function moreToggles(fields: HTMLElement[]): MoreToggles {
  const element = document.createElement("div");
  element.className = "toggle-more";
  const panel = document.createElement("div");
  panel.className = "toggle-panel";
  panel.id = `toggle-panel-${++opened}`;
  panel.append(...fields);
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-controls", panel.id);
  const open = (is: boolean) => {
    button.setAttribute("aria-expanded", String(is));
    element.classList.toggle("open", is);
  };
  open(false);
  button.addEventListener("click", () => open(!element.classList.contains("open")));
  element.addEventListener("keydown", ({key}) => {
    if (key !== "Escape" || !element.classList.contains("open")) return;
    open(false);
    button.focus();
  });
  document.addEventListener("pointerdown", ({target}) => {
    if (!element.contains(target as Node)) open(false);
  });
  element.append(button, panel);
  const tellChanged = (count: number) => {
    button.textContent = count === 0 ? "More" : `More · ${count} changed`;
  };
  return {element, tellChanged};
}
