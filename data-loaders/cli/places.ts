/** `because places` and `because prepare`: which places there are, and setting one up. */
import {LOCAL} from "../../src/core/places.js";
import {openSite} from "../places/open-place.js";
import {findPlace, placesFile, readPlaces} from "../places/places-file.js";
import {LINES, stopSignal} from "./open-study.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";

export async function places({json}: {json?: boolean}): Promise<Outcome> {
  const file = placesFile();
  const named = await readPlaces(file);
  const all = [
    {name: LOCAL, kind: LOCAL, at: "this machine"},
    ...Object.entries(named).map(([name, config]) => ({name, kind: config.kind, at: whereIs(config)}))
  ];
  if (json) return printJson(all);
  const width = Math.max(...all.map(({name}) => name.length));
  for (const {name, kind, at} of all)
    process.stdout.write(`${name.padEnd(width)}  ${kind.padEnd(5)}  ${at}\n`);
  process.stdout.write(
    `From ${file}${Object.keys(named).length === 0 ? ", where none are named yet" : ""}.\n`
  );
}

/** Host and folder, as far as the kind has them. */
function whereIs(config: {kind: string; host?: string; root: string}): string {
  return [config.host, config.root].filter(Boolean).join(":");
}

export async function prepare({name, json}: {name: string; json?: boolean}): Promise<Outcome> {
  const config = await findPlace(name, `because prepare ${name}`);
  if (config === null) {
    process.stdout.write("npm start sets this machine up.\n");
    return;
  }
  const log = json ? () => undefined : LINES.note;
  const site = await openSite({name, config, log, signal: stopSignal()});
  await site.transport.close();
  const {root, python, version} = site;
  if (json) printJson({name, root, python, version});
  else process.stdout.write(`${name} is ready: ${root}, with ${python}, trainer ${version}.\n`);
}
