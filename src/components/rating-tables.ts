/** Who rated how much, and how far raters agree. */
import type {AllCubes} from "../core/cubes-reader.js";
import {MISSING, formatCount, formatNumber} from "../core/format.js";
import {ratersAgreement, ratersOf} from "../core/judging/ratings.js";
import type {RaterAgreement} from "../core/judging/ratings.js";
import type {Rating} from "../core/judging/votes.js";
import {FIRM, TENTATIVE} from "../core/judging/raters.js";
import {axisTitle} from "../figures/figure.js";
import {textElement} from "./dialogue.js";
import {saveRaterButton} from "./rating-save.js";
import type {RatingStore} from "./rating-store.js";
import {dataTable} from "./tables.js";

/** One row a rater, with the button that saves that rater's ratings. */
export function raterTable({study}: Pick<AllCubes, "study">, store: RatingStore): HTMLElement {
  const rows = ratersOf(store.ratings).map((rater) => {
    const own = store.ratings.filter((rating) => rating.rater === rater);
    return {rater, own, passed: own.filter(({label}) => label === null).length};
  });
  const table = dataTable(
    rows,
    [
      {title: "Rater", text: ({rater}) => rater},
      {title: "Rated", text: ({own, passed}) => formatCount(own.length - passed), number: true},
      {title: "Passed", text: ({passed}) => formatCount(passed), number: true},
      {title: "File", text: () => ""},
      {title: "Axes", text: ({own}) => axesText(study, own)}
    ],
    {name: "Raters"}
  );
  [...table.querySelectorAll("td:nth-last-child(2)")].forEach((cell, i) =>
    cell.append(saveRaterButton(store, rows[i]!.rater, "Save"))
  );
  return table;
}

/** `Naturalness 10, On-topic adherence 4`: how many were rated or passed. */
function axesText({axes}: AllCubes["study"], own: readonly Rating[]): string {
  return axes
    .map(({id, title}) => ({title, count: own.filter(({axis}) => axis === id).length}))
    .filter(({count}) => count > 0)
    .map(({title, count}) => `${title} ${formatCount(count)}`)
    .join(", ");
}

/** How far raters agree, by axis, and what the numbers mean; nothing where no axis has two raters. */
export function agreementTable({study}: Pick<AllCubes, "study">, ratings: readonly Rating[]): HTMLElement[] {
  const agreement = ratersAgreement(ratings, study.axes).filter(({raters}) => raters.length > 1);
  if (agreement.length === 0) return [];
  return [
    textElement("h3", "How far these raters agree"),
    dataTable(
      agreement,
      [
        {title: "Axis", text: ({axis}) => axisTitle(study, axis)},
        {title: "Krippendorff’s α", text: alphaText, number: true},
        {
          title: "Examples rated by two or more",
          text: ({examples}) => formatCount(examples),
          number: true
        },
        {title: "Raters", text: ({raters}) => raters.join(", ")}
      ],
      {name: "How far these raters agree"}
    ),
    textElement(
      "p",
      `α is 1 where raters agree in everything and 0 where they agree as often as by chance; Krippendorff asks for ${FIRM}, or for ${TENTATIVE} where conclusions are tentative. In brackets: a 95 % interval, over examples.`
    )
  ];
}

function alphaText({alpha, low, high, reason}: RaterAgreement): string {
  if (alpha === null) return reason ?? MISSING;
  return `${formatNumber(alpha)}${low === null || high === null ? " (too few for an interval)" : ` [${formatNumber(low)}, ${formatNumber(high)}]`}`;
}
