/** From a brushed region to the examples in it, as far as the page of examples can tell which they are. */
import type {StudyFacts} from "../core/cubes.js";
import {formatNumber} from "../core/format.js";
import type {Region} from "../core/joint-counts.js";
import {serialiseSelection} from "../core/selection.js";
import type {Selection} from "../core/selection.js";
import {natsAt} from "../figures/joint-model.js";
import type {JointModel} from "../figures/joint-model.js";

/**
 * The page of examples knows label probabilities, mean over seeds, and so confidence and the entropy over labels; not
 * what layers held. A range of another entropy is left out of the link, and the text says so.
 */
export function examplesLink(
  model: JointModel,
  region: Region | null,
  selection: Selection,
  study: StudyFacts
): {href: string; text: string} {
  const query = new URLSearchParams(serialiseSelection(selection, study));
  const {id} = model.mapped;
  if (id !== "label-only") query.set("b", id);
  query.set("by", id);
  const narrowed = region && (region.entropy[0] > 0 || region.entropy[1] < model.bins);
  const known = selection.estimator === "label_entropy";
  if (region && narrowed && known)
    query.set("entropy", region.entropy.map((bin) => formatNumber(natsAt(model, bin), 3)).join("_"));
  if (region && (region.confidence[0] > 0 || region.confidence[1] < model.bins))
    query.set("confidence", region.confidence.map((bin) => formatNumber(bin / model.bins, 3)).join("_"));
  const text = !region
    ? "Examples of this arm"
    : narrowed && !known
      ? "Examples with this confidence (they don’t tell entropies of layers)"
      : "Examples in this region (means over seeds)";
  return {href: `./examples?${query}`, text};
}
