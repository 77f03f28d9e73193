import {coloursFor} from "./colours.js";

const pc = coloursFor(process.stdout);

/** What `because doctor` says about one thing. */
export interface Finding {
  /** The thing: `Node.js`, `Python`, … */
  what: string;
  ok: boolean;
  /** False for what only some uses need: a study runs without it. */
  needed: boolean;
  found: string;
  expected: string;
  /** What to do about it; empty where it is well. */
  mend: string;
}

/** Whether everything is there that a study needs. */
export const healthy = (findings: readonly Finding[]): boolean =>
  findings.every(({ok, needed}) => ok || !needed);

/** A finding about something needed; `mend` stands only where it is not well. */
export const finding = (
  what: string,
  ok: boolean,
  found: string,
  expected: string,
  mend: string
): Finding => ({
  what,
  ok,
  needed: true,
  found,
  expected,
  mend: ok ? "" : mend
});

/** A finding about something that only some uses need. */
export const remark = (
  what: string,
  ok: boolean,
  found: string,
  expected: string,
  mend: string
): Finding => ({
  ...finding(what, ok, found, expected, mend),
  needed: false
});

/**
 * One line for each finding, and one more with the mend where it is not well; a closing line says whether a study can
 * be run.
 */
export function printFindings(findings: readonly Finding[], write: (line: string) => void): void {
  const width = Math.max(...findings.map(({what}) => what.length));
  for (const {what, ok, needed, found, expected, mend} of findings) {
    const mark = ok ? pc.green("ok     ") : needed ? pc.red("missing") : pc.yellow("without");
    write(`${mark}  ${what.padEnd(width)}  ${found}`);
    if (!ok) write(`${" ".repeat(9)}${" ".repeat(width)}  expected ${expected}. ${mend}`);
  }
  const missing = findings.filter(({ok, needed}) => !ok && needed).length;
  write(
    missing === 0
      ? "All that a study needs is there."
      : `${missing} of what a study needs ${missing === 1 ? "is" : "are"} missing.`
  );
}
