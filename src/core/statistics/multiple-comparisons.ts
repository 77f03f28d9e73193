/**
 * p-values corrected for being several. An unknown p (null) stays unknown but counts as a member of the family: it was
 * declared, and leaving it out would make the others look better.
 */

/**
 * Holm's step-down adjusted p: bounds the chance of any false rejection, under any dependence (Holm 1979). As
 * statsmodels' `multipletests(method="holm")`.
 */
export function holm(ps: readonly (number | null)[]): (number | null)[] {
  const adjusted = new Array<number | null>(ps.length).fill(null);
  let largest = 0;
  for (const [place, i] of ascending(ps).entries()) {
    largest = Math.max(largest, Math.min(1, (ps.length - place) * (ps[i] ?? 1)));
    if (ps[i] !== null) adjusted[i] = largest;
  }
  return adjusted;
}

/**
 * Benjamini and Hochberg's step-up adjusted p: bounds the expected share of false ones among the rejected, for
 * independent or positively dependent tests (Benjamini & Hochberg 1995). As `multipletests(method="fdr_bh")`.
 */
export function benjaminiHochberg(ps: readonly (number | null)[]): (number | null)[] {
  const adjusted = new Array<number | null>(ps.length).fill(null);
  let smallest = 1;
  for (const [place, i] of [...ascending(ps).entries()].reverse()) {
    smallest = Math.min(smallest, (ps.length / (place + 1)) * (ps[i] ?? 1));
    if (ps[i] !== null) adjusted[i] = smallest;
  }
  return adjusted;
}

/** Indices by ascending p, unknown ones last. */
function ascending(ps: readonly (number | null)[]): number[] {
  return ps.map((_, i) => i).sort((a, b) => (ps[a] ?? 2) - (ps[b] ?? 2));
}
