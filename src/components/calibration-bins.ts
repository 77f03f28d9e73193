/** Which bins the reliability diagrams have: both are on the page, and one of them is shown. */
import {keepOwnValue, ownValue, pageChoice} from "./page-choice.js";

const KEY = "bins";
const FIGURES = {width: "reliability", mass: "reliability-by-mass"} as const;
type Bins = keyof typeof FIGURES;

/** Puts the choice into `place` and shows what the address says. Bins of equal width are the default. */
export function openBins(place: HTMLElement): void {
  const show = (bins: Bins) => {
    for (const [each, figure] of Object.entries(FIGURES))
      for (const element of document.querySelectorAll<HTMLElement>(`[data-figure="${figure}"]`))
        element.classList.toggle("chosen", each === bins);
    keepOwnValue(KEY, bins === "width" ? null : bins);
  };
  const chosen: Bins = ownValue(KEY) === "mass" ? "mass" : "width";
  show(chosen);
  place.replaceChildren(
    pageChoice<Bins>({
      title: "Bins",
      name: KEY,
      choices: [
        {value: "width", text: "of equal width"},
        {value: "mass", text: "of equally many rows"}
      ],
      chosen,
      onChoose: show
    })
  );
}
