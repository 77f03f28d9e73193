/** `study.json`: what pages say about the study besides numbers of runs. */
import {armId, firstBudget} from "../../src/core/arms.js";
import {BASELINES, ESTIMATORS} from "../../src/core/contract.js";
import type {StudyFacts} from "../../src/core/cubes.js";
import {MEASURES} from "../../src/core/measures.js";
import type {RunLog} from "./run-logs.js";
import type {TablesInput} from "./tables-input.js";
import {keyOf} from "./keys.js";
import {groupBy, type TestRows} from "./test-rows.js";

/** Facts; `version` is the content hash of the other cubes, `layers` the last layer that runs recorded. */
export function studyFacts(
  input: TablesInput,
  test: TestRows,
  logs: RunLog[],
  found: {layers: number; predictions: number; version: string; database: StudyFacts["database"]}
): StudyFacts {
  const {study} = input;
  const capture = new Set(study.capture.estimators);
  return {
    id: input.study_id,
    title: study.title,
    authors: study.authors,
    note: study.note ?? null,
    synthetic: input.corpora.some(({synthetic}) => synthetic),
    seeds: study.seeds.map(String),
    regime: study.regime,
    arms: input.arms.map((arm) => ({...arm, id: armId(arm)})),
    baselines: BASELINES.filter((id) => logs.some(({kind, system}) => kind === "baseline" && system === id)),
    axes: input.axes,
    corpora: input.corpora,
    settings: settingsOf(input, test),
    measures: MEASURES.map(({id}) => id),
    estimators: ESTIMATORS.filter((id) => capture.has(id)),
    layers: found.layers,
    lengths: input.lengths,
    tokens_budget: firstBudget(study.arms),
    warm_up_shared: logs.some(({kind}) => kind === "warm-up"),
    parameters: Math.max(
      0,
      ...logs.map(({kind, manifest}) => (kind === "train" ? (manifest?.parameters ?? 0) : 0))
    ),
    counts: {
      runs: logs.length,
      runs_failed: logs.filter(({status}) => status !== "done").length,
      predictions: found.predictions,
      train_examples: input.train.length,
      test_examples: input.test.length
    },
    resolved: input.resolved,
    version: found.version,
    database: found.database
  };
}

function settingsOf({settings, train, annotations}: TablesInput, test: TestRows): StudyFacts["settings"] {
  const inTraining = new Set(train.map(({corpus, example_id}) => keyOf(corpus, example_id)));
  const trained = groupBy(
    annotations.filter(({corpus, example_id}) => inTraining.has(keyOf(corpus, example_id))),
    ({corpus, axis}) => keyOf(corpus, axis)
  );
  const tested = groupBy(test.rows, ({corpus, axis}) => keyOf(corpus, axis));
  return settings.map(({corpus, axis}) => {
    const rows = tested.get(keyOf(corpus, axis)) ?? [];
    const training = trained.get(keyOf(corpus, axis)) ?? [];
    const labels = [...groupBy(rows, ({gold}) => gold).values()].map(({length}) => length);
    return {
      corpus,
      axis,
      train: training.length,
      explained: training.filter(({explanation}) => explanation !== "").length,
      test: rows.length,
      test_dialogues: new Set(rows.map(({dialogue_id}) => dialogue_id)).size,
      majority_share: rows.length ? Math.max(...labels) / rows.length : 0
    };
  });
}
