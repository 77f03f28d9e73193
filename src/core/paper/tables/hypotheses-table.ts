/** What the study set out to show, and what became of it. */
import type {AllCubes} from "../../cubes-reader.js";
import type {VerdictRow} from "../../cubes.js";
import {MISSING} from "../../format.js";
import {armTitle} from "../../palette.js";
import {effectText, placeName} from "../../sentences/phrases.js";
import {formatP} from "../../sentences/hypotheses.js";
import type {PaperTable} from "./paper-table.js";

const TESTS: Record<VerdictRow["test"], string> = {
  interval: "interval",
  permutation: "paired permutation",
  mcnemar: "McNemar",
  sign: "sign",
  wilcoxon: "Wilcoxon"
};

/** Null where the study declares none. */
export function hypothesesTable({study, verdicts}: Pick<AllCubes, "study" | "verdicts">): PaperTable | null {
  if (verdicts.length === 0) return null;
  const places = new Set(verdicts.map((row) => placeName(study, row)));
  const several = places.size > 1;
  return {
    name: "hypotheses",
    caption: `Hypotheses that the study declares, and their verdicts${several ? "" : ` (${[...places][0]!})`}. ${correctionsOf(verdicts)} “Undecided” is neither evidence for nor against; “equivalent” means that the interval lies within the smallest effect of interest.`,
    columns: [
      {title: "Hypothesis", numeric: false},
      ...(several ? [{title: "Where", numeric: false}] : []),
      {title: "Difference", numeric: true},
      {title: "p, adjusted", numeric: true},
      {title: "Test", numeric: false},
      {title: "Verdict", numeric: false}
    ],
    rows: verdicts.map((row) => ({
      cells: [
        {text: row.title || `${armTitle(row.arm)} against ${armTitle(row.against)}`},
        ...(several ? [{text: placeName(study, row)}] : []),
        {text: row.effect === null ? MISSING : effectText(row.measure, row.effect, row.low, row.high)},
        {text: row.p_adjusted === null ? MISSING : formatP(row.p_adjusted).replace(/^= /, "")},
        {text: TESTS[row.test]},
        {text: row.verdict}
      ]
    })),
    data: verdicts.map(
      ({id, arm, against, corpus, axis, measure, test, effect, low, high, p, p_adjusted, verdict, n}) => ({
        ...{id, arm, against, corpus, axis, measure, test, effect, low, high, p, p_adjusted, verdict, n}
      })
    )
  };
}

function correctionsOf(verdicts: readonly VerdictRow[]): string {
  const names = {holm: "Holm", "benjamini-hochberg": "Benjamini–Hochberg", none: "nothing"} as const;
  const used = [...new Set(verdicts.map(({correction}) => names[correction]))];
  return `p is adjusted by ${used.join(" or ")} over all hypotheses of the study.`;
}
