/**
 * Exact values of a figure's marks on hover and by keyboard. Figures put the words in `<title>` elements, which
 * browsers show late and never by keyboard; this takes them over.
 */

interface Mark {
  element: SVGGraphicsElement;
  title: string;
}

/** How far in pixels a pointer may be from a mark to read it. */
const REACH = 24;

/** Makes the marks of the figure in `place` readable. Call again after each drawing. */
export function addReadout(place: HTMLElement): void {
  const svg = place.querySelector("svg");
  const marks = takeTitles(place);
  if (!svg || marks.length === 0) return;
  const readout = document.createElement("div");
  readout.className = "readout";
  readout.setAttribute("role", "status");
  place.querySelector(".drawing")?.append(readout);
  let current = -1;
  const show = (index: number) => {
    marks[current]?.element.classList.remove("read");
    current = index;
    const mark = marks[index];
    readout.classList.toggle("shown", mark !== undefined);
    if (!mark) return;
    mark.element.classList.add("read");
    if (readout.textContent !== mark.title) readout.textContent = mark.title;
    put(readout, mark.element.getBoundingClientRect(), place.getBoundingClientRect());
  };
  const reader = place.querySelector<HTMLElement>(".drawing")!;
  reader.tabIndex = 0;
  reader.setAttribute("role", "group");
  reader.setAttribute(
    "aria-label",
    `${svg.getAttribute("aria-label") ?? "Figure"} Arrow keys step through ${marks.length} values.`
  );
  reader.addEventListener("pointermove", ({clientX, clientY}) => show(nearest(marks, clientX, clientY)));
  reader.addEventListener("pointerleave", () => show(-1));
  reader.addEventListener("blur", () => show(-1));
  reader.addEventListener("keydown", (event) => {
    const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
    if (step !== undefined) {
      event.preventDefault();
      show((current + step + marks.length) % marks.length);
    } else if (event.key === "Escape") show(-1);
    else if (event.key === "Enter")
      (marks[current]?.element.closest("a") as SVGAElement | null)?.dispatchEvent(
        new MouseEvent("click", {bubbles: true})
      );
  });
}

/** Moves the words out of `<title>`, so that the browser does not show them a second time. */
function takeTitles(place: HTMLElement): Mark[] {
  return [...place.querySelectorAll("svg title")].flatMap((title) => {
    const element = title.parentElement as unknown as SVGGraphicsElement | null;
    const text = title.textContent ?? "";
    title.remove();
    return element && text !== "" ? [{element, title: text}] : [];
  });
}

function nearest(marks: Mark[], x: number, y: number): number {
  let best = -1;
  let reach = REACH;
  marks.forEach(({element}, i) => {
    const {left, right, top, bottom} = element.getBoundingClientRect();
    const outside = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
    const centre = Math.hypot((left + right) / 2 - x, (top + bottom) / 2 - y) / 1000;
    if (outside + centre < reach) [best, reach] = [i, outside + centre];
  });
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
