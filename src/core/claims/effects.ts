/** Claims on effects: how far an arm differs from another, which way, where, and how much of a gain it keeps. */
import {armId, parseArm} from "../arms.js";
import type {AllCubes} from "../cubes-reader.js";
import type {EffectRow} from "../cubes.js";
import {rowsWhere} from "../cube-index.js";
import {formatCount, formatEffectInterval, formatShare} from "../format.js";
import {gainShares} from "../gain-shares.js";
import {shownInterval, shownKind, versusInterval} from "../intervals.js";
import {formatEffect, largestEffect} from "../measures.js";
import {armTitle} from "../palette.js";
import type {Selection} from "../selection.js";
import {countSettings} from "../sentences/effects.js";
import {effectText, findEffect, measureName, settingsIn} from "../sentences/phrases.js";
import {verdictOf} from "../statistics/win-tie-loss.js";
import {NOT_KNOWN} from "./claim.js";
import type {ClaimKind, ClaimResult, Values} from "./claim.js";
import {NONE, estimated} from "./estimates.js";
import {ARM, CELL, MEASURE, RECIPE, SHOW, armNamed, oneOf, selectionOf} from "./parameters.js";
import {behind, cellName, intervalName} from "./provenance.js";

const COMMON = {arm: ARM, measure: MEASURE, ...CELL, ...RECIPE};

interface Found {
  arm: string;
  selection: Selection;
  row: EffectRow | undefined;
}

function find(cubes: AllCubes, values: Values): Found {
  const arm = armNamed(cubes, values.arm!, values);
  const selection = selectionOf(cubes, values);
  return {arm, selection, row: findEffect(cubes.effects, arm, selection)};
}

/** `Effect of shuffled, token mean, on accuracy against label only; pooled over 18 settings, …`. */
function queryOf(cubes: AllCubes, {arm, selection}: Found, against = "label only"): string {
  const title = armTitle(arm, cubes.study.arms).toLowerCase();
  return `Difference of ${title} to ${against} in ${measureName(selection.measure)}; ${cellName(cubes, selection)}; paired by test row and seed; ${intervalName(selection)}`;
}

/** Arm less label-only, or less the explanation arm of the same recipe. */
export const EFFECT: ClaimKind = {
  says: "Paired difference of an arm to label only, or to the explanation arm of its recipe (arm less the other)",
  parameters: {
    ...COMMON,
    against: oneOf("the other", ["label-only", "explanation"], "label-only"),
    show: SHOW
  },
  make(cubes, values) {
    const found = find(cubes, values);
    const {arm, selection, row} = found;
    const {measure} = selection;
    const versus = values.against === "explanation";
    const explanation = explanationOf(arm);
    const interval = !row
      ? NONE
      : versus
        ? versusInterval(row, shownKind(selection))
        : shownInterval(row, selection);
    return estimated({
      value: versus ? row?.versus_explanation : row?.effect,
      interval,
      print: {
        value: (value) => formatEffect(measure, value),
        interval: (low, high) => formatEffectInterval(low, high, measure)
      },
      show: values.show,
      provenance: behind(cubes, [arm, versus ? explanation : "label-only"], selection, {
        query: queryOf(cubes, found, versus ? "the explanation of the same recipe" : undefined),
        n: row?.n,
        dialogues: row?.dialogues
      })
    });
  }
};

/** The explanation arm with an arm's order, reduction and token budget. */
function explanationOf(arm: string): string {
  return arm === "label-only" ? arm : armId({...parseArm(arm), mode: "explanation"});
}

/** Which way, by the interval alone. */
export const DIRECTION: ClaimKind = {
  says: "Whether an arm `helps`, `hurts` or `is undecided`, by the interval of its effect",
  parameters: COMMON,
  make(cubes, values) {
    const found = find(cubes, values);
    const {arm, selection, row} = found;
    const {low, high} = row ? shownInterval(row, selection) : NONE;
    const verdict = verdictOf({measure: selection.measure, low, high});
    return {
      value: row?.effect ?? null,
      interval: low === null || high === null ? null : {low, high},
      text: !row || row.effect === null ? NOT_KNOWN : verdict === "undecided" ? "is undecided" : verdict,
      provenance: behind(cubes, [arm, "label-only"], selection, {
        query: `Side of zero: ${lowerFirst(queryOf(cubes, found))}`,
        n: row?.n,
        dialogues: row?.dialogues
      })
    };
  }
};

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** What an arm alone got right, or label-only alone. */
export const FLIPS: ClaimKind = {
  says: "Answers that an arm `gained` (label only gets them wrong) or `lost`, over test rows and seeds",
  parameters: {
    arm: ARM,
    corpus: CELL.corpus,
    axis: CELL.axis,
    seed: CELL.seed,
    ...RECIPE,
    of: oneOf("which", ["gained", "lost"])
  },
  make(cubes, values) {
    const {arm, selection} = find(cubes, values);
    const row = findEffect(cubes.effects, arm, {...selection, measure: "accuracy"});
    const value = row ? row[values.of as "gained" | "lost"] : null;
    const title = armTitle(arm, cubes.study.arms).toLowerCase();
    const whose = values.of === "gained" ? `${title} alone` : "label only alone";
    return {
      value,
      interval: null,
      text: value === null ? NOT_KNOWN : formatCount(value),
      provenance: behind(cubes, [arm, "label-only"], selection, {
        query: `Answers that ${whose} gets right, of ${title} and label only; ${cellName(cubes, selection)}`,
        n: row?.n,
        dialogues: row?.dialogues
      })
    };
  }
};

