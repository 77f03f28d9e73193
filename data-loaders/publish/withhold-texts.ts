/**
 * What the tables are made from, without the texts of corpora that may not be passed on. Ids, labels and numbers stay;
 * everything that is made of the tables, pages, search and database among it, then has no text that could slip out.
 */
import type {WithheldCorpus} from "../../src/core/licences.js";
import type {JudgingCubes} from "../annotators/judging-cubes.js";
import type {SplitExample, TablesInput} from "../tables/tables-input.js";

/** Stands where a text stood. */
export function placeholder({title, why}: WithheldCorpus): string {
  return `[Not published: a text of ${title}, since ${why}.]`;
}

/** The input without those texts. */
export function withholdTexts(input: TablesInput, withheld: readonly WithheldCorpus[]): TablesInput {
  if (withheld.length === 0) return input;
  const of = new Map(withheld.map((corpus) => [corpus.id, corpus]));
  const without = (example: SplitExample): SplitExample => {
    const corpus = of.get(example.corpus);
    if (!corpus) return example;
    const {corpus: id, example_id, dialogue_id} = example;
    return {corpus: id, example_id, dialogue_id, turns: [], response: placeholder(corpus)};
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
        ? {...annotation, explanation: placeholder(corpus)}
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
  const blank = (text: string, corpus: WithheldCorpus) => (text === "" ? "" : placeholder(corpus));
  const items = votes.items.map((item) => {
    const corpus = of.get(item.corpus);
    if (!corpus) return item;
    const own = item.votes.map((vote) => ({...vote, explanation: blank(vote.explanation, corpus)}));
    return {...item, explanation: blank(item.explanation, corpus), votes: own};
  });
  return {...rows, votes: {...votes, items}};
}
