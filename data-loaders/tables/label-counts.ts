/** `label-counts.json`, for every study: how many examples have which label, in training and in test. */
import type {LabelCountRow} from "../../src/core/cubes.js";
import {keyOf} from "./keys.js";
import type {TablesInput} from "./tables-input.js";

/** One row a label of each setting and source of labels, in the axis' order, labels that nobody gave too. */
export function labelCountRows({
  annotations,
  axes,
  train,
  test
}: Pick<TablesInput, "annotations" | "axes" | "train" | "test">): LabelCountRow[] {
  const sides = {train: idsOf(train), test: idsOf(test)};
  const labels = new Map(axes.map((axis) => [axis.id, axis.labels]));
  const rows = new Map<string, Map<string, LabelCountRow>>();
  for (const {corpus, example_id, axis, label, label_source: source} of annotations) {
    const setting = keyOf(corpus, axis, source);
    const counts =
      rows.get(setting) ??
      new Map(
        labels.get(axis)!.map((each) => [each, {corpus, axis, label: each, source, train: 0, test: 0}])
      );
    rows.set(setting, counts);
    const row = counts.get(label)!;
    const id = keyOf(corpus, example_id);
    if (sides.train.has(id)) row.train += 1;
    if (sides.test.has(id)) row.test += 1;
  }
  return [...rows.values()].flatMap((counts) => [...counts.values()]);
}

function idsOf(examples: TablesInput["train"]): Set<string> {
  return new Set(examples.map(({corpus, example_id}) => keyOf(corpus, example_id)));
}
