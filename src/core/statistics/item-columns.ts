/**
 * What every row of `predictions` gets beside the trainer's own columns, as DuckDB SQL. Each step may use the
 * columns of the steps before it. `labels` (VARCHAR[]) and `ordinal` (BOOLEAN) are those of the row's axis.
 *
 * Label probabilities are the softmax over the label logits alone, renormalised over the labels; logits of −∞ give
 * probability 0. A row is `scored` when its logits are as many as the labels, none of them NaN or +∞, and one finite.
 */
export interface DerivedColumn {
  name: string;
  sql: string;
  /** Working column: not kept in the table. */
  temporary?: true;
}

/** Steps of one SELECT each. */
export const DERIVED_COLUMNS: readonly (readonly DerivedColumn[])[] = [
  [
    {name: "top_logit", sql: "list_max(label_logits)", temporary: true},
    {name: "gold_index", sql: "list_position(labels, gold) - 1"},
    {name: "predicted_index", sql: "list_position(labels, predicted) - 1"}
  ],
  [
    // NaN is the largest value in DuckDB's order, so a list that holds one has NaN as its maximum.
    {name: "scored", sql: "coalesce(list_count(label_logits) = len(labels) AND isfinite(top_logit), false)"},
    {name: "correct", sql: "predicted_index = gold_index"},
    {name: "absolute_error", sql: "CASE WHEN ordinal THEN abs(predicted_index - gold_index) END"}
  ],
  [
    {
      name: "weights",
      sql: "CASE WHEN scored THEN list_transform(label_logits, lambda x: exp(x - top_logit)) END",
      temporary: true
    }
  ],
  [
    {name: "label_probabilities", sql: "list_transform(weights, lambda x: x / list_sum(weights))"},
    {name: "nll", sql: "ln(list_sum(weights)) + top_logit - label_logits[gold_index + 1]"}
  ],
  [
    {name: "confidence", sql: "list_max(label_probabilities)"},
    {
      name: "margin",
      sql: "list_reverse_sort(label_probabilities)[1] - list_reverse_sort(label_probabilities)[2]"
    },
    {
      name: "label_entropy",
      sql: "list_sum(list_transform(label_probabilities, lambda x: CASE WHEN x > 0 THEN -x * ln(x) ELSE 0 END))"
    },
    {
      name: "brier",
      sql: "list_sum(list_transform(label_probabilities, lambda x, i: pow(x - CASE WHEN i = gold_index + 1 THEN 1 ELSE 0 END, 2)))"
    }
  ]
];

/** SQL that adds the derived columns to `source` (a table expression with trainer columns, `labels` and `ordinal`). */
export function withDerivedColumns(source: string): string {
  return DERIVED_COLUMNS.reduce(
    (inner, step) => `SELECT *, ${step.map(({name, sql}) => `${sql} AS ${name}`).join(", ")} FROM (${inner})`,
    `SELECT * FROM ${source}`
  );
}

/** Names of the derived columns that the table keeps. */
export function derivedColumnNames(): string[] {
  return DERIVED_COLUMNS.flat()
    .filter(({temporary}) => !temporary)
    .map(({name}) => name);
}
