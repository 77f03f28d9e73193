/** Every figure by the name that pages use. The same functions draw the static page, the live one and the tests' figures. */
import {versusExplanation} from "./versus-explanation.js";
import {brierParts} from "./brier-parts.js";
import {confidenceAccuracy} from "./confidence-accuracy.js";
import {labelEntropyDistributions, marginDistributions} from "./distributions.js";
import {doseCalibration, doseEntropy, doseMeasure} from "./dose-response.js";
import {effectsForest} from "./effects-forest.js";
import {accuracyByFifth} from "./entropy-accuracy.js";
import {calibrationEffects} from "./calibration-effects.js";
import {correlationDumbbells, errorDetectors} from "./entropy-relations.js";
import {entropyRisk} from "./entropy-risk.js";
import {alongTraining} from "./along-training.js";
import {aggregates} from "./aggregates.js";
import {criticalDifferenceDiagram} from "./critical-difference.js";
import {confusionMatrices} from "./confusion-matrices.js";
import {labelEffects} from "./label-effects.js";
import type {Figure} from "./figure.js";
import {jointView} from "./joint-view.js";
import {judgeReplies} from "./judge-replies.js";
import {labelDistributions} from "./label-distributions.js";
import {layerHeatMap} from "./layer-heat-map.js";
import {layerCorrectness, layerEffects, layerProfiles} from "./layer-profiles.js";
import {explanationLoss, labelLoss} from "./learning-curves.js";
import {lengthMatch} from "./length-match.js";
import {levelsLadder} from "./levels-ladder.js";
import {levelsMatrix} from "./levels-matrix.js";
import {mergeRules} from "./merge-rules.js";
import {raterAgreement} from "./rater-agreement.js";
import {raterPairs} from "./rater-pairs.js";
import {raterSeverity} from "./rater-severity.js";
import {reliability, reliabilityByMass} from "./reliability.js";
import {riskCoverage} from "./risk-coverage.js";
import {runScatter} from "./run-scatter.js";
import {shareLadder} from "./share-ladder.js";
import {systemsComparison} from "./systems.js";
import {verdicts} from "./verdicts.js";
import {throughput} from "./throughput.js";

export const FIGURES: Record<string, Figure> = {
  effects: effectsForest,
  "versus-explanation": versusExplanation,
  ladder: levelsLadder,
  shares: shareLadder,
  matrix: levelsMatrix,
  systems: systemsComparison,
  verdicts,
  aggregates,
  ranks: criticalDifferenceDiagram,
  confusions: confusionMatrices,
  "label-effects": labelEffects,
  layers: layerProfiles,
  "layer-effects": layerEffects,
  "layer-correctness": layerCorrectness,
  "layer-heat-map": layerHeatMap,
  "label-entropy-distributions": labelEntropyDistributions,
  "margin-distributions": marginDistributions,
  "calibration-effects": calibrationEffects,
  reliability,
  "reliability-by-mass": reliabilityByMass,
  "risk-coverage": riskCoverage,
  "confidence-accuracy": confidenceAccuracy,
  "brier-parts": brierParts,
  fifths: accuracyByFifth,
  correlations: correlationDumbbells,
  detectors: errorDetectors,
  "run-scatter": runScatter,
  joint: jointView,
  "entropy-risk": entropyRisk,
  "label-loss": labelLoss,
  "explanation-loss": explanationLoss,
  "along-training": alongTraining,
  throughput,
  "dose-measure": doseMeasure,
  "dose-calibration": doseCalibration,
  "dose-entropy": doseEntropy,
  "length-match": lengthMatch,
  "label-distributions": labelDistributions,
  "rater-agreement": raterAgreement,
  "rater-pairs": raterPairs,
  "rater-severity": raterSeverity,
  "merge-rules": mergeRules,
  "judge-replies": judgeReplies
};
