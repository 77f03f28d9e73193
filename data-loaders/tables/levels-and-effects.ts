/**
 * Levels and effects of every cell, with intervals from one set of bootstrap draws that all systems, seeds and cells
 * share: differences between systems are paired, draw by draw.
 */
import {NO_UNCERTAINTY} from "../../src/core/intervals.js";
import {armId, LABEL_ONLY, parseArm} from "../../src/core/arms.js";
import type {EffectRow, LevelRow} from "../../src/core/cubes.js";
import {
  drawClusters,
  NO_INTERVAL,
  percentileInterval,
  type ClusterDraws,
  type Interval
} from "../../src/core/statistics/cluster-bootstrap.js";
import {
  clusterVectors,
  finish,
  itemStatistics,
  MEASURE_IDS,
  sumClusters
} from "../../src/core/statistics/measure-vectors.js";
import type {Scores} from "./scores.js";
import type {Cell, TestRows} from "./test-rows.js";

const WIDTH = MEASURE_IDS.length;
const BASE = armId(LABEL_ONLY);

/** Measures of one set of rows: the point value and one value a draw, measure after measure within each draw. */
interface Measured {
  rows: Int32Array;
  dialogues: number;
  point: Float64Array;
  draws: Float64Array;
}

/** A seed's two sides of a paired difference, on the rows that both scored. */
interface Pair {
  seed: string;
  arm: Measured;
  base: Measured;
  gained: number;
  lost: number;
}

/** Both cubes, cell by cell. Arms without label-only beside them have effects of null. */
export function measureLevelsAndEffects(
  scores: Scores[],
  test: TestRows
): {levels: LevelRow[]; effects: EffectRow[]} {
  const draws = drawClusters(test.strata);
  const levels: LevelRow[] = [];
  const effects: EffectRow[] = [];
  for (const cell of test.cells) {
    const measure = new CellMeasurer(cell, test, draws);
    levels.push(...levelsOf(scores, measure));
    effects.push(...effectsOf(scores, measure));
  }
  return {levels: ordered(levels, (row) => row.system), effects: ordered(effects, (row) => row.arm)};
}

/** Stable: system by system, cells in their order within. */
function ordered<R>(rows: R[], systemOf: (row: R) => string): R[] {
  const place = new Map([...new Set(rows.map(systemOf))].map((system, i) => [system, i]));
  return rows.sort((a, b) => place.get(systemOf(a))! - place.get(systemOf(b))!);
}

/** Measures systems on one cell, each set of rows once. */
class CellMeasurer {
  private readonly known = new Map<Scores, Map<string, Measured>>();

  constructor(
    readonly cell: Cell,
    private readonly test: TestRows,
    private readonly draws: ClusterDraws
  ) {}

  /** On the rows of the cell that all of `sides` scored; the first is measured. */
  measure(scores: Scores, ...sides: Scores[]): Measured {
    const rows = this.cell.rows.filter((row) => scores.scored[row] && sides.every(({scored}) => scored[row]));
    // Systems nearly always score the same rows, so that a level's draws serve the effects too.
    const key = String(rows.length === this.rowsOf(scores) ? "own" : rows);
    const known = this.known.get(scores) ?? new Map<string, Measured>();
    this.known.set(scores, known);
    const measured = known.get(key) ?? this.compute(scores, rows);
    known.set(key, measured);
    return measured;
  }

  private rowsOf({scored}: Scores): number {
    return this.cell.rows.reduce((n, row) => n + scored[row]!, 0);
  }

  private compute(scores: Scores, rows: Int32Array): Measured {
    const {shape} = this.cell;
    const clusters = Int32Array.from(rows, (row) => this.test.dialogue[row]!);
    const vectors = clusterVectors(itemStatistics(scores, rows, shape), clusters);
    const sum = new Float64Array(vectors.length);
    const dialogues = vectors.clusters.length;
    const point = finish(sumClusters(vectors, sum), shape);
    const count = dialogues < 2 ? 0 : this.draws.draws;
    const values = new Float64Array(count * WIDTH);
    for (let draw = 0; draw < count; ++draw) {
      sumClusters(vectors, sum, this.draws.weights, draw * this.draws.clusters);
      finish(sum, shape, values, draw * WIDTH);
    }
    return {rows, dialogues, point, draws: values};
  }
}

function levelsOf(scores: Scores[], measurer: CellMeasurer): LevelRow[] {
  const {corpus, axis} = measurer.cell;
  return groupSystems(scores).flatMap(({system, kind, members}) => {
    const measured = members.map((member) => measurer.measure(member));
    const over = (parts: Measured[], seed: string, interval: (at: number) => Interval): LevelRow[] => {
      const counted = coverage(parts);
      return MEASURE_IDS.map((measure, at) => {
        const value = finite(
          meanAt(
            parts.map(({point}) => point),
            at
          )
        );
        return {
          system,
          kind,
          seed,
          corpus,
          axis,
          measure,
          value,
          ...NO_UNCERTAINTY,
          ...(value === null ? NO_INTERVAL : interval(at)),
          ...counted
        };
      });
    };
    const pooled = over(measured, "all", (at) =>
      intervalOf(
        measured.map(({draws}) => draws),
        [],
        at
      )
    );
    const single =
      kind === "arm" ? measured.flatMap((part, i) => over([part], members[i]!.seed, () => NO_INTERVAL)) : [];
    return [...pooled, ...single];
  });
}

