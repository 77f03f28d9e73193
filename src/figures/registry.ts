/** Every figure by the name that pages use. The same functions draw the static page, the live one and the tests' figures. */
import {versusExplanation} from "./versus-explanation.js";
import {effectsForest} from "./effects-forest.js";
import {accuracyByFifth, correlationDumbbells, errorDetectors} from "./entropy-accuracy.js";
import type {Figure} from "./figure.js";
import {layerCorrectness, layerEffects, layerProfiles} from "./layer-profiles.js";
import {lengthMatch} from "./length-match.js";
import {levelsLadder} from "./levels-ladder.js";
import {levelsMatrix} from "./levels-matrix.js";
import {lossCurves} from "./loss-curves.js";
import {runScatter} from "./run-scatter.js";
import {systemsComparison} from "./systems.js";

export const FIGURES: Record<string, Figure> = {
  effects: effectsForest,
  "versus-explanation": versusExplanation,
  ladder: levelsLadder,
  matrix: levelsMatrix,
  systems: systemsComparison,
  layers: layerProfiles,
  "layer-effects": layerEffects,
  "layer-correctness": layerCorrectness,
  fifths: accuracyByFifth,
  correlations: correlationDumbbells,
  detectors: errorDetectors,
  "run-scatter": runScatter,
  "loss-curves": lossCurves,
  "length-match": lengthMatch
};
