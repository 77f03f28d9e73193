/** Queries to start from. Each runs on any study's database; a test runs them. */

export interface Starter {
  title: string;
  sql: string;
}

export const STARTERS: Starter[] = [
  {
    title: "Accuracy by arm and corpus",
    sql: `SELECT system, corpus, avg(correct::INT) AS accuracy, count(*) AS n
FROM predictions
WHERE scored
GROUP BY ALL
ORDER BY corpus, accuracy DESC`
  },
  {
    title: "Sure and wrong",
    sql: `SELECT system, seed, corpus, example_id, axis, gold, predicted, confidence
FROM predictions
WHERE scored AND NOT correct
ORDER BY confidence DESC
LIMIT 100`
  },
  {
    title: "Gained and lost against label only",
    sql: `SELECT arm.system,
  count(*) FILTER (arm.correct AND NOT base.correct) AS gained,
  count(*) FILTER (NOT arm.correct AND base.correct) AS lost,
  count(*) AS n
FROM predictions arm
JOIN predictions base ON base."row" = arm."row" AND base.seed = arm.seed AND base.system = 'label-only'
WHERE arm.scored AND base.scored AND arm.system <> 'label-only'
GROUP BY ALL
ORDER BY gained - lost DESC`
  },
  {
    title: "Entropy over labels, right against wrong",
    sql: `SELECT round(label_entropy, 1) AS entropy, correct, count(*) AS n
FROM predictions
WHERE scored AND system = 'label-only'
GROUP BY ALL
ORDER BY entropy, correct`
  },
  {
    title: "Layer profiles",
    sql: `SELECT system, layer, avg(energy) AS energy, avg(softmax) AS softmax
FROM layers
JOIN (SELECT run, system FROM runs WHERE kind = 'train') USING (run)
GROUP BY ALL
ORDER BY system, layer`
  },
  {
    title: "Where seeds disagree",
    sql: `SELECT system, corpus, example_id, axis, any_value(gold) AS gold,
  count(DISTINCT predicted) AS labels, string_agg(predicted, ' ' ORDER BY seed) AS predicted
FROM predictions
WHERE scored
GROUP BY system, corpus, example_id, axis
HAVING count(DISTINCT predicted) > 1
ORDER BY labels DESC, corpus, example_id
LIMIT 200`
  },
  {
    title: "Length of the response and accuracy",
    sql: `SELECT p.system, round(length(e.response) / 50) * 50 AS characters,
  avg(p.correct::INT) AS accuracy, count(*) AS n
FROM predictions p
JOIN examples e USING (corpus, example_id)
WHERE p.scored
GROUP BY ALL
HAVING count(*) >= 20
ORDER BY p.system, characters`
  },
  {
    title: "What runs cost",
    sql: `SELECT run, kind, system, seed, status, steps, tokens, train_seconds, peak_memory_bytes
FROM runs
ORDER BY kind, system, seed`
  }
];
