/**
 * Exact values of a figure's marks on hover and by keyboard. Figures of few marks put the words in `<title>` elements,
 * which browsers show late and never by keyboard; this takes them over once a reader points at the figure or reaches
 * it. Figures of many values say how to list them, and are asked then.
 */
import {add} from "../figures/elements.js";
import {hasReadings, readingsOf} from "../figures/readings.js";
import type {Reading} from "../figures/readings.js";

interface Mark {
  title: string;
  /** Where it is in the window. */
  box: () => DOMRect;
  light: (on: boolean) => void;
  /** Where it leads, if anywhere. */
  link: () => Element | null;
}

/** How far in pixels a pointer may be from a mark to read it. */
const REACH = 24;

/** Marks by the drawing that they are in; drawings come and go in a place, and come back. */
const marksIn = new WeakMap<Element, Mark[]>();
/** Places that listen already. */
const listening = new WeakSet<HTMLElement>();

/** Makes the marks of the figure in `place` readable. Call again after each drawing; what listens stays. */
export function addReadout(place: HTMLElement): void {
  const drawing = place.querySelector<HTMLElement>(".drawing");
  const svg = drawing?.querySelector("svg");
  if (!drawing || !svg) return;
  const count = marksIn.get(drawing)?.length ?? svg.getElementsByTagName("title").length;
  if (count === 0 && !hasReadings(svg)) return;
  if (!drawing.hasAttribute("tabindex")) {
    drawing.tabIndex = 0;
    drawing.setAttribute("role", "group");
    drawing.setAttribute(
      "aria-label",
      `${svg.getAttribute("aria-label") ?? "Figure"} Arrow keys step through ${hasReadings(svg) ? "its" : count} values.`
    );
  }
  whenIdle(() => marksOf(place));
  if (listening.has(place)) return;
  listening.add(place);
  listen(place);
}

function whenIdle(task: () => void): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(task, {timeout: 300});
  else setTimeout(task, 50);
}

/** The marks of the drawing that stands in `place`, their words taken out of `<title>`: nothing shows them twice. */
function marksOf(place: HTMLElement): Mark[] {
  const drawing = place.querySelector(".drawing");
  if (!drawing) return [];
  const known = marksIn.get(drawing);
  if (known) return known;
  const marks = [...drawing.querySelectorAll("svg title")].flatMap((title) => {
    const element = title.parentElement as unknown as SVGGraphicsElement | null;
    const text = title.textContent ?? "";
    title.remove();
    return element && text !== "" ? [markOf(element, text)] : [];
  });
  const svg = drawing.querySelector("svg");
  if (svg) marks.push(...readingsOf(svg).map((reading) => markAt(svg, reading)));
  marksIn.set(drawing, marks);
  return marks;
}

function markOf(element: SVGGraphicsElement, title: string): Mark {
  return {
    title,
    box: () => element.getBoundingClientRect(),
    light: (on) => element.classList.toggle("read", on),
    link: () => element.closest("a")
  };
}

/** Half the side of the box of a reading that is a point, in the figure's units. */
const POINT = 4;

/** A value that has no element of its own; a frame is laid around it while it is read. */
function markAt(svg: SVGSVGElement, {x, y, width = 2 * POINT, height = 2 * POINT, title}: Reading): Mark {
  let frame: SVGRectElement | undefined;
  const corner = [x - width / 2, y - height / 2] as const;
  return {
    title,
    box() {
      const figure = svg.getBoundingClientRect();
      const scale = figure.width / svg.viewBox.baseVal.width;
      const [left, top] = [figure.left + corner[0] * scale, figure.top + corner[1] * scale];
      return new DOMRect(left, top, width * scale, height * scale);
    },
    light(on) {
      frame?.remove();
      frame = on
        ? add(svg, "rect", {class: "read", x: corner[0], y: corner[1], width, height, fill: "none"})
        : undefined;
    },
    link: () => null
  };
}

function listen(place: HTMLElement): void {
  const readout = document.createElement("div");
  readout.className = "readout";
  readout.setAttribute("role", "status");
  place.append(readout);
  let shown: Mark | undefined;
  const show = (mark: Mark | undefined) => {
    if (mark === shown) return;
    shown?.light(false);
    shown = mark;
    readout.classList.toggle("shown", mark !== undefined);
    if (!mark) return;
    if (readout.parentElement !== place) place.append(readout);
    mark.light(true);
    readout.textContent = mark.title;
    put(readout, mark.box(), place.getBoundingClientRect());
  };
  const inDrawing = (target: EventTarget | null) =>
    target instanceof Element && target.closest(".drawing") !== null;
  place.addEventListener("pointerover", () => marksOf(place), {passive: true});
  place.addEventListener("pointermove", ({clientX, clientY, target}) =>
    show(inDrawing(target) ? nearest(marksOf(place), clientX, clientY) : undefined)
  );
  place.addEventListener("pointerleave", () => show(undefined));
  place.addEventListener("focusout", () => show(undefined));
  place.addEventListener("keydown", (event) => {
    if (!inDrawing(event.target)) return;
    const marks = marksOf(place);
    const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
    if (step !== undefined && marks.length > 0) {
      event.preventDefault();
      const at = shown ? marks.indexOf(shown) : step > 0 ? -1 : 0;
      show(marks[(at + step + marks.length) % marks.length]);
    } else if (event.key === "Escape") show(undefined);
    else if (event.key === "Enter") shown?.link()?.dispatchEvent(new MouseEvent("click", {bubbles: true}));
  });
}

function nearest(marks: Mark[], x: number, y: number): Mark | undefined {
  let best: Mark | undefined;
  let reach = REACH;
  for (const mark of marks) {
    const {left, right, top, bottom} = mark.box();
    const outside = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
    const centre = Math.hypot((left + right) / 2 - x, (top + bottom) / 2 - y) / 1000;
    if (outside + centre < reach) [best, reach] = [mark, outside + centre];
  }
  return best;
}

/** Beside the mark, inside the figure. */
function put(readout: HTMLElement, mark: DOMRect, place: DOMRect): void {
  const [width, height] = [readout.offsetWidth, readout.offsetHeight];
  const left = Math.min(
    Math.max(0, mark.left + mark.width / 2 - place.left - width / 2),
    Math.max(0, place.width - width)
  );
  const above = mark.top - place.top - height - 10;
  readout.style.left = `${left}px`;
  readout.style.top = `${above >= 0 ? above : mark.bottom - place.top + 10}px`;
}
