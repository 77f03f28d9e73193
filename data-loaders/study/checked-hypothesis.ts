/** One hypothesis of a study file, as the checks that look for contradictions see it. */
import {BadInput} from "../../src/core/bad-input.js";
import type {Setting} from "../../src/core/conversation.js";
import type {HypothesisConfig, Study} from "../../src/core/study.js";
import {whereIs, type Place} from "./describe-issue.js";

/** A hypothesis, the study around it, and where it stands in the file. */
export interface Checking {
  hypothesis: HypothesisConfig;
  study: Study;
  /** Corpus × axis that the study judges. */
  settings: Setting[];
  place: Place;
  path: PropertyKey[];
}

/** The settings that the hypothesis speaks of. */
export function settingsOf({
  hypothesis: {corpus, axis},
  settings
}: Pick<Checking, "hypothesis" | "settings">): Setting[] {
  return settings.filter(
    (setting) => (corpus === "all" || setting.corpus === corpus) && (axis === "all" || setting.axis === axis)
  );
}

/** What is wrong with one key of the hypothesis. */
export function problem(
  {place, path}: Checking,
  key: string,
  expected: string,
  found: string,
  mend: string
): BadInput {
  return new BadInput({where: whereIs([...path, key], place), expected, found, mend});
}
