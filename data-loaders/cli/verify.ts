/** `because verify`: whether what was published is whole, and comes out again. */
import {openPublished} from "../verify/open-published.js";
import {verifyPublished, type Finding, type Verification} from "../verify/verify-published.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";

export interface VerifyOptions {
  json?: boolean;
}

export async function verify({path, json}: VerifyOptions & {path: string}): Promise<Outcome> {
  const opened = await openPublished(path);
  try {
    const verification = await verifyPublished(opened.folder);
    if (json) printJson(verification);
    else process.stdout.write(describe(verification));
    return verification.findings.some(({verdict}) => verdict === "different") ? 1 : 0;
  } finally {
    await opened.close();
  }
}

/** Everything that is not equal by name, and counts of each kind. */
function describe({kind, title, same_code, software, findings}: Verification): string {
  const counts = [...groups(findings)];
  const lines = counts.map(([name, of]) => {
    const equal = of.filter(({verdict}) => verdict === "equal").length;
    return `${name}: ${equal} of ${of.length} equal`;
  });
  const told = findings
    .filter(({verdict}) => verdict !== "equal")
    .map(({verdict, name, why}) => `${verdict} ${name}${why ? `: ${why}` : ""}`);
  const other = same_code
    ? []
    : [`note: made by other code than this (Because ${software}); numbers may differ by that alone`];
  return [`${kind} of “${title}”`, ...lines, ...told, ...other, ""].join("\n");
}

function groups(findings: readonly Finding[]): Map<string, Finding[]> {
  const by = new Map<string, Finding[]>();
  for (const finding of findings) by.set(finding.kind, [...(by.get(finding.kind) ?? []), finding]);
  return by;
}
