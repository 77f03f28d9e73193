/** `because doctor`: what is installed, what is missing, how to mend it; with `--study`, also what that study needs. */
import {examine, healthy, printFindings} from "../setup/doctor.js";
import {finding} from "../setup/findings.js";
import type {Finding} from "../setup/findings.js";
import {examinePlace} from "../places/examine-place.js";
import {findPlace} from "../places/places-file.js";
import {transportOf} from "../places/transport-of.js";
import type {PlaceConfig} from "../../src/core/places.js";
import {SILENT} from "../stages/context.js";
import type {Context} from "../stages/context.js";
import {Store} from "../stages/store.js";
import {lackingPackage} from "./model-notes.js";
import {openStudy} from "./open-study.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";

interface DoctorCommand {
  store?: string;
  study?: string;
  port?: number;
  json?: boolean;
  on?: string;
}

const STORE = ".because";

export async function doctor({store, study, port, json, on}: DoctorCommand): Promise<Outcome> {
  const context = study === undefined ? null : await openStudy({study, store});
  const config = on === undefined ? null : await findPlace(on, `--on ${on}`);
  if (on !== undefined && config) return report(await placeFindings(on, config, context), json);
  const root = context?.store.root ?? new Store(store ?? STORE).root;
  const findings = [
    ...(await examine({store: root, port})),
    ...(context ? await studyFindings({...context, report: SILENT}) : [])
  ];
  return report(findings, json);
}

function report(findings: Finding[], json?: boolean): Outcome {
  if (json) printJson(findings);
  else printFindings(findings, (line) => process.stdout.write(`${line}\n`));
  return healthy(findings) ? 0 : 1;
}

async function placeFindings(name: string, config: PlaceConfig, context: Context | null): Promise<Finding[]> {
  const transport = transportOf(config);
  try {
    return await examinePlace(name, config, transport, context?.file.study ?? null);
  } finally {
    await transport.close();
  }
}

/** Frozen weights of 8 or 4 bits need a package that other studies do without. */
async function studyFindings(context: Context): Promise<Finding[]> {
  const {adapter} = context.file.study;
  if (adapter.kind === "none" || adapter.bits === 16) return [];
  const lacking = await lackingPackage(context);
  const {found, expected, mend} = lacking?.detail ?? {found: "there", expected: "", mend: ""};
  return [finding(`${adapter.bits} bits`, lacking === null, found, expected, mend)];
}
