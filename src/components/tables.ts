/** Plain tables and lists of facts: what studies, runs and corpora are, in numbers. */
import type {AllCubes} from "../core/cubes-reader.js";
import type {RunRow, StudyFacts} from "../core/cubes.js";
import {MISSING, formatBytes, formatCount, formatDuration, formatNumber, formatTime} from "../core/format.js";
import {MEASURES} from "../core/measures.js";
import {BASELINE_TITLES, armTitle} from "../core/palette.js";
import {scrollRegion} from "./scroll-region.js";

type Arms = AllCubes["study"]["arms"];

interface Column<R> {
  title: string;
  text: (row: R) => string;
  number?: boolean;
  /** An id, in the type of code. */
  id?: boolean;
  /** In full, where the text is shortened. */
  hint?: (row: R) => string;
}

interface TableOptions {
  /** What is listed. */
  name: string;
  /** Said where nothing is. */
  empty?: string;
  /** Has cells of whole sentences: on a phone, these stand below each other. */
  prose?: boolean;
}

/** A table in a box that scrolls sideways by itself, so that the page does not. */
export function dataTable<R>(
  rows: R[],
  columns: Column<R>[],
  {name, empty = "There is nothing to list.", prose = false}: TableOptions
): HTMLElement {
  const table = document.createElement("table");
  if (rows.length === 0) {
    const nothing = document.createElement("p");
    nothing.textContent = empty;
    return nothing;
  }
  const head = table.createTHead().insertRow();
  const body = table.createTBody();
  const cell = (name: "th" | "td", text: string, number?: boolean) => {
    const made = document.createElement(name);
    made.textContent = text;
    if (number) made.className = "number";
    return made;
  };
  head.append(...columns.map(({title, number}) => cell("th", title, number)));
  for (const row of rows)
    body.insertRow().append(
      ...columns.map(({title, text, number, id, hint}) => {
        const made = cell("td", text(row), number);
        if (id) made.className = "run-id";
        if (hint) made.title = hint(row);
        if (prose) made.dataset.title = title;
        return made;
      })
    );
  if (prose) keepRoles(table);
  return scrollRegion(table, name);
}

/** Rows that stand as blocks are rows still to those who hear them. */
function keepRoles(table: HTMLTableElement): void {
  table.className = "prose";
  const roles = {thead: "rowgroup", tbody: "rowgroup", tr: "row", th: "columnheader", td: "cell"};
  table.setAttribute("role", "table");
  for (const [name, role] of Object.entries(roles))
    for (const part of table.querySelectorAll(name)) part.setAttribute("role", role);
}

/** Terms and what they are. */
export function factList(facts: [string, string][]): HTMLElement {
  const list = document.createElement("dl");
  list.className = "facts";
  for (const [term, fact] of facts) {
    const dt = document.createElement("dt");
    const dd = document.createElement("dd");
    dt.textContent = term;
    dd.textContent = fact;
    list.append(dt, dd);
  }
  return list;
}

/** What a run trained or scored, in words; an order that all arms share is left unsaid. */
export function runTitle({kind, system}: Pick<RunRow, "kind" | "system">, arms?: Arms): string {
  if (kind === "train") return armTitle(system, arms);
  if (kind === "baseline") return BASELINE_TITLES[system as keyof typeof BASELINE_TITLES] ?? system;
  return kind === "tokenizer" ? "Tokenizer" : "Warm-up";
}

