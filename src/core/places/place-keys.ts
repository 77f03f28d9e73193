/** Keys that places of several kinds share. */
import {z} from "zod";
import {count} from "../study/names.js";

/** Names of variables whose values are secrets, by what they look like. */
export const SECRET_NAME = /TOKEN|SECRET|PASSW|CREDENTIAL|_KEY$/i;

/** What OpenSSH takes for a host and can take for nothing else: an option begins with a hyphen. */
export const sshHost = z
  .string()
  .regex(
    /^[\p{L}\p{N}_][\p{L}\p{N}._-]*(?:@[\p{L}\p{N}_][\p{L}\p{N}._-]*)?$/u,
    "a host of your OpenSSH configuration, or user@host"
  );

/** A folder at a place, which can be no option and holds nothing that a shell reads. */
export const placeFolder = z
  .string()
  .regex(
    /^(?:~|~?(?:\/(?!\.\.?(?:\/|$))[\p{L}\p{N}._+@=,-]+)+)\/?$/u,
    "a whole path of letters, digits and ._+@=,- that begins with / or ~/"
  );

/** A program at a place: a name, or a whole path. */
export const program = z
  .string()
  .regex(
    /^(?:[\p{L}\p{N}_][\p{L}\p{N}._+-]*|~?(?:\/(?!\.\.?(?:\/|$))[\p{L}\p{N}._+@=,-]+)+)$/u,
    "a name, or a whole path that begins with / or ~/"
  );

/** Keys of every place but `local`. */
export const PLACE_KEYS = {
  root: placeFolder
    .default("~/because")
    .describe("Folder at the place for everything that is sent and made there; safe to delete"),
  python: program.default("python3").describe("Python 3.10 or newer at the place"),
  environment: placeFolder
    .optional()
    .describe(
      "A virtual environment at the place that has the trainer's libraries; default: one is made under `root`"
    ),
  wheels: placeFolder
    .optional()
    .describe("A folder of wheels at the place, from which alone its environment is made, without a network"),
  torch_index: z
    .string()
    .regex(/^https?:\/\/[^@\s]+$/, "an address without a user name or password")
    .optional()
    .describe("Package index for torch and nothing else, such as that of a CUDA version"),
  variables: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z_]\w*$/, "a name of letters, digits and _")
        .refine(
          (variable) => !SECRET_NAME.test(variable),
          "no secret: set it in the place's own profile, so that no file of yours holds it"
        ),
      z.string().refine((value) => !value.includes("\0") && !value.includes("\n"), "one line of text")
    )
    .default({})
    .describe("Environment variables of the trainer, such as HF_HOME or HF_HUB_OFFLINE; no secrets"),
  retries: z
    .int()
    .min(0)
    .max(10)
    .default(2)
    .describe("How often a run is begun again after its process was killed or its node was lost"),
  price_per_gpu_hour: z
    .number()
    .nonnegative()
    .optional()
    .describe("What a GPU costs an hour, to show what a study costs"),
  currency: z.string().min(1).max(8).default("USD").describe("Of the price")
} as const;

/** Runs at a time, for places whose machines this project divides itself. */
export const workersKey = z
  .union([z.literal("auto"), count])
  .default("auto")
  .describe(
    "Runs at a time; `auto`: as many as the place has GPUs, or cores where it has none, for the processes of each"
  );
