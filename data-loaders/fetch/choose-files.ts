/** Patterns of a study to files of a dataset. */
import {closest} from "fastest-levenshtein";
import {BadInput} from "../../src/core/bad-input.js";
import type {TreeFile} from "./dataset-info.js";
import type {Repository} from "./repository.js";

/** Whether a path in a dataset is meant by a pattern. `*` stands for any characters of a name, `**` for folders too. */
export function matches(pattern: string, path: string): boolean {
  const source = pattern
    .split(/(\*\*|\*)/)
    .map((part) =>
      part === "**" ? ".*" : part === "*" ? "[^/]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")
    )
    .join("");
  return new RegExp(`^${source}$`, "s").test(path);
}

/**
 * The files that some patterns mean, each once, in the order of the listing.
 *
 * @throws BadInput where a pattern means none
 */
export function chooseFiles(
  repository: Pick<Repository, "kind" | "dataset">,
  patterns: readonly string[],
  tree: readonly TreeFile[]
): TreeFile[] {
  for (const pattern of patterns)
    if (!tree.some(({path}) => matches(pattern, path))) throw meansNothing(repository, pattern, tree);
  return tree.filter(({path}) => patterns.some((pattern) => matches(pattern, path)));
}

function meansNothing(
  {kind, dataset}: Pick<Repository, "kind" | "dataset">,
  pattern: string,
  tree: readonly TreeFile[]
): BadInput {
  const paths = tree.map(({path}) => path);
  if (kind === "model")
    return new BadInput({
      where: `${dataset}, file ${pattern}`,
      expected: `${pattern} beside the model's weights, since lengths are counted in its own tokens`,
      found: `no such file among its ${paths.length}`,
      mend:
        "Name a revision that has one, or load its tokenizer with transformers, save it beside the weights " +
        "(`save_pretrained`), and name that folder: `model: {folder: …}`."
    });
  return new BadInput({
    where: `${dataset}, file ${pattern}`,
    expected: "a file of the dataset, or a pattern that means some",
    found: `no such file among its ${paths.length}`,
    mend:
      paths.length === 0
        ? "The dataset has no files at this revision: check `revision`."
        : `Mend \`hub.files\`; the nearest name is ${closest(pattern, paths)}.`
  });
}
