/** `because schema`: prints the study file's JSON Schema. */
import {studyJsonSchema} from "../study/schema-walk.js";
import {printJson} from "./outcome.js";

export function schema(): Promise<void> {
  printJson(studyJsonSchema());
  return Promise.resolve();
}
