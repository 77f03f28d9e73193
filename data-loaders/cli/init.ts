/** `because init`: a commented study file for one's own data, by asking or by flags. */
import {existsSync} from "node:fs";
import {mkdir, writeFile} from "node:fs/promises";
import {dirname, relative, resolve} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import {parseStudy} from "../study/read-study.js";
import {askForColumns} from "./init-questions.js";
import {inspectFile} from "./inspect-file.js";
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
  const chosen = complete ? options : await askForColumns(options);
  const file = await inspectFile(chosen.from!);
  const out = chosen.out ?? `studies/${file.name}.yaml`;
  if (existsSync(out) && !chosen.force)
    throw new BadInput({
      where: out,
      expected: "no file there yet",
      found: "one",
      mend: "Name another with --out, or add --force."
    });
  const text = studyText(draftOf(chosen, file, out));
  parseStudy(text, out); // what we write must pass what we check
  await mkdir(dirname(resolve(out)), {recursive: true});
  await writeFile(out, text);
  process.stdout.write(
    `${out} written. Next:\n  npx because check --study ${out}\n  npm start -- --study ${out}\n`
  );
}

function draftOf(options: InitOptions, file: Inspected, out: string): StudyDraft {
  const labels = pairs(options.label, "--label");
  const explanations = pairs(options.explanation, "--explanation");
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

/** `axis=column` flags as a map. */
function pairs(flags: string[], option: string): Map<string, string> {
  return new Map(
    flags.map((flag) => {
      const at = flag.indexOf("=");
      if (at < 1)
        throw new BadInput({
          where: `${option} ${flag}`,
          expected: "axis=column",
          found: `“${flag}”`,
          mend: `Write it as ${option} tone=tone_label.`
        });
      return [flag.slice(0, at), flag.slice(at + 1)] as const;
    })
  );
}
