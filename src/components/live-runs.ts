/**
 * Follows runs that are being trained, in the notebook's preview alone: what a preview says of itself in the page's head
 * is the address that it answers at. The table stays where it is, and only its rows are written anew.
 */
import {formatCount, formatDuration, formatNumber} from "../core/format.js";
import {countsOf, inOrder, secondsLeft, type LiveRun, type LiveStudy} from "../core/live.js";
import {lossSparkline} from "../figures/loss-sparkline.js";
import {scrollRegion} from "./scroll-region.js";

/** Milliseconds between two questions. */
const PAUSE = 2000;
/** Seconds after which what was heard last is worth a word. */
const SILENT = 20;
/** Rows that a table shows: a study of a thousand runs is told by its counts. */
const MOST_ROWS = 200;

const HEADS = ["Run", "Status", "Step", "Loss", "Latest", "Tokens/s", "Left", "Last word"];

/** Fills `place` and goes on, where there is a preview; elsewhere what stands there stays. */
export function followRuns(place: HTMLElement): void {
  const address = document.querySelector<HTMLMetaElement>('meta[name="live"]')?.content;
  if (!address) return;
  const view = liveView(place);
  const ask = async (): Promise<void> => {
    try {
      const response = await fetch(address, {cache: "no-store"});
      view.show((await response.json()) as LiveStudy[]);
    } catch {
      view.say("The preview does not answer. It is asked again.");
    }
    setTimeout(() => void ask(), PAUSE);
  };
  view.say("Looking …");
  void ask();
}

/** The parts of the view, and what writes into them. */
export function liveView(place: HTMLElement): {show(studies: LiveStudy[]): void; say(words: string): void} {
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  const tables = document.createElement("div");
  place.replaceChildren(status, tables);
  const sections = new Map<string, Section>();
  const say = (words: string): void => {
    if (status.textContent !== words) status.textContent = words;
  };
  return {
    say,
    show(studies) {
      const named = studies.map((study) => ({...study, title: nameAmong(study, studies)}));
      for (const study of named) {
        const section = sections.get(study.id) ?? newSection(study.title);
        if (!sections.has(study.id)) tables.append(section.element);
        sections.set(study.id, section);
        writeSection(section, study);
      }
      say(named.map(headline).join(" ") || "No study has been trained here today.");
    }
  };
}

/** The title, and the id where another study has the same: copies of a study are common. */
function nameAmong({id, title}: LiveStudy, all: LiveStudy[]): string {
  return all.filter((study) => study.title === title).length > 1 ? `${title} (${id})` : title;
}

interface Section {
  element: HTMLElement;
  note: HTMLElement;
  body: HTMLTableSectionElement;
}

function newSection(title: string): Section {
  const element = document.createElement("section");
  const heading = document.createElement("h2");
  heading.textContent = title;
  const note = document.createElement("p");
  note.className = "live-note";
  const table = document.createElement("table");
  table.className = "live-runs";
  const head = table.createTHead().insertRow();
  for (const [i, text] of HEADS.entries()) {
    const cell = document.createElement("th");
    cell.textContent = text;
    if (i === 2 || (i > 3 && i < 7)) cell.className = "number";
    head.append(cell);
  }
  const body = table.createTBody();
  element.append(heading, note, scrollRegion(table, title));
  return {element, note, body};
}

/** `Small: 2 running · 3 queued · 5 of 10 done.` */
function headline({title, runs, ended}: LiveStudy): string {
  return `${title}: ${countsOf(runs)}${ended ? "; its pipeline has ended" : ""}.`;
}

function writeSection({note, body}: Section, study: LiveStudy): void {
  const silent = Date.now() / 1000 - study.at;
  const rest = study.runs.length - MOST_ROWS;
  note.textContent = [
    `${study.stage} at ${study.place === "local" ? "this machine" : study.place}`,
    study.ended || silent < SILENT ? "" : `last heard of ${formatDuration(silent)} ago`,
    rest > 0 ? `${formatCount(rest)} more runs are not listed` : ""
  ]
    .filter(Boolean)
    .join("; ");
  body.replaceChildren(...inOrder(study.runs).slice(0, MOST_ROWS).map(rowOf));
}

function rowOf(run: LiveRun): HTMLTableRowElement {
  const row = document.createElement("tr");
  row.dataset.status = run.status;
  const left = secondsLeft(run);
  const latest = run.losses.at(-1);
  const steps = run.step === null ? "" : `${formatCount(run.step)} of ${formatCount(run.steps)}`;
  const cells: [text: string | Element, number?: boolean][] = [
    [run.title],
    [run.status],
    [steps, true],
    [lossSparkline(run.losses, {width: 110, height: 22, steps: run.steps})],
    [latest ? formatNumber(latest.loss) : "", true],
    [run.tokens_per_second === null ? "" : formatCount(Math.round(run.tokens_per_second)), true],
    [left === null ? "" : formatDuration(left), true],
    [run.word]
  ];
  for (const [content, number] of cells) {
    const cell = row.insertCell();
    cell.append(content);
    if (number) cell.className = "number";
  }
  row.cells[0]!.title = run.run;
  row.cells[7]!.className = "live-word";
  return row;
}
