/**
 * The places of a page that hold figures: what a reader sees is drawn first, in the same frame; the rest follows after
 * the frame, and is hidden until then, so that scrolling never shows a figure of what was chosen before.
 */
import type {AllCubes} from "../core/cubes-reader.js";
import type {Selection} from "../core/selection.js";
import {SCREENS, drawingSize} from "../figures/figure.js";
import type {DrawingSize, Figure} from "../figures/figure.js";
import {FIGURES} from "../figures/registry.js";
import type {Drawings} from "./drawings.js";
import {idle} from "./idle.js";
import {addReadout} from "./readout.js";
import {addSaveButton} from "./save-figure.js";

interface Place {
  element: HTMLElement;
  name: string;
  figure: Figure;
}

/** Figures that compare modes, and so have nothing to draw where the reader has hidden all of them. */
const OF_MODES = new Set(["effects", "versus-explanation", "ladder", "layer-effects", "aggregates", "ranks"]);

/** Milliseconds after which a figure out of sight is drawn even where the page is busy. */
const LATEST = 200;

export interface FigurePlacesOptions {
  drawings: Drawings;
  /** What stands in a figure's place where all modes are hidden. */
  allHidden: () => Node;
}

/** All figure places of the page. */
export class FigurePlaces {
  readonly #places: Place[];
  #cubes: AllCubes | undefined;
  #selection: Selection | undefined;
  /** Places that still show another selection; hidden. */
  #stale = new Set<Place>();
  /** Places in sight, as the browser reports them: to measure them at a toggle would cost a layout. */
  readonly #seen = new Set<Place>();
  /** Whether the stale places show the selection all the same, drawn by the build. */
  #isCurrent = false;
  #scheduled = false;
  #whenDrawn: (() => void)[] = [];

  constructor(private readonly options: FigurePlacesOptions) {
    this.#places = [...document.querySelectorAll<HTMLElement>("[data-figure]")].flatMap((element) => {
      const name = element.dataset.figure!;
      const figure = FIGURES[name];
      return figure ? [{element, name, figure}] : [];
    });
    this.#watch();
    addEventListener("beforeprint", () => this.#drawAll());
    // Paper is narrower than the window: what is drawn anew while it is laid out is cut off with all that follows.
    const print = matchMedia("print");
    for (const screen of Object.values(SCREENS))
      matchMedia(screen).addEventListener("change", () => {
        if (print.matches) return;
        if (this.#cubes && this.#selection) this.show(this.#cubes, this.#selection);
      });
  }

  /** Draws for a selection. What is `current` already shows it and is only drawn anew once the page is idle. */
  show(cubes: AllCubes, selection: Selection, {current = false} = {}): void {
    this.#cubes = cubes;
    this.#selection = selection;
    this.#isCurrent = current;
    this.#stale = new Set(this.#places);
    for (const {element} of this.#places) {
      element.removeAttribute("aria-busy");
      element.classList.toggle("stale", !current);
    }
    this.#drawSeen();
    this.#schedule();
  }

  /** Until the cubes have come: the figures of before, dimmed. */
  wait(): void {
    this.#stale.clear();
    for (const {element} of this.#places) {
      element.classList.remove("stale");
      element.setAttribute("aria-busy", "true");
    }
  }

  /** Says in each figure's place that it cannot be drawn, and why. */
  fail(error: unknown): void {
    this.#stale.clear();
    for (const {element} of this.#places) {
      element.removeAttribute("aria-busy");
      element.replaceChildren(failure(error));
    }
  }

  /** Settles when no place is stale. */
  drawn(): Promise<void> {
    return this.#stale.size === 0
      ? Promise.resolve()
      : new Promise((resolve) => this.#whenDrawn.push(resolve));
  }

  /**
   * Draws what a selection would show in sight, without showing it: one figure a step. What is out of sight is drawn
   * after the frame anyway.
   */
  *prepare(cubes: AllCubes, selection: Selection): Generator<void> {
    const {drawings} = this.options;
    const size = this.#size();
    for (const {name, figure} of [...this.#seen]) {
      if (isEmptied(name, selection) || drawings.has({name, figure, size}, selection)) continue;
      try {
        drawings.draw({name, figure, size}, cubes, selection);
      } catch {
        // The figure says so in its place once this selection is chosen.
      }
      yield;
    }
  }

  /** Follows what comes into sight; until the browser's first report, the first place is taken to be there. */
  #watch(): void {
    for (const place of this.#places.slice(0, 1)) this.#seen.add(place);
    const observer = new IntersectionObserver((entries) => {
      for (const {target, isIntersecting} of entries) {
        const place = this.#places.find(({element}) => element === target)!;
        if (isIntersecting) this.#seen.add(place);
        else this.#seen.delete(place);
      }
      this.#drawSeen();
    });
    for (const {element} of this.#places) observer.observe(element);
  }

  #drawSeen(): void {
    for (const place of this.#seen) if (this.#stale.has(place) && !this.#isCurrent) this.#draw(place);
  }

  #drawAll(): void {
    for (const place of this.#stale) this.#draw(place);
  }

  /** One stale place at a time, after the frame that showed what is in sight, and never before an input. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const next = () => {
      const [place] = this.#stale;
      if (place) this.#draw(place);
      if (this.#stale.size > 0) void idle(LATEST).then(next);
      else {
        this.#scheduled = false;
        for (const resolve of this.#whenDrawn.splice(0)) resolve();
      }
    };
    requestAnimationFrame(() => void idle(LATEST).then(next));
  }

  #draw(place: Place): void {
    const {element, name, figure} = place;
    this.#stale.delete(place);
    element.classList.remove("stale");
    if (isEmptied(name, this.#selection!)) return element.replaceChildren(this.options.allHidden());
    const drawn = {name, figure, size: this.#size()};
    try {
      const {drawings} = this.options;
      const {box} =
        drawings.kept(drawn, this.#selection!) ?? drawings.draw(drawn, this.#cubes!, this.#selection!);
      put(element, box);
      addReadout(element);
      addSaveButton(element, name);
    } catch (error) {
      element.replaceChildren(failure(error));
    }
  }

  #size(): DrawingSize {
    return drawingSize((query) => matchMedia(query));
  }
}

function isEmptied(name: string, {modes}: Selection): boolean {
  return modes.length === 0 && OF_MODES.has(name);
}

/** The box takes the place of the drawing that is there; what stands beside it stays. */
function put(element: HTMLElement, box: Element): void {
  if (box.parentElement === element) return;
  const [first] = element.children;
  if (first?.matches(".drawing") && element.querySelector(":scope > .save-figure")) first.replaceWith(box);
  else element.replaceChildren(box);
}

function failure(error: unknown): HTMLElement {
  const box = document.createElement("p");
  box.className = "figure-failed";
  box.setAttribute("role", "alert");
  box.textContent = `This figure could not be drawn: ${error instanceof Error ? error.message : String(error)}`;
  return box;
}
