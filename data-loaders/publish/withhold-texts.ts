/**
 * What the tables are made from, without the texts of corpora that may not be passed on. Ids, labels and numbers stay;
 * everything that is made of the tables, pages, search and database among it, then has no text that could slip out.
 */
import type {WithheldCorpus} from "../../src/core/licences.js";
import type {JudgingCubes} from "../annotators/judging-cubes.js";
import type {SplitExample, TablesInput} from "../tables/tables-input.js";

/** Stands where a text of an example stood. */
export function placeholder(example_id: string, {title, why}: WithheldCorpus): string {
  return `[${example_id} of ${title}: not published, since ${why}]`;
}

/** The input without those texts. */
export function withholdTexts(input: TablesInput, withheld: readonly WithheldCorpus[]): TablesInput {
  if (withheld.length === 0) return input;
  const of = new Map(withheld.map((corpus) => [corpus.id, corpus]));
  const without = (example: SplitExample): SplitExample => {
    const corpus = of.get(example.corpus);
    if (!corpus) return example;
    const {corpus: id, example_id, dialogue_id} = example;
    return {corpus: id, example_id, dialogue_id, turns: [], response: placeholder(example_id, corpus)};
  };
  return {
    ...input,
    corpora: input.corpora.map((corpus) =>
      of.has(corpus.id) ? {...corpus, withheld: of.get(corpus.id)!.why} : corpus
    ),
    train: input.train.map(without),
    test: input.test.map(without),
    annotations: input.annotations.map((annotation) => {
      const corpus = of.get(annotation.corpus);
      return corpus && annotation.explanation !== ""
        ? {...annotation, explanation: placeholder(annotation.example_id, corpus)}
        : annotation;
    }),
    training: input.training.filter(({corpus}) => !of.has(corpus)),
    ...(input.judging ? {judging: withoutVotedTexts(input.judging, of)} : {})
  };
}

function withoutVotedTexts(
  {votes, ...rows}: JudgingCubes,
  of: ReadonlyMap<string, WithheldCorpus>
): JudgingCubes {
  const items = votes.items.map((item) => {
    const corpus = of.get(item.corpus);
    if (!corpus) return item;
    const blank = (text: string) => (text === "" ? "" : placeholder(item.example_id, corpus));
    const own = item.votes.map((vote) => ({...vote, explanation: blank(vote.explanation)}));
    return {...item, explanation: blank(item.explanation), votes: own};
  });
  return {...rows, votes: {...votes, items}};
}
