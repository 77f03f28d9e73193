/** Kinds of values that many keys of the study file share. */
import {z} from "zod";

/** What a study calls its corpora, axes, judges and prompts. */
export const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/, "lower-case letters, digits and hyphens, starting with a letter or digit");
export const count = z.int().positive();
