/** `because doctor`: what is installed, what is missing, how to mend it. */
import {examine, healthy, printFindings} from "../setup/doctor.js";
import {Store} from "../stages/store.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";

export async function doctor({
  store,
  port,
  json
}: {
  store: string;
  port?: number;
  json?: boolean;
}): Promise<Outcome> {
  const findings = await examine({store: new Store(store).root, port});
  if (json) printJson(findings);
  else printFindings(findings, (line) => process.stdout.write(`${line}\n`));
  return healthy(findings) ? 0 : 1;
}
