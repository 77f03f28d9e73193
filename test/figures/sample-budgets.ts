/** The sample study with three lengths: explanation and filler also at 4 and 8 tokens, under the token mean. */
import {armId} from "../../src/core/arms.js";
import type {Arm} from "../../src/core/arms.js";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import type {EffectRow, LayerRow, LevelRow} from "../../src/core/cubes.js";
import {sampleCubes} from "./sample-cubes.js";

const SHORTER = ["4", "8"] as const;

/** Values at a shorter text: a share of what the full length differs from label-only by. */
const SHARE = {"4": 0.4, "8": 0.8} as const;

const TOKENS = {"4": 4.2, "8": 7.6} as const;

/** Cubes as {@link sampleCubes} makes them, with rows for the shorter arms. */
export function sampleBudgets(): AllCubes {
  const cubes = sampleCubes();
  const {study} = cubes;
  const arms = (["explanation", "filler"] as const).flatMap((mode) =>
    SHORTER.map((tokens): Arm & {tokens: "4" | "8"} => ({
      mode,
      order: "label-first",
      reduction: "token-mean",
      tokens
    }))
  );
  const lengths = arms.map(({mode, tokens}) => ({
    mode,
    tokens,
    explanation_tokens: TOKENS[tokens],
    mode_tokens: TOKENS[tokens] + (mode === "filler" ? 0.1 : 0)
  }));
  return {
    ...cubes,
    study: {
      ...study,
      arms: [...study.arms, ...arms.map((arm) => ({...arm, id: armId(arm)}))],
      lengths: [...study.lengths, ...lengths]
    },
    levels: [...cubes.levels, ...arms.flatMap((arm) => levelsOf(cubes, arm))],
    effects: [...cubes.effects, ...arms.flatMap((arm) => effectsOf(cubes, arm))],
    layers: [...cubes.layers, ...arms.flatMap((arm) => layersOf(cubes, arm))]
  };
}

type Shorter = Arm & {tokens: "4" | "8"};

const full = ({mode, order, reduction}: Shorter) => armId({mode, order, reduction});

function levelsOf({levels}: AllCubes, arm: Shorter): LevelRow[] {
  const base = new Map(
    levels.filter(({system}) => system === "label-only").map((row) => [placeOf(row), row.value!])
  );
  return levels
    .filter(({system}) => system === full(arm))
    .map((row) => {
      const from = base.get(placeOf(row))!;
      const moved = (1 - SHARE[arm.tokens]) * (from - row.value!);
      return {...row, ...movedBy(row, moved), system: armId(arm), value: row.value! + moved};
    });
}

function effectsOf({effects}: AllCubes, arm: Shorter): EffectRow[] {
  return effects
    .filter((row) => row.arm === full(arm))
    .map((row) => {
      const moved = (SHARE[arm.tokens] - 1) * row.effect!;
      return {...row, ...movedBy(row, moved), arm: armId(arm), effect: row.effect! + moved};
    });
}

function layersOf({layers}: AllCubes, arm: Shorter): LayerRow[] {
  return layers.filter((row) => row.arm === full(arm)).map((row) => ({...row, arm: armId(arm)}));
}

function placeOf({seed, corpus, axis, measure}: LevelRow): string {
  return [seed, corpus, axis, measure].join(" ");
}

function movedBy<R extends Pick<LevelRow, "low" | "high" | "low_trainings" | "high_trainings">>(
  {low, high, low_trainings, high_trainings}: R,
  by: number
) {
  const moved = (value: number | null) => (value === null ? null : value + by);
  return {
    low: moved(low),
    high: moved(high),
    low_trainings: moved(low_trainings),
    high_trainings: moved(high_trainings)
  };
}
