/** A live preview of the modes: the reader types an explanation and sees what each mode makes of it. */
import {MODES} from "../core/arms.js";
import type {Mode} from "../core/arms.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {createPool, renderMode} from "../core/modes.js";
import type {ModePool, ModeSource} from "../core/modes.js";
import {MODE_LOOKS, modeTextColor} from "../core/palette.js";
import {corpusTitle} from "../figures/figure.js";
import {modeMarker} from "./toggle-bar.js";

const START = "the reply answers every part of the question but drifts to another topic at the end";

/** The explanations that the notebook holds of a corpus' training rows, as the pool that modes draw from. */
export function previewPool({examples}: Pick<AllCubes, "examples">, corpus: string): ModePool {
  const sources = examples.training
    .filter((row) => row.corpus === corpus && row.completions.explanation !== undefined)
    .map(({example_id, axis, label, completions}) => ({
      corpus,
      example_id,
      axis,
      label,
      explanation: completions.explanation!.split(" because ").slice(1).join(" because ")
    }));
  return createPool(sources, {seed: 1});
}

/** What each mode makes of a text; where a mode has nothing to draw from, the reason. */
export function previewModes(
  explanation: string,
  label: string,
  {corpus, axis}: {corpus: string; axis: string},
  pool: ModePool
): {mode: Mode; text: string}[] {
  const source: ModeSource = {corpus, example_id: "what you type", axis, label, explanation};
  return MODES.map((mode) => {
    try {
      const text = renderMode(mode, source, pool);
      return {mode, text: text === "" ? label : `${label} because ${text}`};
    } catch (error) {
      return {mode, text: `${label} (${error instanceof Error ? error.message : String(error)})`};
    }
  });
}

/** The preview: a text field, a label, a corpus to draw from, and one line a mode. */
export function modePreview(cubes: AllCubes): HTMLElement {
  const {study} = cubes;
  const place = document.createElement("div");
  const axis = study.axes[0]!;
  const form = document.createElement("form");
  form.className = "example-filters";
  const corpus = select(
    "Draw from",
    study.corpora.map(({id}) => [id, corpusTitle(study, id)])
  );
  const label = select(
    "Label",
    axis.labels.map((each) => [each, each])
  );
  form.append(corpus.element, label.element);
  const input = document.createElement("textarea");
  Object.assign(input, {rows: 3, value: START});
  input.setAttribute("aria-label", "An explanation of your own");
  const list = document.createElement("dl");
  list.className = "preview-modes";
  list.setAttribute("aria-live", "polite");
  const draw = () => {
    const pool = previewPool(cubes, corpus.select.value);
    list.replaceChildren(
      ...previewModes(
        input.value,
        label.select.value,
        {corpus: corpus.select.value, axis: axis.id},
        pool
      ).flatMap(entry)
    );
  };
  place.addEventListener("input", draw);
  form.addEventListener("submit", (event) => event.preventDefault());
  place.append(input, form, list);
  draw();
  return place;
}

function entry({mode, text}: {mode: Mode; text: string}): HTMLElement[] {
  const name = document.createElement("dt");
  name.style.color = modeTextColor(mode);
  name.append(modeMarker(mode), `${MODE_LOOKS[mode].title}: ${MODE_LOOKS[mode].gloss}`);
  const body = document.createElement("dd");
  body.textContent = text;
  return [name, body];
}

function select(
  name: string,
  options: [string, string][]
): {element: HTMLElement; select: HTMLSelectElement} {
  const element = document.createElement("label");
  const made = document.createElement("select");
  for (const [value, text] of options) made.add(new Option(text, value));
  element.append(name, made);
  return {element, select: made};
}
