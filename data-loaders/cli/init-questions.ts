/** The questions of `because init`, for whatever its flags leave open. */
import {cancel, isCancel, select, text} from "@clack/prompts";
import {inspectFile} from "./inspect-file.js";
import type {InitOptions} from "./init.js";
import {Interrupted} from "../jobs/run-study.js";

const NONE = "";

/** Asks for what is missing; what was given as a flag is not asked again. */
export async function askForColumns(options: InitOptions): Promise<InitOptions> {
  const from =
    options.from ?? (await ask(text({message: "Your data (.jsonl, .csv or .parquet):", validate: required})));
  const {columns} = await inspectFile(from);
  const choices = columns.map((column) => ({value: column, label: column}));
  const optional = [{value: NONE, label: "(none)"}, ...choices];
  const column = (message: string, from = choices) => ask(select({message, options: from}));
  const response = options.response ?? (await column("Which column holds the response to be judged?"));
  const turns = options.turns ?? (await column("Which holds the dialogue before it?", optional));
  const dialogue =
    options.dialogue ??
    (await column("Which holds the dialogue's id (rows that share it stay together)?", optional));
  const label = options.label.length > 0 ? options.label : [await askForAxis(column)];
  const [axis = ""] = label[0]!.split("=");
  const explanation =
    options.explanation.length > 0
      ? options.explanation
      : await askForExplanation(axis, () => column("Which holds its explanation?", optional));
  return {
    ...options,
    from,
    response,
    turns: turns || undefined,
    dialogue: dialogue || undefined,
    label,
    explanation
  };
}

async function askForAxis(column: (message: string) => Promise<string>): Promise<string> {
  const axis = await ask(
    text({
      message: "What is judged (a short name, such as tone):",
      validate: (value) =>
        /^[a-z0-9][a-z0-9-]*$/.test(value ?? "") ? undefined : "Lower-case letters, digits and hyphens."
    })
  );
  return `${axis}=${await column("Which column holds its label?")}`;
}

async function askForExplanation(axis: string, column: () => Promise<string>): Promise<string[]> {
  const chosen = await column();
  return chosen === NONE ? [] : [`${axis}=${chosen}`];
}

function required(value: string | undefined): string | undefined {
  return value ? undefined : "Needed.";
}

async function ask(question: Promise<string | symbol>): Promise<string> {
  const answer = await question;
  if (!isCancel(answer) && typeof answer === "string") return answer;
  cancel("Nothing written.");
  throw new Interrupted("Stopped before anything was written.");
}