/** One row a run: what it is, how it went, what it cost. The setting is named where any run has one of its own. */
export function runTable(runs: RunRow[], arms?: Arms): HTMLElement {
  const setting = ({scope}: RunRow) => scope || "all";
  return dataTable(
    runs,
    [
      {title: "What", text: (run) => runTitle(run, arms)},
      {title: "Seed", text: ({kind, seed}) => (kind === "train" ? seed : MISSING)},
      {
        title: "Accuracy",
        text: ({accuracy}) => (accuracy === null ? MISSING : `${formatNumber(accuracy * 100, 1)} %`),
        number: true
      },
      ...(runs.some((run) => setting(run) !== "all") ? [{title: "Setting", text: setting}] : []),
      {title: "Run", text: ({run}) => run.slice(0, 8), hint: ({run}) => run, id: true},
      {title: "Status", text: statusText},
      {title: "Steps", text: ({steps}) => countCell(steps), number: true},
      {title: "Tokens", text: ({tokens}) => countCell(tokens), number: true},
      {title: "Training", text: ({train_seconds}) => durationCell(train_seconds), number: true},
      {title: "Scoring", text: ({score_seconds}) => durationCell(score_seconds), number: true},
      {
        title: "Tokens/s",
        text: ({tokens_per_second}) => countCell(tokens_per_second),
        number: true
      },
      ...(runs.some(({flops_utilisation}) => flops_utilisation !== null)
        ? [
            {
              title: "Utilisation",
              text: ({flops_utilisation}: RunRow) =>
                flops_utilisation === null ? MISSING : `${formatNumber(100 * flops_utilisation, 0)} %`,
              number: true
            }
          ]
        : []),
      {title: "Memory", text: memoryOf, hint: ({execution}) => execution, number: true},
      {title: "Started, UTC", text: ({started}) => formatTime(started).replace(" UTC", "")},
      ...(runs.some(({resumed}) => resumed > 0)
        ? [{title: "Resumed", text: ({resumed}: RunRow) => countCell(resumed), number: true}]
        : [])
    ],
    {name: "Every run", empty: "No run has ended yet."}
  );
}

/** A count in a cell; what took none of it, such as a baseline no steps, has no number. */
export function countCell(count: number | null): string {
  return count === null || count === 0 ? MISSING : formatCount(count);
}

/** A time in a cell: seconds to a tenth, so that those of a column can be compared; none where nothing was done. */
export function durationCell(seconds: number): string {
  if (seconds <= 0) return MISSING;
  if (seconds < 0.05) return "< 0.1 s";
  return seconds < 59.95 ? `${formatNumber(seconds, 1)} s` : formatDuration(seconds);
}

/** `done`, and what else is to be said of it: why it is not done, where it was imported from. */
function statusText({status, reason}: RunRow): string {
  const said = status === "done" ? reason.replace(/^finished(; )?/, "") : reason;
  return said ? `${status}: ${said}` : status;
}

/** Of the GPU where there was one, else of the process. */
function memoryOf({peak_device_memory_bytes, peak_memory_bytes}: RunRow): string {
  return formatBytes(peak_device_memory_bytes ?? peak_memory_bytes);
}

/** Runs that failed or never ended, with their reasons, and what of the study they leave out. */
export function failureTable({runs}: Pick<AllCubes, "runs">): HTMLElement {
  return dataTable(
    runs.filter(({status}) => status !== "done"),
    [
      {title: "What", text: (run) => runTitle(run)},
      {title: "Seed", text: ({seed}) => seed || MISSING},
      {title: "Status", text: ({status}) => status},
      {title: "Reason", text: ({reason}) => reason || MISSING},
      {title: "Run", text: ({run}) => run.slice(0, 8), hint: ({run}) => run, id: true}
    ],
    {name: "Not done", empty: runs.length === 0 ? "No run has ended yet." : "Nothing: every run is done."}
  );
}

/** What all runs cost together, and on what they ran. */
export function costFacts({study, runs}: Pick<AllCubes, "study" | "runs">): HTMLElement {
  const sum = (of: (run: RunRow) => number) => runs.reduce((total, run) => total + of(run), 0);
  const distinct = (of: (run: RunRow) => string) => [...new Set(runs.map(of))].filter(Boolean).join("; ");
  return factList([
    ["Runs", `${formatCount(runs.length)}, ${countFailed(runs)} failed`],
    ["Model", `${formatCount(study.parameters)} parameters, ${study.layers} layers`],
    ["Trained on", `${formatCount(sum(({tokens}) => tokens))} tokens`],
    ["Run time", `${formatDuration(sum(({wall_seconds}) => wall_seconds))} of all runs together`],
    ["Peak memory", formatBytes(Math.max(0, ...runs.map(({peak_memory_bytes}) => peak_memory_bytes)))],
    ["Carried out", distinct(({kind, execution}) => (kind === "train" ? execution : "")) || MISSING],
    [
      "Device",
      distinct(({device, threads}) =>
        device && threads > 0 ? `${deviceTitle(device)}, ${threadsText(threads)} per run` : ""
      )
    ],
    ["Software", distinct(({trainer_version, libraries}) => `trainer ${trainer_version}; ${libraries}`)]
  ]);
}

