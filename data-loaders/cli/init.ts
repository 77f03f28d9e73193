/** `because init`: a commented study file for one's own data, by asking or by flags. */
import {existsSync, lstatSync, realpathSync} from "node:fs";
import {mkdir, writeFile} from "node:fs/promises";
import {dirname, relative, resolve} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import {name} from "../../src/core/study/names.js";
import {parseStudy} from "../study/read-study.js";
import {studyNotes} from "../study/study-notes.js";
import {askForColumns, studyPath} from "./init-questions.js";
import {inspectFile, nameFrom} from "./inspect-file.js";
import type {Inspected} from "./inspect-file.js";
import {studyText} from "./study-template.js";
import type {StudyDraft} from "./study-template.js";

export interface InitOptions {
  from?: string;
  response?: string;
  turns?: string;
  id?: string;
  dialogue?: string;
  label: string[];
  explanation: string[];
  nominal: string[];
  title?: string;
  out?: string;
  force?: boolean;
}

export async function init(options: InitOptions): Promise<void> {
  const complete = options.from !== undefined && options.response !== undefined && options.label.length > 0;
  if (!complete && !process.stdin.isTTY)
    throw new BadInput({
      where: "because init",
      expected: "--from FILE, --response COLUMN and --label AXIS=COLUMN",
      found: "not all of them, and no terminal to ask in",
      mend: "Give the flags, or run it in a terminal and answer its questions."
    });
  if (options.out !== undefined) requireFree(options.out, options); // before anything is asked
  const chosen = complete ? options : await askForColumns(options);
  const labels = pairs(chosen.label, "--label");
  const explanations = pairs(chosen.explanation, "--explanation");
  requireAxes(labels, explanations, chosen.nominal);
  const file = await inspectFile(chosen.from!, [...labels.values()]);
  const out = chosen.out ?? studyPath(file);
  requireFree(out, chosen);
  const text = studyText(draftOf(chosen, file, {labels, explanations, out}));
  const notes = studyNotes(parseStudy(text, out)); // what we write must pass what we check
  await mkdir(dirname(resolve(out)), {recursive: true});
  await writeFile(out, text);
  process.stdout.write(
    `${out} written.\n${notes.map((note) => `note: ${note}\n`).join("")}Next:\n  npx because check --study ${out}\n  npm start -- --study ${out}\n`
  );
}

/** Throws BadInput where a file would be overwritten unasked. */
function requireFree(out: string, {force, from}: InitOptions): void {
  const found = lstatSync(out, {throwIfNoEntry: false});
  const kept = found?.isDirectory() ? "a folder" : isSame(out, from) ? "the data themselves" : null;
  if (kept !== null)
    throw new BadInput({
      where: out,
      expected: "a study file to write",
      found: kept,
      mend: "Name another with --out; --force does not replace it."
    });
  if (force || !found) return;
  throw new BadInput({
    where: out,
    expected: "no file there yet",
    found: "one",
    mend: "Name another with --out, or add --force."
  });
}

/** Whether two paths lead to one file, by whatever links. */
function isSame(out: string, from: string | undefined): boolean {
  return (
    from !== undefined && existsSync(out) && existsSync(from) && realpathSync(out) === realpathSync(from)
  );
}

interface Named {
  labels: Map<string, string>;
  explanations: Map<string, string>;
  out: string;
}

function draftOf(options: InitOptions, file: Inspected, {labels, explanations, out}: Named): StudyDraft {
  for (const column of [
    options.response!,
    options.turns,
    options.id,
    options.dialogue,
    ...labels.values(),
    ...explanations.values()
  ])
    if (column !== undefined) file.requireColumn(column);
  return {
    title: options.title ?? file.name,
    name: file.name,
    reader: file.reader,
    path: relative(dirname(resolve(out)), resolve(options.from!)),
    columns: {id: options.id, dialogue: options.dialogue, turns: options.turns, response: options.response!},
    axes: [...labels].map(([axis, column]) => ({
      id: axis,
      column,
      explanation: explanations.get(axis) ?? null,
      kind: options.nominal.includes(axis) ? "nominal" : "ordinal",
      labels: file.valuesOf(column)
    })),
    rows: file.rows
  };
}

/** Every axis that a flag names must have a label, and where one axis has explanations all must. Throws BadInput. */
function requireAxes(
  labels: Map<string, string>,
  explanations: Map<string, string>,
  nominal: string[]
): void {
  const known = [...labels.keys()];
  const wrong = (where: string, expected: string, found: string, mend: string): never => {
    throw new BadInput({where, expected, found, mend});
  };
  for (const [flag, axes] of [
    ["--explanation", [...explanations.keys()]],
    ["--nominal", nominal]
  ] as const)
    for (const axis of axes)
      if (!labels.has(axis))
        wrong(
          `${flag} ${axis}`,
          `an axis that has a --label (${known.join(", ")})`,
          `“${axis}”`,
          `Add --label ${axis}=COLUMN.`
        );
  const without = known.filter((axis) => !explanations.has(axis));
  if (explanations.size > 0 && without.length > 0)
    wrong(
      "--explanation",
      "explanations for every axis, or for none",
      `none for ${without.join(", ")}`,
      "Add them, or leave that axis' --label out: modes need an explanation on every axis of the study."
    );
}

/** `axis=column` flags as a map. Throws BadInput on another form, and on an axis given twice. */
function pairs(flags: string[], option: string): Map<string, string> {
  const map = new Map<string, string>();
  for (const flag of flags) {
    const [axis = "", ...rest] = flag.split("=");
    const column = rest.join("=");
    if (axis === "" || column === "")
      throw new BadInput({
        where: `${option} ${flag}`,
        expected: "axis=column",
        found: `“${flag}”`,
        mend: `Write it as ${option} ${axis || "tone"}=COLUMN.`
      });
    if (!name.safeParse(axis).success)
      throw new BadInput({
        where: `${option} ${flag}`,
        expected: "an axis named by lower-case letters, digits and hyphens",
        found: `“${axis}”`,
        mend: `Write it as ${option} "${nameFrom(axis, "axis")}=${column}"; \`title\` in the study file is what figures call it.`
      });
    if (map.has(axis))
      throw new BadInput({
        where: `${option} ${flag}`,
        expected: "each axis once",
        found: `“${axis}” again`,
        mend: "Name the second axis otherwise, or remove one."
      });
    map.set(axis, column);
  }
  return map;
}