function effectsOf(scores: Scores[], measurer: CellMeasurer): EffectRow[] {
  const systems = groupSystems(scores);
  const base = systems.find(({system}) => system === BASE)?.members ?? [];
  return systems
    .filter(({system, kind}) => kind === "arm" && system !== BASE)
    .flatMap(({system, members}) => {
      const pairs = members.flatMap((arm) => pairOf(arm, base, measurer) ?? []);
      const rival = systems.find((other) => other.system === explanationBeside(system))?.members ?? [];
      const rivals = members.flatMap((arm) => pairOf(arm, rival, measurer) ?? []);
      const seeds = members.map(({seed}) => [seed, pairs.filter((pair) => pair.seed === seed)] as const);
      return [
        ...effectRows(system, "all", pairs, rivals, measurer.cell),
        ...seeds.flatMap(([seed, own]) => effectRows(system, seed, own, [], measurer.cell))
      ];
    });
}

/** The arm that differs only in that its explanation is the real one; null for that arm itself. */
function explanationBeside(system: string): string | null {
  const arm = parseArm(system);
  return arm.mode === "explanation" ? null : armId({...arm, mode: "explanation"});
}

function pairOf(arm: Scores, others: Scores[], measurer: CellMeasurer): Pair | null {
  const base = others.find(({seed}) => seed === arm.seed);
  if (!base) return null;
  const own = measurer.measure(arm, base);
  const count = (a: Scores, b: Scores) =>
    own.rows.reduce((n, row) => n + (rightAt(a, row) && !rightAt(b, row) ? 1 : 0), 0);
  return {
    seed: arm.seed,
    arm: own,
    base: measurer.measure(base, arm),
    gained: count(arm, base),
    lost: count(base, arm)
  };
}

function rightAt({predicted, gold}: Scores, row: number): boolean {
  return predicted[row] === gold[row];
}

function effectRows(
  arm: string,
  seed: string,
  pairs: Pair[],
  rivals: Pair[],
  {corpus, axis}: Cell
): EffectRow[] {
  const counted = coverage(pairs.map((pair) => pair.arm));
  const gained = pairs.reduce((n, pair) => n + pair.gained, 0);
  const lost = pairs.reduce((n, pair) => n + pair.lost, 0);
  return MEASURE_IDS.map((measure, at) => {
    const {value: effect, low, high} = differenceOf(pairs, at);
    const against = differenceOf(rivals, at);
    return {
      ...NO_UNCERTAINTY,
      ...{arm, seed, corpus, axis, measure, effect, low, high, gained, lost},
      versus_explanation: against.value,
      versus_explanation_low: against.low,
      versus_explanation_high: against.high,
      ...counted
    };
  });
}

function differenceOf(pairs: Pair[], at: number): {value: number | null} & Interval {
  const [arms, bases] = [pairs.map(({arm}) => arm), pairs.map(({base}) => base)];
  const point = (parts: Measured[]) =>
    meanAt(
      parts.map((part) => part.point),
      at
    );
  const value = pairs.length ? finite(point(arms) - point(bases)) : null;
  if (value === null) return {value, ...NO_INTERVAL};
  return {
    value,
    ...intervalOf(
      arms.map(({draws}) => draws),
      bases.map(({draws}) => draws),
      at
    )
  };
}

/** Interval of the mean over `plus` less the mean over `minus`, draw by draw. */
function intervalOf(plus: Float64Array[], minus: Float64Array[], at: number): Interval {
  const count = Math.min(...[...plus, ...minus].map(({length}) => length)) / WIDTH;
  const values = Float64Array.from({length: count}, (_, draw) => {
    const place = draw * WIDTH + at;
    return meanAt(plus, place) - (minus.length ? meanAt(minus, place) : 0);
  });
  return percentileInterval(values);
}

function meanAt(arrays: Float64Array[], at: number): number {
  let sum = 0;
  for (const array of arrays) sum += array[at]!;
  return sum / arrays.length;
}

/** Test rows and dialogues: of the seed that has most of them. */
function coverage(parts: Measured[]): {n: number; dialogues: number} {
  return {
    n: Math.max(0, ...parts.map(({rows}) => rows.length)),
    dialogues: Math.max(0, ...parts.map(({dialogues}) => dialogues))
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Seeds of each system. */
function groupSystems(scores: Scores[]): {system: string; kind: Scores["kind"]; members: Scores[]}[] {
  const systems = [...new Set(scores.map(({system}) => system))];
  return systems.map((system) => {
    const members = scores.filter((one) => one.system === system);
    return {system, kind: members[0]!.kind, members};
  });
}
