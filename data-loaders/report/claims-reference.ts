/** `docs/claims-reference.md`: every claim, its arguments and their values, written from the code. */
import {EMPTY_CUBES} from "./empty-cubes.js";
import type {ClaimKind, Parameter} from "../../src/core/claims/claim.js";
import {CLAIMS} from "../../src/core/claims/registry.js";

export function claimsReference(): string {
  return `${[
    "# Claims",
    "Written from the code by `npm run generate`. How to use them is told in [The report](report.md). Arguments without a default are needed.",
    ...Object.entries(CLAIMS).map(([name, kind]) => claimText(name, kind))
  ].join("\n\n")}\n`;
}

function claimText(name: string, {says, parameters}: ClaimKind): string {
  const rows = Object.entries(parameters).map(
    ([key, parameter]) => `| \`${key}\` | ${standardOf(parameter)} | ${saysOf(parameter)} |`
  );
  return [
    `## ${name}`,
    `${says}.`,
    ["| argument | default | what it is |", "| --- | --- | --- |", ...rows].join("\n")
  ].join("\n\n");
}

/** Of an empty study, the values that any study can have are left. */
function saysOf({says, choices}: Parameter): string {
  const fixed = says.includes("`") ? [] : choices(EMPTY_CUBES).filter(Boolean);
  return (fixed.length > 1 ? `${says}: ${fixed.map((value) => `\`${value}\``).join(", ")}` : says).replaceAll(
    "|",
    "\\|"
  );
}

function standardOf({standard}: Parameter): string {
  if (!standard) return "";
  const value = standard(EMPTY_CUBES);
  return value === "" || value === "0" ? "none" : `\`${value}\``;
}
