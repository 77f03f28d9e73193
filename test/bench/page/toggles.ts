/** From a reader's input to the frame that shows what it changed. */
import type {Page} from "playwright-core";

/** One control of a page, and how it is operated. */
export interface Control {
  /** `modes`, `measure`. */
  name: string;
  selector: string;
  kind: "select" | "checkbox";
}

/** What counts as changed: anything inside these elements. */
export type Watched = string;

/**
 * Puts a stop-watch into the page. It starts at an input's own time stamp (key or click, as the browser got it) and
 * stops after the first frame that was painted once a watched element had changed. Changes after that frame don't count.
 */
export async function putStopWatch(page: Page, watched: Watched): Promise<void> {
  await page.evaluate((selector) => {
    const watch = {started: 0, took: undefined as number | undefined, changed: false};
    Object.assign(globalThis, {watch});
    const start = (event: Event) => {
      if (!event.isTrusted) return;
      Object.assign(watch, {started: event.timeStamp, took: undefined, changed: false});
    };
    for (const type of ["keydown", "click"]) addEventListener(type, start, {capture: true});
    const observer = new MutationObserver(() => {
      // A figure that only says that it waits for its data does not show the change yet.
      if (watch.changed || document.querySelector(`:is(${selector})[aria-busy]`)) return;
      watch.changed = true;
      requestAnimationFrame(() => {
        const channel = new MessageChannel(); // its message comes after this frame was painted
        channel.port1.onmessage = () => {
          const ended = performance.now();
          watch.took = ended - watch.started;
          performance.measure("toggle", {start: watch.started, end: ended});
        };
        channel.port2.postMessage(null);
      });
    });
    const options = {childList: true, subtree: true, attributes: true, characterData: true};
    for (const element of document.querySelectorAll(selector)) observer.observe(element, options);
  }, watched);
}

/** The page's controls: every select with a choice, and the first two checkboxes of each group. */
export function controlsOf(page: Page, form: string): Promise<Control[]> {
  return page.evaluate((within) => {
    const found: Control[] = [];
    const perGroup = new Map<string, number>();
    for (const control of document.querySelectorAll<HTMLSelectElement | HTMLInputElement>(
      `${within} :is(select, input[type=checkbox])`
    )) {
      if (!control.checkVisibility()) continue;
      const id = `measured-${found.length}`;
      const count = perGroup.get(control.name) ?? 0;
      perGroup.set(control.name, count + 1);
      if (count > 1) continue;
      control.dataset.measured = id;
      const kind = control instanceof HTMLSelectElement ? "select" : "checkbox";
      found.push({name: control.name, selector: `[data-measured=${id}]`, kind});
    }
    return found;
  }, form);
}

export interface ToggleOptions {
  /** How often each control is moved. */
  times: number;
  /** Milliseconds between a frame and the next input: none for a reader in haste. */
  pause: number;
}

/** Milliseconds for which a reader holds a key. Checkboxes change when it is let go, and time counts from then. */
const HELD = 50;

/** Moves one control again and again, there and back, as a reader does by keyboard; milliseconds of each move. */
export async function moveControl(
  page: Page,
  control: Control,
  {times, pause}: ToggleOptions
): Promise<number[]> {
  const took: number[] = [];
  await page.locator(control.selector).focus();
  for (let i = 0; i < times; i++) {
    if (pause > 0) await page.waitForTimeout(pause);
    await page.keyboard.press(keyFor(control, i), {delay: HELD});
    const ms = await page
      .waitForFunction(() => (globalThis as unknown as {watch: {took?: number}}).watch.took, undefined, {
        timeout: 5000,
        polling: 5
      })
      .then(
        (handle) => handle.jsonValue(),
        () => undefined // nothing that is watched depends on this control
      );
    if (ms === undefined) return took;
    took.push(ms);
  }
  return took;
}

/** Selects walk down and up again, so that new choices and known ones come alike. */
function keyFor({kind}: Control, i: number): string {
  if (kind === "checkbox") return "Space";
  return Math.floor(i / 3) % 2 === 0 ? "ArrowDown" : "ArrowUp";
}
