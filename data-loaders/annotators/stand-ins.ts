/** Annotations made up for planning: what `because explain` counts with before judges have said anything. */
import type {Annotation, Example} from "../../src/core/conversation.js";
import {axesOfCorpus} from "../study/corpus-axes.js";
import type {StudyFile} from "../study/read-study.js";

/** Words of an explanation as judges are asked for it: one sentence. */
const WORDS = 20;

/** One for each example and axis that has no annotation yet. Labels take turns. */
export function standIns(
  {study, axes}: Pick<StudyFile, "study" | "axes">,
  corpus: string,
  examples: readonly Example[],
  given: readonly Annotation[]
): Annotation[] {
  const known = new Set(given.map(({example_id, axis}) => JSON.stringify([example_id, axis])));
  const asked = axesOfCorpus(study.corpora[corpus]!, study);
  return examples.flatMap(({example_id}, i) =>
    axes
      .filter(({id}) => asked.includes(id) && !known.has(JSON.stringify([example_id, id])))
      .map(({id, labels}) => ({
        corpus,
        example_id,
        axis: id,
        label: labels[i % labels.length]!,
        explanation: Array.from({length: WORDS}, () => "word").join(" "),
        label_source: "judges" as const,
        explanation_source: "judges" as const
      }))
  );
}
