/** What a part, or one tool of it, has to tell. */
export interface Tally {
  passed: number;
  /** A line each: where, and the first line of why. */
  failed: string[];
  /** A line each: where, and the reason. */
  skipped: string[];
}

export const nothing = (): Tally => ({passed: 0, failed: [], skipped: []});

/** The sum of several. */
export const sum = (tallies: readonly Tally[]): Tally => ({
  passed: tallies.reduce((total, {passed}) => total + passed, 0),
  failed: tallies.flatMap(({failed}) => failed),
  skipped: tallies.flatMap(({skipped}) => skipped)
});

/** The line that ends every run of the suite, alone on its line. */
export const closingLine = ({passed, failed, skipped}: Tally): string =>
  `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`;

/** A part with the seconds that it took. */
export interface TimedTally {
  part: string;
  seconds: number;
  tally: Tally;
}

/** What stands under a run: the parts with their times, what failed, what was skipped and why, and the closing line. */
export function report(parts: readonly TimedTally[]): string {
  const all = sum(parts.map(({tally}) => tally));
  const width = Math.max(...parts.map(({part}) => part.length));
  const list = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ["", `${title}:`, ...lines.map((line) => `  ${line}`)];
  return [
    "",
    ...parts.map(
      ({part, seconds, tally}) =>
        `${part.padEnd(width)}  ${seconds.toFixed(0).padStart(5)} s  ${closingLine(tally)}`
    ),
    ...list("SKIPPED", all.skipped),
    ...list("FAILED", all.failed),
    "",
    closingLine(all)
  ].join("\n");
}