/** Of the explanation's gain, where there is one. */
export const SHARE: ClaimKind = {
  says: "Share of the explanation's gain over label only that another arm keeps, or why there is none to share",
  parameters: COMMON,
  make(cubes, values) {
    const found = find(cubes, values);
    const {arm, selection, row} = found;
    const {mode, order, reduction, tokens = ""} = parseArm(arm);
    const shown = {...selection, order, reduction, tokens, modes: [mode]};
    const shares = gainShares(cubes.study, cubes.effects, shown);
    const share = shares.gain ? shares.shares.find((one) => one.arm.id === arm) : undefined;
    return {
      value: share?.share ?? null,
      interval:
        share && share.low !== null && share.high !== null ? {low: share.low, high: share.high} : null,
      text: shareText(shares, share),
      provenance: behind(cubes, [arm, explanationOf(arm), "label-only"], selection, {
        query: `Share of the explanation's gain that ${armTitle(arm, cubes.study.arms).toLowerCase()} keeps, in ${measureName(selection.measure)}; ${cellName(cubes, selection)}; 95 % interval by Fieller, over other dialogues`,
        n: row?.n,
        dialogues: row?.dialogues
      })
    };
  }
};

function shareText(
  shares: ReturnType<typeof gainShares>,
  share: {share: number; low: number | null; high: number | null} | undefined
): string {
  if (shares.gain === null) return lowerFirst(shares.reason).replace(/\.$/, "");
  return share ? formatShare(share) : NOT_KNOWN;
}

/** Settings counted by what their intervals say. */
export const SETTINGS: ClaimKind = {
  says: "In how many settings an arm helps, hurts and is undecided, as a sentence; empty where there is one setting",
  parameters: COMMON,
  make(cubes, values) {
    const found = find(cubes, values);
    const {arm, selection, row} = found;
    const count = settingsIn(cubes.study, selection).length;
    return {
      value: null,
      interval: null,
      text: countSettings(cubes.effects, arm, selection, count),
      provenance: behind(cubes, [arm, "label-only"], selection, {
        query: `Settings counted by the interval of the ${lowerFirst(queryOf(cubes, found))}`,
        n: row?.n,
        dialogues: row?.dialogues
      })
    };
  }
};

/** From the random-effects model. */
export const ACROSS: ClaimKind = {
  says: "Mean effect over settings (`mean`), what to expect in a setting not yet seen (`expected`), or how far settings differ (`between`)",
  parameters: {
    arm: ARM,
    measure: MEASURE,
    corpus: CELL.corpus,
    axis: CELL.axis,
    ...RECIPE,
    of: oneOf("which", ["mean", "expected", "between"], "mean")
  },
  make(cubes, values): ClaimResult {
    const {arm, selection} = find(cubes, values);
    const {measure, corpus, axis} = selection;
    const row = rowsWhere(cubes.across, {arm, measure, corpus, axis})[0];
    const most = largestEffect(measure);
    const ends = {
      mean: {low: row?.low ?? null, high: row?.high ?? null},
      expected: {
        low: row?.predicted_low == null ? null : Math.max(-most, row.predicted_low),
        high: row?.predicted_high == null ? null : Math.min(most, row.predicted_high)
      },
      between: NONE
    }[values.of as "mean" | "expected" | "between"];
    return estimated({
      value: values.of === "between" ? row?.between : row?.mean,
      interval: ends,
      print: {
        value: (value) =>
          values.of === "between"
            ? formatEffect(measure, value).replace("+", "")
            : effectText(measure, value, null, null),
        interval: (low, high) => formatEffectInterval(low, high, measure)
      },
      show: values.of === "expected" ? "interval" : "both",
      provenance: behind(
        cubes,
        [arm, "label-only"],
        {...selection, seed: "all"},
        {
          query: `${ACROSS_NAMES[values.of!]} of ${armTitle(arm, cubes.study.arms).toLowerCase()} against label only in ${measureName(measure)}, random-effects model over ${row?.settings ?? 0} settings; for these trained models`
        }
      )
    });
  }
};

const ACROSS_NAMES: Record<string, string> = {
  mean: "Mean effect over settings",
  expected: "95 % interval for the effect in a setting not yet seen,",
  between: "Standard deviation between settings of the effect"
};
