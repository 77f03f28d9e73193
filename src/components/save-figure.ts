/** Saves a figure as one SVG file for paper: colours written in, legend, note and alternative text inside. */
import {standalone} from "../figures/standalone.js";

/** Adds the button to the figure in `place`, unless it is there or nothing is drawn; `name` becomes the file's name. */
export function addSaveButton(place: HTMLElement, name: string): void {
  const svg = place.querySelector(".drawing svg");
  const known = place.querySelector<HTMLButtonElement>(".save-figure");
  const isEmpty = !svg || svg.hasAttribute("data-empty");
  if (known) known.hidden = isEmpty;
  if (known || isEmpty) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "save-figure";
  button.textContent = "Save SVG";
  button.title = "Save this figure as an SVG file";
  button.addEventListener("click", () => {
    const svg = place.querySelector<SVGSVGElement>(".drawing svg");
    if (svg) save(standalone(svg), `because-${name}.svg`);
  });
  place.append(button);
}

function save(text: string, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], {type: "image/svg+xml"}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
