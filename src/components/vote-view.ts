/** One judged example: the dialogue, the merged and the golden label, and every vote with its explanation. */
import type {AllCubes} from "../core/cubes-reader.js";
import type {VotedItem} from "../core/cubes.js";
import {MISSING, formatCounted, formatNumber} from "../core/format.js";
import {promptTitle} from "../core/judging/raters.js";
import {axisTitle, corpusTitle} from "../figures/figure.js";
import {STATUS_TITLES} from "../figures/judge-replies.js";
import {dialogueList, textElement} from "./dialogue.js";
import {dataTable} from "./tables.js";
import type {IndexedVotes} from "./vote-index.js";

export function voteView({study, votes}: AllCubes, indexed: IndexedVotes): DocumentFragment {
  const {item, example, id} = indexed;
  const axis = study.axes.find((each) => each.id === item.axis);
  const view = document.createDocumentFragment();
  const title = `${corpusTitle(study, item.corpus)}, ${axisTitle(study, item.axis).toLowerCase()}`;
  view.append(
    textElement("h3", title, "voted-title"),
    textElement("p", axis?.question ?? "", "question"),
    dialogueList(example),
    mergedLine(votes, indexed),
    voteTable(votes, indexed),
    exampleLink(id)
  );
  return view;
}

function mergedLine(votes: AllCubes["votes"], {item}: IndexedVotes): HTMLElement {
  const line = document.createElement("p");
  const score =
    item.merged_score === null ? "" : ` (score ${formatNumber(item.merged_score)} on the label scale)`;
  line.append(
    textElement(
      "strong",
      item.merged === null ? "Not labelled: too few usable votes" : `Merged label ${item.merged}`
    ),
    score,
    item.explanation ? ` because ${item.explanation}${sourceText(votes, item)}` : "",
    item.golden === null ? "." : "; ",
    ...(item.golden === null ? [] : [textElement("strong", `people: ${item.golden}`), "."])
  );
  return line;
}

/** Whose explanation stands for the merged label: that of one vote, or one written for it. */
function sourceText({judges, prompts}: AllCubes["votes"], {votes, explanation}: VotedItem): string {
  const same = votes.filter((vote) => vote.explanation === explanation);
  const [first] = same;
  if (!first) return " (written for the merged label)";
  const name = `${judges[first.judge]?.title ?? String(first.judge + 1)}, ${promptTitle(prompts[first.prompt]?.id ?? "")}`;
  return same.length === 1
    ? ` (${name})`
    : ` (${name}; ${formatCounted(same.length - 1, "other vote")} with the same words)`;
}

function voteTable(votes: AllCubes["votes"], {item, positions, labels}: IndexedVotes): HTMLElement {
  const rows = item.votes.map((vote, i) => ({...vote, position: positions[i]!}));
  const judge = (at: number) => votes.judges[at]?.title ?? String(at + 1);
  const prompt = (at: number) => promptTitle(votes.prompts[at]?.id ?? String(at + 1));
  const isStretched = votes.prompts.some(({scale: [low, high]}) => low !== 1 || high !== labels.length);
  return dataTable(
    rows,
    [
      {title: "Judge", text: (vote) => judge(vote.judge)},
      {title: "Prompt", text: (vote) => prompt(vote.prompt)},
      {
        title: "Score",
        number: true,
        text: ({score, status}) => (score === null ? STATUS_TITLES[status].toLowerCase() : String(score))
      },
      ...(isStretched
        ? [
            {
              title: "On the label scale",
              number: true,
              text: ({position}: (typeof rows)[number]) =>
                position === null ? MISSING : formatNumber(position, 1)
            }
          ]
        : []),
      {title: "Explanation", text: ({explanation}) => explanation || MISSING}
    ],
    {name: "Votes", empty: "No vote on this example is shown here."}
  );
}

/** What models made of it stands on the Examples page. */
function exampleLink(id: string): HTMLElement {
  const paragraph = document.createElement("p");
  const link = textElement("a", "What the trained models said of it");
  link.href = `./examples?${new URLSearchParams({example: id})}`;
  paragraph.append(link);
  return paragraph;
}
