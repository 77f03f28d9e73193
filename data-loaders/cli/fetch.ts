/** `because fetch`: downloads the study's corpora from the Hugging Face hub, with their licences, and its model's tokenizer. */
import type {StudyOptions} from "../cli.js";
import {bytesLeft, fetchDataset, planFetch} from "../fetch/fetch-dataset.js";
import type {FetchPlan} from "../fetch/fetch-dataset.js";
import {fetchedFolder} from "../fetch/fetched-folder.js";
import type {FetchedDataset} from "../fetch/fetched-folder.js";
import {HubClient} from "../fetch/hub-client.js";
import {hubSettings} from "../fetch/hub-settings.js";
import {studyHubs} from "../fetch/study-hubs.js";
import type {StudyHub} from "../fetch/study-hubs.js";
import {Interrupted} from "../stages/interrupted.js";
import type {Context} from "../stages/context.js";
import {formatBytes} from "../../src/core/format.js";
import {FetchDisplay} from "./fetch-display.js";
import {openStudy, stopSignal} from "./open-study.js";
import {printJson} from "./outcome.js";

interface FetchCommand extends StudyOptions {
  dryRun?: boolean;
}

export async function fetch(options: FetchCommand): Promise<void> {
  const context = await openStudy(options);
  const signal = stopSignal();
  try {
    await fetchStudy(context, options, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Interrupted("Stopped. What has arrived is kept; `because fetch` goes on from there.");
  }
}

async function fetchStudy({file, store}: Context, options: FetchCommand, signal: AbortSignal): Promise<void> {
  const hubs = studyHubs(file.study);
  const say = (text: string): void => void (options.json || process.stdout.write(`${text}\n`));
  if (hubs.length === 0)
    say("Nothing of this study is fetched: each corpus has a `path`, or comes with Because.");
  const display = new FetchDisplay();
  const note = (text: string): void => display.note(text);
  const client = new HubClient(hubSettings(process.env), {note});
  const planned: {plan: FetchPlan; record: FetchedDataset | null}[] = [];
  for (const each of hubs) {
    const plan = await planFetch(client, store, each.hub, signal);
    say(describePlan(each, plan));
    if (options.dryRun) planned.push({plan, record: null});
    else {
      const record = await fetchDataset(client, store, plan, {report: display, note, signal});
      planned.push({plan, record});
      say(`  in ${fetchedFolder(store, each.hub)}`);
    }
  }
  if (options.json) printJson(planned.map(({plan, record}) => record ?? asJson(plan)));
  else if (options.dryRun && hubs.length > 0)
    say(
      `To download: ${formatBytes(planned.reduce((sum, {plan}) => sum + bytesLeft(plan), 0))}. Nothing was.`
    );
}

function asJson(plan: FetchPlan): object {
  const {hub, licence, gated, files, missing} = plan;
  return {
    dataset: hub.dataset,
    revision: hub.revision,
    licence,
    gated,
    files: files.map(({path, bytes}) => ({path, bytes, here: !missing.some((file) => file.path === path)})),
    bytes_left: bytesLeft(plan)
  };
}

/** Licence first: it is read before anything is downloaded. */
function describePlan({hub, corpora}: StudyHub, {licence, gated, files, missing}: FetchPlan): string {
  const absent = new Set(missing.map(({path}) => path));
  return [
    `${hub.dataset} (${corpora.join(", ") || "tokenizer of the model"}), revision ${hub.revision.slice(0, 8)}`,
    `  licence  ${licence ?? "none stated"}${gated ? "; gated: its terms are accepted at the hub, and HF_TOKEN says by whom" : ""}`,
    ...files.map(
      ({path, bytes}) => `  ${formatBytes(bytes).padStart(8)}  ${path}${absent.has(path) ? "" : "  (here)"}`
    )
  ].join("\n");
}
