/** Claims that are a whole sentence of the notebook: made from the numbers alone, whichever way they point. */
import {SENTENCES} from "../sentences.js";
import {formatEffect} from "../measures.js";
import {noiseFloors} from "../noise-floor.js";
import {selectedArms} from "../selection.js";
import {rowsWhere} from "../cube-index.js";
import type {MeasureId, NoiseRow} from "../cubes.js";
import {NOT_KNOWN} from "./claim.js";
import type {ClaimKind} from "./claim.js";
import {CELL, ESTIMATOR, LAYER, MEASURE, RECIPE, oneOf, selectionOf} from "./parameters.js";
import {behind, cellName} from "./provenance.js";

type Name = keyof typeof SENTENCES;

/** A sentence of a page, at what its toggles would say. */
export const SENTENCE: ClaimKind = {
  says: "A sentence that the notebook's pages generate, at what the other arguments select; empty where there is nothing to say",
  parameters: {
    of: oneOf("which", Object.keys(SENTENCES)),
    measure: MEASURE,
    estimator: ESTIMATOR,
    layer: LAYER,
    ...CELL,
    ...RECIPE
  },
  make(cubes, values) {
    const selection = selectionOf(cubes, values);
    const {measure, corpus, axis} = selection;
    const arms = selectedArms(selection, cubes.study).map(({id}) => id);
    const row = rowsWhere(cubes.levels, {measure, corpus, axis, system: "label-only"})[0];
    return {
      value: null,
      interval: null,
      text: SENTENCES[values.of as Name](cubes, selection),
      provenance: behind(cubes, arms, selection, {
        query: `The notebook's sentence “${values.of}”; ${cellName(cubes, selection)}`,
        n: row?.n,
        dialogues: row?.dialogues
      })
    };
  }
};

/** What the same job gives again. */
export const NOISE: ClaimKind = {
  says: "Noise floor: the largest difference between repetitions of the same run",
  parameters: {
    measure: oneOf("measure", ["accuracy", "nll"], "accuracy"),
    corpus: CELL.corpus,
    axis: CELL.axis
  },
  make(cubes, {measure, corpus, axis}) {
    const floor = noiseFloors(cubes.noise, measure as NoiseRow["measure"]).get(`${corpus} ${axis}`) ?? null;
    const arms = [...new Set(cubes.noise.map(({arm}) => arm))];
    const cell = {corpus: corpus!, axis: axis!, seed: "all"};
    return {
      value: floor,
      interval: null,
      text: floor === null ? NOT_KNOWN : formatEffect(measure as MeasureId, floor).replace("+", "±"),
      provenance: behind(cubes, arms, cell, {
        query: `Largest difference in ${measure} between repetitions of the same run`
      })
    };
  }
};
