/** The exact text that models were trained on, under each mode: of this corpus and axis, since test rows are never trained on. */
import {MODES} from "../core/arms.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {TestItem} from "../core/cubes.js";
import {MODE_LOOKS, modeTextColor} from "../core/palette.js";
import {axisTitle, corpusTitle} from "../figures/figure.js";

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
  return [shared, list];
}
