/** Files in the repository that are written from code; a test compares them. */
import {contractSchema} from "../../src/core/contract.js";
import {claimsReference} from "../report/claims-reference.js";
import {placesReferenceText, referenceText} from "./reference.js";
import {studyJsonSchema} from "./schema-walk.js";

export const GENERATED: {file: string; text: () => string}[] = [
  {file: "remote-trainer/because_trainer/contract.schema.json", text: () => json(contractSchema())},
  {file: "studies/study.schema.json", text: () => json(studyJsonSchema())},
  {file: "docs/study-reference.md", text: referenceText},
  {file: "docs/places-reference.md", text: placesReferenceText},
  {file: "docs/claims-reference.md", text: claimsReference}
];

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
