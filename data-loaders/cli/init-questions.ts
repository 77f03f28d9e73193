/** The questions of `because init`, for whatever its flags leave open. */
import {existsSync} from "node:fs";
import * as clack from "@clack/prompts";
import {BadInput} from "../../src/core/bad-input.js";
import {name} from "../../src/core/study/names.js";
import {inspectFile, type Inspected} from "./inspect-file.js";
import type {InitOptions} from "./init.js";
import {Interrupted} from "../jobs/run-study.js";

const NONE = "";

/** Where answers come from: a terminal, unless a test gives them. Anything but text ends the questions. */
export interface Prompter {
  text(question: {
    message: string;
    validate?: (value: string | undefined) => string | undefined;
  }): Promise<string | symbol>;
  select(question: {message: string; options: {value: string; label: string}[]}): Promise<string | symbol>;
  /** Says why a question is asked again. */
  again(reason: string): void;
}

const TERMINAL: Prompter = {
  text: (question) => clack.text(question),
  select: (question) => clack.select(question),
  again: (reason) => clack.log.error(reason)
};

/**
 * Asks for what is missing; what was given as a flag is not asked again. An answer that can't be used is asked for
 * again, with the reason. Throws {@link BadInput} where a flag can't be used, {@link Interrupted} on Ctrl-C.
 */
export async function askForColumns(options: InitOptions, prompter = TERMINAL): Promise<InitOptions> {
  const {from, file} = await fileOf(options, prompter);
  const choices = file.columns.map((column) => ({value: column, label: column}));
  const optional = [{value: NONE, label: "(none)"}, ...choices];
  const column = (message: string, from = choices) => ask(prompter.select({message, options: from}));
  const response = options.response ?? (await column("Which column holds the response to be judged?"));
  const turns = options.turns ?? (await column("Which holds the dialogue before it?", optional));
  const dialogue =
    options.dialogue ??
    (await column("Which holds the dialogue's id (rows that share it stay together)?", optional));
  const {label, explanation} =
    options.label.length > 0
      ? await withExplanations(options, (axis) =>
          column(`Which holds the explanation of its ${axis}?`, optional)
        )
      : await askForAxes(file, {column, choices, optional}, prompter);
  return {
    ...options,
    from,
    response,
    turns: turns || undefined,
    dialogue: dialogue || undefined,
    label,
    explanation,
    out: await askForOutput(options, file, prompter)
  };
}

async function fileOf({from}: InitOptions, prompter: Prompter): Promise<{from: string; file: Inspected}> {
  if (from !== undefined) return {from, file: await inspectFile(from)};
  return untilUsable(prompter, async () => {
    const path = await ask(
      prompter.text({message: "Your data (.jsonl, .csv or .parquet):", validate: required})
    );
    return {from: path, file: await inspectFile(path)};
  });
}

interface Axes {
  /** `axis=column` each. */
  label: string[];
  explanation: string[];
}

/** Explanations of axes that flags name: none, or one for each, as modes need them. */
async function withExplanations(
  {label, explanation}: InitOptions,
  columnOf: (axis: string) => Promise<string>
): Promise<Axes> {
  if (explanation.length > 0) return {label, explanation};
  const found: string[] = [];
  for (const axis of label.map((pair) => pair.split("=")[0]!)) {
    const chosen = await columnOf(axis);
    if (chosen === NONE) return {label, explanation: []};
    found.push(`${axis}=${chosen}`);
  }
  return {label, explanation: found};
}

type Option = {value: string; label: string};

interface Columns {
  column: (message: string, from?: Option[]) => Promise<string>;
  choices: Option[];
  /** The same and none. */
  optional: Option[];
}

const ANOTHER: Option[] = [
  {value: NONE, label: "No"},
  {value: "yes", label: "Yes"}
];

/** One axis after another. Where the first has no explanation, none has: modes need them on every axis or on none. */
async function askForAxes(
  file: Inspected,
  {column, choices, optional}: Columns,
  prompter: Prompter
): Promise<Axes> {
  const axes: Axes = {label: [], explanation: []};
  let explained = true;
  do {
    const axis = await askForAxis(axes, prompter);
    const label = await untilUsable(prompter, async () => {
      const chosen = await column("Which column holds its label?");
      file.valuesOf(chosen);
      return chosen;
    });
    const first = axes.label.length === 0;
    axes.label.push(`${axis}=${label}`);
    const why: string = explained
      ? await column("Which holds its explanation?", first ? optional : choices)
      : NONE;
    explained = why !== NONE;
    if (explained) axes.explanation.push(`${axis}=${why}`);
  } while ((await column("Is something else judged, too?", ANOTHER)) !== NONE);
  return axes;
}

function askForAxis({label}: Axes, prompter: Prompter): Promise<string> {
  return ask(
    prompter.text({
      message: `What ${label.length === 0 ? "" : "else "}is judged (a short name, such as tone):`,
      validate: (value = "") => {
        if (!name.safeParse(value).success) return "Lower-case letters, digits and hyphens.";
        return label.some((pair) => pair.startsWith(`${value}=`)) ? "That is asked already." : undefined;
      }
    })
  );
}

/** Where a study of this data is written unless said. */
export function studyPath({name}: Pick<Inspected, "name">): string {
  return `studies/${name}.yaml`;
}

/** Another file where the one that would be written is there already. */
async function askForOutput(
  {out, force}: InitOptions,
  file: Inspected,
  prompter: Prompter
): Promise<string | undefined> {
  const usual = studyPath(file);
  if (out !== undefined || force || !existsSync(usual)) return out;
  return ask(
    prompter.text({
      message: `${usual} is there already. Write to:`,
      validate: (value) =>
        required(value) ?? (existsSync(value!) ? "That is there, too; name another." : undefined)
    })
  );
}

/** Asks until the answer can be used; everything answered before is kept. */
async function untilUsable<T>(prompter: Prompter, question: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await question();
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      const {where, expected, found} = error.detail;
      prompter.again(`${where}: expected ${expected}, found ${found}.`);
    }
  }
}

function required(value: string | undefined): string | undefined {
  return value ? undefined : "Needed.";
}

async function ask(question: Promise<string | symbol>): Promise<string> {
  const answer = await question;
  if (typeof answer === "string") return answer;
  clack.cancel("Nothing written.");
  throw new Interrupted("Stopped before anything was written.");
}