function countFailed(runs: readonly RunRow[]): string {
  const failed = runs.filter(({status}) => status === "failed").length;
  return failed === 0 ? "none" : `of which ${formatCount(failed)}`;
}

/** `cpu AMD EPYC` as `CPU (AMD EPYC)`; others by their own name. */
function deviceTitle(device: string): string {
  const [, name] = /^cpu\b\s*(.*)$/.exec(device) ?? [];
  if (name === undefined) return device;
  return name === "" ? "CPU" : `CPU (${name})`;
}

const threadsText = (threads: number) => (threads === 1 ? "one thread" : `${formatCount(threads)} threads`);

export function settingTable({study}: Pick<AllCubes, "study">): HTMLElement {
  const corpora = new Map(study.corpora.map(({id, title}) => [id, title]));
  const axes = new Map(study.axes.map(({id, title}) => [id, title]));
  return dataTable(
    study.settings,
    [
      {title: "Corpus", text: ({corpus}) => corpora.get(corpus) ?? corpus},
      {title: "Axis", text: ({axis}) => axes.get(axis) ?? axis},
      {title: "Trained on", text: ({train}) => formatCount(train), number: true},
      ...(study.settings.some(({train, explained = train}) => explained < train)
        ? [
            {
              title: "With an explanation",
              text: ({train, explained = train}: StudyFacts["settings"][number]) => formatCount(explained),
              number: true
            }
          ]
        : []),
      {title: "Tested on", text: ({test}) => formatCount(test), number: true},
      {title: "Test dialogues", text: ({test_dialogues}) => formatCount(test_dialogues), number: true},
      {
        title: "Largest label",
        text: ({majority_share}) => `${formatNumber(majority_share * 100, 0)} %`,
        number: true
      }
    ],
    {name: "Settings"}
  );
}

export function axisTable({study}: Pick<AllCubes, "study">): HTMLElement {
  return dataTable(
    study.axes,
    [
      {title: "Axis", text: ({title}) => title},
      {title: "Question", text: ({question}) => question},
      {title: "Labels", text: ({labels, kind}) => `${labels.join(", ")} (${kind})`}
    ],
    {name: "Axes", prose: true}
  );
}

export function measureTable({study}: Pick<AllCubes, "study">): HTMLElement {
  return dataTable(
    MEASURES.filter(({id}) => study.measures.includes(id)),
    [
      {title: "Measure", text: ({title}) => title},
      {title: "Better", text: ({better}) => (better === "zero" ? "closest to zero" : better)},
      {title: "Definition", text: ({description}) => description}
    ],
    {name: "Measures", prose: true}
  );
}

/** How the models of a study were made, as terms and what they are. */
export function trainingFacts(study: AllCubes["study"]): [string, string][] {
  const {arms, seeds, settings, layers, parameters, regime, warm_up_shared, tokens_budget, counts} = study;
  return [
    ["Model", `${formatCount(parameters)} parameters, ${formatCount(layers)} layers`],
    ["Runs", `${formatCount(arms.length)} arms × ${formatCount(seeds.length)} seeds`],
    [
      "Regime",
      regime === "one-model"
        ? `one model for all ${formatCount(settings.length)} settings`
        : `one model for each of ${formatCount(settings.length)} settings`
    ],
    [
      "Seeds",
      warm_up_shared
        ? "all arms and seeds start from one language-model warm-up, so seeds differ in the order of the data only"
        : "each seed has its own start and its own order of the data"
    ],
    [
      "Examples",
      `${formatCount(counts.train_examples)} to train on, ${formatCount(counts.test_examples)} to test on, each on every axis it is judged on`
    ],
    ["Length of explanations", TOKEN_BUDGETS[tokens_budget] ?? `${tokens_budget} tokens`]
  ];
}

const TOKEN_BUDGETS: Record<string, string> = {
  free: "as each mode makes it",
  matched: "every mode as long as the real explanation, in tokens"
};
