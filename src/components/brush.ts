/**
 * Brushing of the view of entropy and confidence: by mouse, by touch and by keyboard. It lays transparent areas over
 * the figure, keeps the region in the address, and lets the figure move attributes only, once a frame.
 */
import type {AllCubes} from "../core/cubes-reader.js";
import type {Region} from "../core/joint-counts.js";
import {MODE_LOOKS} from "../core/palette.js";
import type {Selection} from "../core/selection.js";
import type {Box, JointModel} from "../figures/joint-model.js";
import {regionText, showRegion} from "../figures/joint-region.js";
import {jointModelOf, jointView} from "../figures/joint-view.js";
import {beginDrag, dragTo, pressKey, readRegion, writeRegion} from "./brush-region.js";
import type {Drag, Point, Sides} from "./brush-region.js";
import {examplesLink} from "./brush-link.js";

export interface Brush {
  /** Follows the selection; call after the figure was drawn. */
  follow: (selection: Selection, cubes: AllCubes) => void;
}

const HINT =
  "Drag over the map or a histogram. By keyboard: Enter makes a brush, arrows move it, Shift and arrows resize it, Escape takes it away.";

/** Makes the figure in `place` a brush; how it is used, and the choice of the map's arm, go into `controls`, what is in it below. */
export function openBrush(place: HTMLElement, controls: HTMLElement): Brush {
  const query = new URLSearchParams(location.search);
  let address = query.get("brush");
  let mapped = query.get("of") ?? undefined;
  let region: Region | null = null;
  let shown: {selection: Selection; cubes: AllCubes} | undefined;
  let figure: SVGSVGElement | null = null;
  let model: JointModel | undefined;

  const said = document.createElement("p");
  said.className = "brush-said";
  said.setAttribute("role", "status");
  const arms = document.createElement("select");
  const arm = document.createElement("label");
  arm.append("Map of ", arms);
  const clear = document.createElement("button");
  Object.assign(clear, {type: "button", textContent: "Clear the brush"});
  const link = document.createElement("a");
  const hint = document.createElement("p");
  hint.className = "brush-hint";
  hint.textContent = HINT;
  controls.classList.add("brush-controls");
  controls.replaceChildren(arm, clear, hint);
  const results = document.createElement("div");
  Object.assign(results, {id: "brush-results", className: "brush-controls"});
  results.append(said, link);
  place.after(results);

  const tell = () => {
    if (!model || !shown) return;
    const text = regionText(model, region);
    if (said.textContent !== text) said.textContent = text;
    clear.disabled = !region;
    const to = examplesLink(model, region, shown.selection, shown.cubes.study);
    link.href = to.href;
    link.textContent = to.text;
  };
  const keep = () => {
    const kept = new URLSearchParams(location.search);
    address = region && model ? writeRegion(region, model) : null;
    for (const [key, value] of [
      ["brush", address],
      ["of", mapped]
    ] as const)
      if (value) kept.set(key, value);
      else kept.delete(key);
    history.replaceState(
      history.state,
      "",
      `${location.pathname}${kept.size ? `?${kept}` : ""}${location.hash}`
    );
  };
  let frame = 0;
  const show = () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      if (figure && model) showRegion(figure, model, region);
    });
  };
  const settle = () => {
    keep();
    tell();
  };
  const set = (next: Region | null) => {
    region = next;
    show();
  };
  clear.addEventListener("click", () => {
    set(null);
    settle();
    place.querySelector<HTMLElement>("[data-brush]")?.focus();
  });
  arms.addEventListener("change", () => {
    mapped = arms.value;
    keep();
    attach();
  });

  /** Lays the areas over the figure that stands in the place now. */
  const attach = () => {
    figure = place.querySelector("svg");
    if (!figure || !shown) return;
    model = jointModelOf(figure);
    const {selection, cubes} = shown;
    if (mapped !== undefined && model && model.mapped.id !== mapped) {
      const width = figure.viewBox.baseVal.width;
      const drawn = jointView(cubes, {selection, width, mapped});
      figure.replaceWith(drawn);
      figure = drawn;
      model = jointModelOf(drawn);
    }
    controls.hidden = results.hidden = !figure.querySelector(".joint-view");
    if (!model) return;
    arms.replaceChildren(
      ...model.arms.map(
        ({id, mode}) => new Option(MODE_LOOKS[mode].title, id, false, id === model!.mapped.id)
      )
    );
    region = readRegion(address, model);
    showRegion(figure, model, region);
    for (const old of place.querySelectorAll(".brush-area")) old.remove();
    const box = figure.parentElement!;
    for (const [name, area, sides] of [
      ["map", model.map, ["entropy", "confidence"]],
      ["entropy", model.above, ["entropy"]],
      ["confidence", model.beside, ["confidence"]]
    ] as const)
      box.append(brushArea({figure, model, name, area, sides}, () => region, set, settle));
    tell();
  };
  new MutationObserver((changes) => {
    if (
      changes.some(({addedNodes}) =>
        [...addedNodes].some(
          (node) =>
            node instanceof Element && !node.matches(".brush-area, .readout, .save-figure") && node !== figure
        )
      )
    )
      attach();
  }).observe(place, {childList: true, subtree: true});
  return {
    follow(selection, cubes) {
      shown = {selection, cubes};
      attach();
    }
  };
}

