/** `because lint`: what is wrong with figures of one's own, before they go into a paper. */
import {VENUES, type Venue} from "../../src/core/paper/paper-size.js";
import type {Variant} from "../../src/core/paper/print-colours.js";
import {checkFile, type FileCheck} from "../paper/own/check-file.js";
import {describeFindings} from "./figures.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";

export interface LintOptions {
  venue?: Venue;
  width?: number;
  variant: Variant;
  json?: boolean;
}

export async function lint({
  files,
  venue,
  width,
  variant,
  json
}: LintOptions & {files: string[]}): Promise<Outcome> {
  const mm = width ?? (venue && VENUES[venue]);
  const checks: FileCheck[] = [];
  for (const file of files) checks.push(await checkFile(file, {mm, variant}));
  if (json) printJson(checks);
  else process.stdout.write(checks.map(describe).join(""));
  return checks.some(({findings}) => findings.length > 0) ? 1 : 0;
}

function describe({file, mm, findings}: FileCheck): string {
  if (findings.length > 0) return describeFindings({name: file, findings});
  const round = (side: number): string => String(Math.round(side * 10) / 10);
  const size = mm && `${round(mm.width)}${mm.height === null ? "" : ` × ${round(mm.height)}`} mm`;
  return `sound ${file}${size ? `, ${size}` : "; it does not say how large it is: add --width"}\n`;
}
