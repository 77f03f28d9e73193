/** How commands end: 0 done, 1 something failed, 2 input to mend, 130 stopped. */
import {BadInput, BadInputs} from "../../src/core/bad-input.js";
import {LinkLost} from "../places/transport.js";
import {Detached, Interrupted} from "../stages/interrupted.js";
import {coloursFor} from "../setup/colours.js";

const pc = coloursFor(process.stderr);

/** Exit code of a command; nothing means 0. */
export type Outcome = number | void;

export function finish(outcome: Outcome): void {
  process.exitCode = outcome ?? 0;
}

/** Prints an error as its kind asks for, and sets the exit code. */
export function failWith(error: unknown): void {
  process.exitCode = exitCodeOf(error);
  process.stderr.write(`${describeError(error)}\n`);
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof BadInput || error instanceof BadInputs) return 2;
  if (error instanceof Detached) return 0;
  return error instanceof Interrupted ? 130 : 1;
}

/** What a person reads: place, expectation, finding and mend for bad input; one sentence for the rest. */
export function describeError(error: unknown): string {
  if (error instanceof BadInputs) return error.all.map(describeBadInput).join("\n\n");
  if (error instanceof BadInput) return describeBadInput(error);
  if (error instanceof Interrupted || error instanceof Detached) return error.message;
  const text = error instanceof Error ? error.message : String(error);
  const stack = process.env.BECAUSE_DEBUG && error instanceof Error ? `\n${error.stack}` : "";
  const cause = error instanceof LinkLost ? "\n`because doctor --on PLACE` looks for the cause." : "";
  return `${pc.red("failed")} ${text}${cause}${stack}`;
}

function describeBadInput({detail: {where, expected, found, mend}}: BadInput): string {
  return [pc.bold(where), `  expected ${expected}`, `  found    ${found}`, `  mend     ${mend}`].join("\n");
}

/** One line of JSON on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
