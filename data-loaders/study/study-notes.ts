/** What a sound study may still have wrong: notes for its author, no errors. */
import type {Study} from "../../src/core/study.js";

/** One sentence or two for each thing that is worth a second look. */
export function studyNotes({axes}: Pick<Study, "axes">): string[] {
  return Object.entries(axes)
    .filter(([, {kind, labels}]) => kind === "ordinal" && inAlphabeticalOrder(labels))
    .map(
      ([axis, {labels}]) =>
        `axes.${axis}: the labels stand in alphabetical order (${labels.join(", ")}). Put them in ascending order, ` +
        "from lowest to highest, or say `kind: nominal` if they have none."
    );
}

/** Whether labels are words that stand as a dictionary has them. Of two labels either order is as good. */
function inAlphabeticalOrder(labels: string[]): boolean {
  if (labels.length < 3 || !labels.every((label) => /^\p{L}/u.test(label))) return false;
  const ascends = (words: string[]) => words.every((word, i) => i === 0 || words[i - 1]! < word);
  return ascends(labels) || ascends(labels.map((label) => label.toLowerCase()));
}
