// @ts-check
/**
 * A reporter for Node's test runner that writes one JSON line for each finished test: {name, file, outcome, reason}.
 * Suites are not counted, nor is a test that failed only because a test within it did.
 * @param {AsyncIterable<{type: string, data: any}>} source
 */
export default async function* countingReporter(source) {
  for await (const {type, data} of source) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.details?.type === "suite") continue;
    const error = data.details?.error;
    if (error?.failureType === "subtestsFailed") continue;
    const {name, file, skip, todo, nesting} = data;
    const outcome =
      type === "test:fail" ? "failed" : skip !== undefined || todo !== undefined ? "skipped" : "passed";
    const reason = outcome === "failed" ? firstLine(error) : String(skip ?? todo ?? "");
    yield `${JSON.stringify({name, file: file ?? null, nesting, outcome, reason})}\n`;
  }
}

/** @param {any} error */
const firstLine = (error) => String(error?.cause?.message ?? error?.message ?? error ?? "").split("\n")[0];