interface AreaOptions {
  figure: SVGSVGElement;
  model: JointModel;
  name: "map" | "entropy" | "confidence";
  area: Box;
  sides: Sides;
}

/** A transparent area over a part of the figure that takes pointer and, on the map, keys. */
function brushArea(
  {figure, model, name, area, sides}: AreaOptions,
  region: () => Region | null,
  set: (region: Region | null) => void,
  settle: () => void
): HTMLElement {
  const element = document.createElement("div");
  element.className = `brush-area brush-${name}`;
  element.dataset.brush = name;
  putOver(element, figure, area);
  const {bins} = model;
  const pointOf = ({clientX, clientY}: PointerEvent): Point => {
    const {left, top, width, height} = element.getBoundingClientRect();
    return {
      entropy: ((clientX - left) / width) * bins,
      confidence: (1 - (clientY - top) / height) * bins
    };
  };
  let drag: Drag | undefined;
  let moved = false;
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    const pixels = event.pointerType === "touch" ? 14 : 6;
    const {width, height} = element.getBoundingClientRect();
    const reach = {entropy: (pixels / width) * bins, confidence: (pixels / height) * bins};
    drag = beginDrag(region(), pointOf(event), {sides, reach, bins});
    moved = false;
  });
  element.addEventListener("pointermove", (event) => {
    if (!drag) return;
    moved = true;
    set(dragTo(drag, pointOf(event), bins));
  });
  const end = () => {
    if (!drag) return;
    drag = undefined;
    if (!moved) set(null);
    settle();
  };
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
  if (name === "map") takeKeys(element, bins, region, set, settle);
  return element;
}

function takeKeys(
  element: HTMLElement,
  bins: number,
  region: () => Region | null,
  set: (region: Region | null) => void,
  settle: () => void
): void {
  element.tabIndex = 0;
  element.setAttribute("role", "application");
  element.setAttribute("aria-roledescription", "brush");
  element.setAttribute("aria-label", `Brush over entropy and confidence. ${HINT}`);
  let pause: ReturnType<typeof setTimeout> | undefined;
  element.addEventListener("keydown", (event) => {
    const next = pressKey(region(), event, bins);
    if (next === undefined) return;
    event.preventDefault();
    set(next);
    clearTimeout(pause);
    pause = setTimeout(settle, 150);
  });
}

/** In per cent of the figure, so that it stays in place when the figure is scaled. */
function putOver(element: HTMLElement, figure: SVGSVGElement, {x, y, width, height}: Box): void {
  const panel = figure.querySelector(".joint-view")!;
  const {width: across, height: down} = figure.viewBox.baseVal;
  const top = y + Number(panel.getAttribute("y") ?? 0);
  const percent = (value: number, of: number) => `${((value / of) * 100).toFixed(3)}%`;
  Object.assign(element.style, {
    left: percent(x, across),
    top: percent(top, down),
    width: percent(width, across),
    height: percent(height, down)
  });
}
