/** How often each label is given, corpus by corpus and axis by axis, in test and in training, on one scale. */
import {rowsWhere} from "../core/cube-index.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {AnnotationSource, Axis} from "../core/conversation.js";
import {formatCount, formatNumber} from "../core/format.js";
import type {Selection} from "../core/selection.js";
import {add, sheet} from "./elements.js";
import {axisTitle, corpusTitle, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {round} from "./interval-panels.js";
import {BAR, INK, MUTED, RULE} from "./marks.js";
import type {Reading} from "./readings.js";

type Cubes = Pick<AllCubes, "study" | "labelCounts">;

/** One setting: shares of its labels, in the axis' order. */
interface Distribution {
  corpus: string;
  axis: Axis;
  source: AnnotationSource;
  train: {counts: number[]; total: number};
  test: {counts: number[]; total: number};
}

/** Panels under one title, in lines. */
interface Group {
  title: string;
  note: string;
  panels: {title: string; data: Distribution}[];
}

const TITLE = "How often each label is given";
const SOURCES: Record<AnnotationSource, string> = {
  planted: "planted by the generator",
  given: "come with the corpus",
  raters: "by people",
  judges: "by language models"
};

export function labelDistributions(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const all = distributionsOf(cubes, {corpus: "all", axis: "all"});
  const shown = all.filter(
    ({corpus, axis}) =>
      (selection.corpus === "all" || corpus === selection.corpus) &&
      (selection.axis === "all" || axis.id === selection.axis)
  );
  if (shown.length === 0)
    return emptyFigure({
      width,
      document,
      title: TITLE,
      reason: "These tables hold no counts of labels for this selection."
    });
  const most = Math.max(...all.flatMap(({train, test}) => [...sharesOf(train), ...sharesOf(test)]));
  const {svg, readings} = drawGroups(cubes, options, groupsOf(cubes, shown), most);
  const tests = shown.reduce((sum, {test}) => sum + test.total, 0);
  return frame({
    width,
    document,
    title: TITLE,
    subtitle: `share of a setting’s examples; ${sourceText(shown)}${scopeTitle(cubes, selection)}; ${formatCount(tests)} labels in test, ${formatCount(shown.reduce((sum, {train}) => sum + train.total, 0))} in training`,
    keys: [
      {text: "test", sign: "bar"},
      {text: "training", sign: "solid"},
      {text: equalText(shown), sign: "dashed"}
    ],
    note: "One scale for all settings. The number is the share of the most frequent label in test: no constant guess could be right more often. The baseline “majority class” guesses the most frequent label in training.",
    alt: altText(cubes, shown),
    panels: [
      {
        svg,
        readings: () => readings,
        rows: () =>
          shown.flatMap(({corpus, axis, train, test}) =>
            axis.labels.map((label, i) => ({
              ...{corpus, axis: axis.id, label, test: test.counts[i], test_share: sharesOf(test)[i]},
              ...{train: train.counts[i], train_share: sharesOf(train)[i]}
            }))
          )
      }
    ]
  });
}

/** Where labels come from, where that is the same for all shown; otherwise each corpus says it. */
function sourceText(shown: Distribution[]): string {
  const [source, ...others] = new Set(shown.map((each) => each.source));
  return source && others.length === 0 ? `labels ${SOURCES[source]}; ` : "";
}

/** `equal shares: 20 %`; without a number where axes differ in how many labels they have. */
function equalText(shown: Distribution[]): string {
  const [labels, ...others] = new Set(shown.map(({axis}) => axis.labels.length));
  return labels && others.length === 0 ? `equal shares: ${percent(1 / labels)}` : "equal shares";
}

/** Settings that have counts, in the study's order of corpora and axes. */
function distributionsOf(
  {study, labelCounts}: Cubes,
  {corpus, axis}: Pick<Selection, "corpus" | "axis">
): Distribution[] {
  return study.corpora
    .filter(({id}) => corpus === "all" || id === corpus)
    .flatMap(({id}) =>
      study.axes
        .filter((each) => axis === "all" || each.id === axis)
        .flatMap((each): Distribution[] => {
          const rows = rowsWhere(labelCounts, {corpus: id, axis: each.id});
          const counts = (side: "train" | "test") => {
            const found = each.labels.map((label) => rows.find((row) => row.label === label)?.[side] ?? 0);
            return {counts: found, total: found.reduce((a, b) => a + b, 0)};
          };
          const [train, test] = [counts("train"), counts("test")];
          if (train.total + test.total === 0) return [];
          return [{corpus: id, axis: each, source: rows[0]!.source, train, test}];
        })
    );
}

function sharesOf({counts, total}: Distribution["test"]): number[] {
  return counts.map((count) => (total === 0 ? 0 : count / total));
}

/** A group a corpus with a panel an axis; where there is but one axis or corpus, one group of all. */
function groupsOf({study}: Cubes, shown: Distribution[]): Group[] {
  const isMixed = new Set(shown.map(({source}) => source)).size > 1;
  const corpora = [...new Set(shown.map(({corpus}) => corpus))];
  const axes = new Set(shown.map(({axis}) => axis.id));
  if (corpora.length > 1 && axes.size === 1)
    return [
      {title: "", note: "", panels: shown.map((data) => ({title: corpusTitle(study, data.corpus), data}))}
    ];
  return corpora.map((corpus) => {
    const own = shown.filter((each) => each.corpus === corpus);
    return {
      title: corpusTitle(study, corpus),
      note: isMixed ? `labels ${SOURCES[own[0]!.source]}` : "",
      panels: own.map((data) => ({title: axisTitle(study, data.axis.id), data}))
    };
  });
}

const [LEAST, BARS, TITLE_ROW, HEAD, FOOT] = [98, 52, 22, 40, 18];

function drawGroups(
  {study}: Cubes,
  {width, document}: FigureOptions,
  groups: Group[],
  most: number
): {svg: SVGSVGElement; readings: Reading[]} {
  const gap = width < 640 ? 18 : 30;
  const mostPanels = Math.max(...groups.map(({panels}) => panels.length));
  const columns = Math.max(1, Math.min(mostPanels, 5, Math.floor((width + gap) / (LEAST + gap))));
  const each = Math.min(300, (width - (columns - 1) * gap) / columns);
  const line = HEAD + BARS + FOOT;
  const heightOf = ({title, panels}: Group) =>
    (title ? TITLE_ROW : 0) + Math.ceil(panels.length / columns) * line + (title ? 8 : 0);
  const svg = sheet(width, groups.reduce((sum, group) => sum + heightOf(group), 0) + 4, document);
  const paths = {base: "", even: "", test: "", train: ""};
  const texts = add(svg, "g", {fill: MUTED, "font-size": 11.5});
  const readings: Reading[] = [];
  let top = 0;
  for (const group of groups) {
    if (group.title) {
      const head = {y: top + 15, x: 0, "text-anchor": "start"};
      add(texts, "text", {...head, "font-size": 13, "font-weight": 600, fill: INK}, group.title);
      if (group.note) add(texts, "text", {...head, x: width, "text-anchor": "end"}, group.note);
    }
    group.panels.forEach(({title, data}, i) => {
      const left = (i % columns) * (each + gap);
      const y = top + (group.title ? TITLE_ROW : 0) + Math.floor(i / columns) * line + HEAD;
      drawPanel(texts, paths, {data, title, left, top: y, width: each, most});
      readings.push(...readingsOf(study, data, {left, top: y, width: each}));
    });
    top += heightOf(group);
  }
  add(svg, "path", {class: "base", d: paths.base, stroke: RULE});
  add(svg, "path", {class: "even", d: paths.even, stroke: MUTED, "stroke-dasharray": "2,3"});
  add(svg, "path", {class: "test", d: paths.test, fill: BAR});
  add(svg, "path", {class: "train", d: paths.train, stroke: INK, "stroke-width": 1.75});
  return {svg, readings};
}

interface Area {
  left: number;
  top: number;
  width: number;
}

/** Adds the panel's strokes to the paths of the whole figure, and its few texts. */
function drawPanel(
  texts: Element,
  paths: {base: string; even: string; test: string; train: string},
  {data, title, left, top, width, most}: Area & {data: Distribution; title: string; most: number}
): void {
  const {labels} = data.axis;
  const step = width / labels.length;
  const bar = Math.min(step - 3, 34);
  const bottom = top + BARS;
  const y = (share: number) => round(bottom - (share / most) * BARS);
  const [train, test] = [sharesOf(data.train), sharesOf(data.test)];
  const topShare = Math.max(...test);
  const even = y(1 / labels.length);
  paths.base += `M${round(left)},${bottom}h${round(width)}`;
  paths.even += `M${round(left)},${even}h${round(width)}`;
  add(texts, "text", {x: left, y: top - 24, "text-anchor": "start"}, fitted(title, width));
  labels.forEach((label, i) => {
    const x = left + i * step + (step - bar) / 2;
    if (test[i]! > 0) paths.test += `M${round(x)},${bottom}V${y(test[i]!)}h${round(bar)}V${bottom}Z`;
    if (data.train.total > 0) paths.train += `M${round(x - 1)},${y(train[i]!)}h${round(bar + 2)}`;
    add(texts, "text", {x: round(x + bar / 2), y: bottom + 13}, fitted(label, step + 2));
    if (test[i] === topShare && topShare > 0 && test.indexOf(topShare) === i) {
      const above = Math.min(y(topShare), y(train[i]!)) - 4;
      const anchor = bar >= 28 ? null : i === 0 ? "start" : i === labels.length - 1 ? "end" : null;
      const at = anchor === "start" ? x : anchor === "end" ? x + bar : x + bar / 2;
      const style = {class: "share", y: above, fill: INK, "text-anchor": anchor};
      add(texts, "text", {...style, x: round(at)}, percent(topShare));
    }
  });
}

function fitted(text: string, width: number): string {
  const room = Math.max(1, Math.floor(width / 6.4));
  return text.length <= room ? text : `${text.slice(0, Math.max(1, room - 1))}…`;
}

function percent(share: number): string {
  return `${formatNumber(share * 100, 0)} %`;
}

function readingsOf(study: Cubes["study"], data: Distribution, {left, top, width}: Area): Reading[] {
  const step = width / data.axis.labels.length;
  const side = ({counts, total}: Distribution["test"], i: number) =>
    total === 0
      ? "none"
      : `${percent(counts[i]! / total)} (${formatCount(counts[i]!)} of ${formatCount(total)})`;
  return data.axis.labels.map((label, i) => ({
    ...{x: left + (i + 0.5) * step, y: top + BARS / 2, width: step, height: BARS},
    title: `${corpusTitle(study, data.corpus)} · ${axisTitle(study, data.axis.id)} · label ${label}\ntest: ${side(data.test, i)}\ntraining: ${side(data.train, i)}`
  }));
}

function altText({study}: Cubes, shown: Distribution[]): string {
  const tops = shown
    .filter(({test}) => test.total > 0)
    .map(({corpus, axis, test}) => {
      const shares = sharesOf(test);
      const share = Math.max(...shares);
      return {corpus, axis, share, label: axis.labels[shares.indexOf(share)]!};
    })
    .sort((a, b) => a.share - b.share);
  const say = ({corpus, axis, share, label}: (typeof tops)[number]) =>
    `${corpusTitle(study, corpus)}, ${axisTitle(study, axis.id)} (label ${label}: ${percent(share)})`;
  if (tops.length === 0) return `Counts of labels in ${shown.length} settings, none of them in test.`;
  if (tops.length === 1) return `The most frequent label in test: ${say(tops[0]!)}.`;
  return `Of ${tops.length} settings the most even in test is ${say(tops[0]!)}, the most uneven ${say(tops.at(-1)!)}.`;
}
