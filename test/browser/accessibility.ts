/** What axe-core, the W3C rules' reference checker, finds in an open page; our own measures see what it leaves out. */
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import type {AxeResults, RunOptions} from "axe-core";
import type {Page} from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** WCAG 2.2 A and AA, and what axe calls best practice. */
const RULES: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"]
};

/** Every violation, one line each: the rule, how often, and the first place. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const {violations} = await page.evaluate((rules) => {
    const {axe} = window as unknown as {axe: {run(options: RunOptions): Promise<AxeResults>}};
    return axe.run(rules);
  }, RULES);
  return violations.map(
    ({id, help, nodes}) => `${id} (${nodes.length}): ${help}: ${nodes[0]?.html.slice(0, 160)}`
  );
}
