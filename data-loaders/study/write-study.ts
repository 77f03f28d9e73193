/** A study with every default filled in, as YAML: what `because explain` shows and the notebook prints. */
import {stringify} from "yaml";
import type {Study} from "../../src/core/study.js";

export function resolvedYaml(study: Study): string {
  return stringify(study, {lineWidth: 110});
}
