/** The cubes as pages and figures use them: rows, decoded once. */
import {decodeColumns} from "./columns.js";
import type {Columns} from "./columns.js";
import type {
  CubeName,
  CurveRow,
  EffectRow,
  ExamplesDocument,
  LayerRow,
  LevelRow,
  QuintileRow,
  RelationRow,
  RunRow,
  StudyFacts
} from "./cubes.js";

/** All cubes of a study, decoded; `examples` apart from rows, as it is a plain document. */
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
}

export const EMPTY_EXAMPLES: ExamplesDocument = {runs: [], arms: [], examples: [], items: [], training: []};

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
    examples: (documents.examples as ExamplesDocument | undefined) ?? EMPTY_EXAMPLES
  };
}
