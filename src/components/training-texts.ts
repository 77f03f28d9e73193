/** The text that models are trained on, under each mode: of this example, and of training rows beside it. */
import {MODES} from "../core/arms.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {TestItem} from "../core/cubes.js";
import {renderMode} from "../core/modes.js";
import type {ModePool, ModeSource} from "../core/modes.js";
import {MODE_LOOKS, modeTextColor} from "../core/palette.js";
import {axisTitle, corpusTitle} from "../figures/figure.js";
import {previewPool} from "./mode-preview.js";

/**
 * What each mode makes of this example's own explanation. Test rows are never trained on; a training row like it would
 * read so. Modes that draw words or other explanations draw here on the training texts that the page holds.
 */
export function ownTexts(cubes: AllCubes, item: TestItem): HTMLElement {
  const section = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "This example as a training text, in every mode";
  section.append(summary);
  const fill = () => {
    if (section.childElementCount > 1) return;
    const note = document.createElement("p");
    note.textContent = item.explanation
      ? "No model was trained on a test row. A training row with this label and explanation would end so, after the prompt:"
      : "This example has no explanation, so that modes have nothing to change.";
    section.append(note);
    if (item.explanation) section.append(modeList(ownCompletions(cubes, item)));
  };
  section.addEventListener("toggle", () => section.open && fill());
  return section;
}

/** Mode → completion, of the modes that the study trained; where a mode has nothing to draw from, the reason. */
export function ownCompletions(cubes: AllCubes, item: TestItem): Record<string, string> {
  const {corpus, example_id, axis, gold, explanation} = item;
  const source: ModeSource = {corpus, example_id, axis, label: gold, explanation};
  const pool = poolOf(cubes, corpus);
  const modes = new Set(cubes.study.arms.map(({mode}) => mode));
  const completions: Record<string, string> = {};
  for (const mode of MODES.filter((each) => modes.has(each)))
    try {
      const text = renderMode(mode, source, pool);
      completions[mode] = text === "" ? gold : `${gold} because ${text}`;
    } catch (error) {
      completions[mode] = `${gold} (${error instanceof Error ? error.message : String(error)})`;
    }
  return completions;
}

const pools = new WeakMap<AllCubes["examples"], Map<string, ModePool>>();

/** Pools are made once a corpus: that reads all its training texts. */
function poolOf(cubes: AllCubes, corpus: string): ModePool {
  const known = pools.get(cubes.examples) ?? new Map<string, ModePool>();
  pools.set(cubes.examples, known);
  const pool = known.get(corpus) ?? previewPool(cubes, corpus);
  known.set(corpus, pool);
  return pool;
}

/** A closed section with a training row of the same setting, and one that steps through further rows. */
export function trainingTexts(
  {study, examples}: AllCubes,
  {corpus, axis}: Pick<TestItem, "corpus" | "axis">
): HTMLElement {
  const rows = examples.training.filter((row) => row.corpus === corpus && row.axis === axis);
  const section = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = `What models were trained on in this setting (${corpusTitle(study, corpus)}, ${axisTitle(study, axis).toLowerCase()})`;
  section.append(summary);
  if (rows.length === 0) {
    const none = document.createElement("p");
    none.textContent = "No training text of this setting was kept for the notebook.";
    section.append(none);
    return section;
  }
  let at = 0;
  const body = document.createElement("div");
  const next = document.createElement("button");
  next.type = "button";
  next.textContent = "Another training row";
  next.disabled = rows.length < 2;
  next.addEventListener("click", () => {
    at = (at + 1) % rows.length;
    body.replaceChildren(...trainingRow(rows[at]!));
  });
  body.append(...trainingRow(rows[0]!));
  section.append(body, next);
  return section;
}

/** The prompt once, then each mode's completion, in label-first order. */
export function trainingRow({prompt, completions}: AllCubes["examples"]["training"][number]): HTMLElement[] {
  const shared = document.createElement("pre");
  shared.className = "training-text";
  shared.tabIndex = 0; // so that keys can scroll it
  shared.textContent = prompt;
  return [shared, modeList(completions)];
}

/** One line a mode, in their order. */
function modeList(completions: Record<string, string>): HTMLElement {
  const list = document.createElement("dl");
  list.className = "preview-modes";
  for (const mode of MODES) {
    const completion = completions[mode];
    if (completion === undefined) continue;
    const name = document.createElement("dt");
    name.style.color = modeTextColor(mode);
    name.textContent = MODE_LOOKS[mode].title;
    const text = document.createElement("dd");
    text.textContent = completion.trim();
    list.append(name, text);
  }
  return list;
}
