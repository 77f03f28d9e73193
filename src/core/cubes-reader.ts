/** The cubes as pages and figures use them: rows, decoded once. */
import {decodeColumns} from "./columns.js";
import type {Columns} from "./columns.js";
import {CUBES} from "./cubes.js";
import type {
  AcrossRow,
  AgreementRow,
  AlongRow,
  BrierRow,
  ConfusionsDocument,
  CubeName,
  CurveRow,
  DistributionRow,
  EffectRow,
  ExamplesDocument,
  JointDocument,
  JudgeCallRow,
  LabelCountRow,
  LabelEffectRow,
  LayerRow,
  LevelRow,
  MergeRuleRow,
  NoiseRow,
  QuintileRow,
  RelationRow,
  ReliabilityRow,
  RiskRow,
  RunRow,
  SeverityRow,
  StudyFacts,
  VerdictRow,
  VotesDocument
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
  along: AlongRow[];
  runs: RunRow[];
  noise: NoiseRow[];
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
  labelCounts: LabelCountRow[];
  agreement: AgreementRow[];
  severity: SeverityRow[];
  mergeRules: MergeRuleRow[];
  judgeCalls: JudgeCallRow[];
  votes: VotesDocument;
}

export const EMPTY_EXAMPLES: ExamplesDocument = {runs: [], arms: [], examples: [], items: [], training: []};
export const EMPTY_CONFUSIONS: ConfusionsDocument = {cells: []};
export const EMPTY_JOINT: JointDocument = {
  bins: 0,
  ranges: [],
  arms: [],
  settings: [],
  sizes: [],
  places: ""
};
export const EMPTY_VOTES: VotesDocument = {currency: "USD", judges: [], prompts: [], items: []};

/** Documents as parsed from JSON. Pages load only the cubes they draw: `study` is needed, any other may be absent. */
export type CubeDocuments = {study: unknown} & Partial<Record<CubeName, unknown>>;

/** What stands in a plain document's place where a study has none of it. */
export const EMPTY_DOCUMENTS: Partial<Record<CubeName, unknown>> = {
  examples: EMPTY_EXAMPLES,
  confusions: EMPTY_CONFUSIONS,
  joint: EMPTY_JOINT,
  votes: EMPTY_VOTES
};

/** Cubes that are not rows. */
const PLAIN: ReadonlySet<CubeName> = new Set<CubeName>(["study", "examples", "confusions", "joint", "votes"]);

/** One cube as figures use it: rows, or the plain document. A cube that is absent is empty. */
export function decodeCube(name: CubeName, document: unknown): unknown {
  if (document === undefined) return EMPTY_DOCUMENTS[name] ?? [];
  return PLAIN.has(name) ? document : decodeColumns(document as Columns);
}

/** Decodes the documents given; a cube that is absent is empty. */
export function decodeCubes(documents: CubeDocuments): AllCubes {
  return gatherCubes(
    Object.fromEntries(CUBES.map((name) => [name, decodeCube(name, documents[name])])) as Record<
      CubeName,
      unknown
    >
  );
}

/** Decoded cubes under the names that figures use: `label-effects` is `labelEffects`. */
export function gatherCubes(decoded: Record<CubeName, unknown>): AllCubes {
  return Object.fromEntries(
    CUBES.map((name) => [
      name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
      decoded[name] ?? []
    ])
  ) as unknown as AllCubes;
}
