/** Predictions that don't fit the study: rows of another study, other gold labels, labels that the axis lacks. */
import type {Database} from "./database.js";

/** One sentence on the first row (by corpus, axis, example) of a run's predictions that doesn't fit the study, or null. */
export async function findMismatch(db: Database, predictions: string): Promise<string | null> {
  const [found] = await db.rows(
    `SELECT p.corpus, p.axis, p.example_id, p.predicted, p.gold, t.gold AS expected, t."row" IS NULL AS unknown
     FROM ${predictions} p LEFT JOIN test_rows t USING (corpus, axis, example_id)
     WHERE t."row" IS NULL OR p.gold IS DISTINCT FROM t.gold OR NOT coalesce(list_contains(t.labels, p.predicted), false)
     ORDER BY p.corpus, p.axis, p.example_id LIMIT 1`
  );
  if (found) return sentenceOn(found);
  const [twice] = await db.rows(
    `SELECT corpus, axis, example_id, count(*) AS n FROM ${predictions}
     GROUP BY ALL HAVING n > 1 ORDER BY corpus, axis, example_id LIMIT 1`
  );
  return twice ? `Its predictions hold ${placeOf(twice)} ${twice.n} times.` : null;
}

function sentenceOn(row: Record<string, unknown>): string {
  const place = placeOf(row);
  if (row.unknown) return `Its predictions hold ${place}, which is no test row of this study.`;
  if (row.gold !== row.expected)
    return `Its gold label for ${place} is “${row.gold}”; the study's is “${row.expected}”.`;
  return `It predicts “${row.predicted}” for ${place}, which is no label of that axis.`;
}

function placeOf({corpus, axis, example_id}: Record<string, unknown>): string {
  return `example ${example_id} of ${corpus} on axis ${axis}`;
}
