/** Every claim by the name that texts use, and how a name with arguments becomes one. */
import {BadInput} from "../bad-input.js";
import type {AllCubes} from "../cubes-reader.js";
import {nearest} from "../nearest.js";
import type {ClaimArguments, ClaimKind, ClaimResult, Parameter, Values} from "./claim.js";
import {COMPUTE, ENVIRONMENT} from "./compute.js";
import {COUNT, LENGTH, MAJORITY} from "./counts.js";
import {ACROSS, DIRECTION, EFFECT, FLIPS, SETTINGS, SHARE} from "./effects.js";
import {ENTROPY, RELATION} from "./entropy.js";
import {HYPOTHESIS} from "./hypotheses.js";
import {AGREEMENT, JUDGING, MERGE} from "./judging.js";
import {CALIBRATION_CLAIM, LEVEL, SHORTCUT} from "./levels.js";
import {NOISE, SENTENCE} from "./sentence.js";
import {CORPUS, HYPER_PARAMETER, STUDY} from "./settings.js";

export const CLAIMS: Readonly<Record<string, ClaimKind>> = {
  effect: EFFECT,
  direction: DIRECTION,
  level: LEVEL,
  shortcut: SHORTCUT,
  share: SHARE,
  settings: SETTINGS,
  across: ACROSS,
  flips: FLIPS,
  hypothesis: HYPOTHESIS,
  calibration: CALIBRATION_CLAIM,
  entropy: ENTROPY,
  relation: RELATION,
  sentence: SENTENCE,
  count: COUNT,
  length: LENGTH,
  majority: MAJORITY,
  "hyper-parameter": HYPER_PARAMETER,
  compute: COMPUTE,
  environment: ENVIRONMENT,
  noise: NOISE,
  agreement: AGREEMENT,
  merge: MERGE,
  judging: JUDGING,
  study: STUDY,
  corpus: CORPUS
};

/** Of so many, a message names a few. */
const NAMED = 24;

/**
 * Makes a claim from the cubes. `where` names the place in messages: `report.md, line 12`.
 *
 * @throws BadInput where the name, an argument or its value is unknown, or an argument is missing
 */
export function makeClaim(
  cubes: AllCubes,
  {name, arguments: given}: {name: string; arguments: ClaimArguments},
  where: string
): ClaimResult {
  const kind = Object.hasOwn(CLAIMS, name) ? CLAIMS[name] : undefined;
  if (!kind) throw unknown(where, "a claim", name, Object.keys(CLAIMS));
  const here = `${where}, claim “${name}”`;
  const values = resolveArguments(cubes, kind.parameters, given, here);
  try {
    return kind.make(cubes, values);
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    throw new BadInput({...error.detail, where: `${here}, ${error.detail.where}`});
  }
}

/** Arguments with their defaults, each one that the study has. Throws as {@link makeClaim} does. */
export function resolveArguments(
  cubes: AllCubes,
  parameters: ClaimKind["parameters"],
  given: ClaimArguments,
  where: string
): Values {
  const stranger = Object.keys(given).find((key) => !Object.hasOwn(parameters, key));
  if (stranger !== undefined) throw unknown(where, "an argument", stranger, Object.keys(parameters));
  return Object.fromEntries(
    Object.entries(parameters).map(([key, parameter]) => [key, valueOf(cubes, key, parameter, given, where)])
  );
}

function valueOf(
  cubes: AllCubes,
  key: string,
  parameter: Parameter,
  given: ClaimArguments,
  where: string
): string {
  const choices = parameter.choices(cubes);
  const value = Object.hasOwn(given, key) ? String(given[key]) : parameter.standard?.(cubes);
  if (value === undefined)
    throw new BadInput({
      where,
      expected: `argument ${key}: ${parameter.says}`,
      found: "none",
      mend:
        choices.length === 0
          ? "This study has none, so leave the claim out."
          : `Give one of: ${named(choices)}.`
    });
  const isKnown = choices.includes(value) || (!Object.hasOwn(given, key) && parameter.standard !== undefined);
  if (!isKnown) throw unknown(`${where}, argument ${key}`, parameter.says, value, choices);
  return value;
}

/** A name that is none of the known ones; with the nearest of them. */
export function unknown(where: string, what: string, found: string, known: readonly string[]): BadInput {
  const like = nearest(found, known);
  return new BadInput({
    where,
    expected: `${what}${known.length === 0 ? "; this study has none" : `; one of ${named(known)}`}`,
    found: `“${found}”`,
    mend: like === null ? "Name one of those." : `Did you mean ${like}?`
  });
}

function named(known: readonly string[]): string {
  const more = known.length - NAMED;
  return [...known.slice(0, NAMED).map((one) => one || "“”"), ...(more > 0 ? [`${more} more`] : [])].join(
    ", "
  );
}
