/** Any selection that a study allows, for properties. */
import fc from "fast-check";
import {choicesOf, type Selection, type SelectionFacts} from "../../src/core/selection.js";

/** Draws selections of the study; `fewestModes` are shown at least. */
export function anySelectionOf(facts: SelectionFacts, fewestModes = 0): fc.Arbitrary<Selection> {
  const {modes, ...single} = choicesOf(facts);
  const values = Object.entries(single).map(([key, among]) => [
    key,
    fc.constantFrom(...(among as readonly unknown[]))
  ]);
  return fc.record(
    {modes: fc.subarray(modes, {minLength: fewestModes}), ...Object.fromEntries(values)},
    {noNullPrototype: true}
  );
}
