/** The cubes as pages and figures use them: rows, decoded once. */
import {decodeColumns} from "./columns.js";
import type {Columns} from "./columns.js";
import type {
  AcrossRow,
  BrierRow,
  ConfusionsDocument,
  CubeName,
  CurveRow,
  DistributionRow,
  EffectRow,
  ExamplesDocument,
  JointDocument,
  LabelEffectRow,
  LayerRow,
  LevelRow,
  QuintileRow,
  RelationRow,
  ReliabilityRow,
  RiskRow,
  RunRow,
  StudyFacts,
  VerdictRow
} from "./cubes.js";

/** All cubes of a study, decoded. */
export interface AllCubes {
  study: StudyFacts;
  levels: LevelRow[];
  effects: EffectRow[];
  layers: LayerRow[];
  relations: RelationRow[];
  quintiles: QuintileRow[];
  curves: CurveRow[];
  runs: RunRow[];
  examples: ExamplesDocument;
  across: AcrossRow[];
  confusions: ConfusionsDocument;
  labelEffects: LabelEffectRow[];
  reliability: ReliabilityRow[];
  riskCoverage: RiskRow[];
  brier: BrierRow[];
  distributions: DistributionRow[];
  joint: JointDocument;
  verdicts: VerdictRow[];
}

export const EMPTY_EXAMPLES: ExamplesDocument = {runs: [], arms: [], examples: [], items: [], training: []};
export const EMPTY_CONFUSIONS: ConfusionsDocument = {cells: []};
export const EMPTY_JOINT: JointDocument = {bins: 0, ranges: [], cells: []};

/** Documents as parsed from JSON. Pages load only the cubes they draw: `study` is needed, any other may be absent. */
export type CubeDocuments = {study: unknown} & Partial<Record<CubeName, unknown>>;

/** Decodes the documents given; a cube that is absent is empty. */
export function decodeCubes(documents: CubeDocuments): AllCubes {
  const rows = <R extends object>(name: CubeName): R[] =>
    documents[name] === undefined ? [] : decodeColumns<R>(documents[name] as Columns);
  return {
    study: documents.study as StudyFacts,
    levels: rows("levels"),
    effects: rows("effects"),
    layers: rows("layers"),
    relations: rows("relations"),
    quintiles: rows("quintiles"),
    curves: rows("curves"),
    runs: rows("runs"),
    examples: (documents.examples as ExamplesDocument | undefined) ?? EMPTY_EXAMPLES,
    across: rows("across"),
    confusions: (documents.confusions as ConfusionsDocument | undefined) ?? EMPTY_CONFUSIONS,
    labelEffects: rows("label-effects"),
    reliability: rows("reliability"),
    riskCoverage: rows("risk-coverage"),
    brier: rows("brier"),
    distributions: rows("distributions"),
    joint: (documents.joint as JointDocument | undefined) ?? EMPTY_JOINT,
    verdicts: rows("verdicts")
  };
}

/** What stands in a plain document's place where a study has none of it. */
export const EMPTY_DOCUMENTS: Partial<Record<CubeName, unknown>> = {
  examples: EMPTY_EXAMPLES,
  confusions: EMPTY_CONFUSIONS,
  joint: EMPTY_JOINT
};
