/** What the study expected, and what became of it. */
import type {AllCubes} from "../../cubes-reader.js";
import {blocks, claim, list, table} from "../markdown-text.js";

export function hypotheses({verdicts}: AllCubes): string {
  if (verdicts.length === 0) return "The study declared no hypothesis.";
  const of = (id: string, what: string) => claim("hypothesis", {id, of: what});
  const rows = verdicts.map(({id}) => [
    of(id, "title"),
    of(id, "difference"),
    of(id, "adjusted-p"),
    of(id, "verdict")
  ]);
  return blocks(
    table(["Hypothesis", "Difference", "p, corrected", "Verdict"], rows),
    list(verdicts.map(({id}) => `*${of(id, "title")}*: ${of(id, "reason")}`))
  );
}
