/**
 * Explanations for corpora whose raters gave scores but no reasons: clauses put together from what the raters said
 * besides the label. Their scores on other scales where there are any (“raters found it fluent but not specific”);
 * on sets with one scale, how far they agreed and how they rated the neighbouring turn. Never from nothing: an example
 * with neither has no explanation. The notebook names them as templated.
 */
import type {Example} from "../../src/core/conversation.js";
import {meanScore, positionOnScale} from "../../src/core/labels.js";
import {createRandom} from "../../src/core/random.js";
import type {Random} from "../../src/core/random.js";
import type {ScoreMap} from "../../src/core/study.js";
import {RATER_SCALES} from "../corpora/rater-scales.js";
import type {RaterScale} from "../corpora/rater-scales.js";
import {explainByNeighbours} from "./neighbours.js";

/** From which part of a scale on a response counts as good, and up to which as not; between them it is partly so. */
const GOOD = 0.6;
const POOR = 0.4;
/** Most scales named in each of the three groups, which keeps a clause to the length of a sentence. */
const MOST_NAMED = 2;
const OPENINGS = ["raters found it", "raters called it", "raters judged it", "the raters thought it"];

/** Qualities that a response has, has in part, and has not. */
type Groups = Record<"good" | "partly" | "poor", string[]>;

/**
 * Example id → a clause that can follow the word *because*, for one axis. Phrasing varies by example id and axis alone.
 */
export function templatedExplanations(
  reader: string,
  maps: Record<string, ScoreMap>,
  axis: string,
  examples: Example[]
): Map<string, string> {
  const own = [maps[axis]?.from ?? []].flat();
  const scales = scalesIn(reader, maps, examples);
  const others = new Map([...scales].filter(([name]) => !own.includes(name)));
  const clauses = examples.map((example) => {
    const random = createRandom("templated", axis, example.example_id);
    return [example.example_id, explainByScales(example, others, random)] as const;
  });
  if (others.size > 0)
    return new Map(clauses.filter((clause): clause is [string, string] => clause[1] !== null));
  return explainByNeighbours(examples, own, axis);
}

/** Null where the raters left all other scales empty. */
function explainByScales(example: Example, scales: Map<string, RaterScale>, random: Random): string | null {
  const groups: Groups = {good: [], partly: [], poor: []};
  for (const [name, {range, quality}] of random.shuffle([...scales])) {
    const mean = meanScore(example.scores?.[name] ?? []);
    if (mean === null) continue;
    const position = positionOnScale(mean, range);
    const group = position >= GOOD ? groups.good : position <= POOR ? groups.poor : groups.partly;
    if (group.length < MOST_NAMED) group.push(quality);
  }
  const said = joinGroups(groups, random);
  return said === null ? null : `${random.pick(OPENINGS)} ${said}`;
}

/** Contrasts stand with “but” or “though”, what points the same way with “and”. */
function joinGroups({good, partly, poor}: Groups, random: Random): string | null {
  const praise = good.length > 0 ? good.join(" and ") : null;
  const blame =
    poor.length > 1 ? `neither ${poor.join(" nor ")}` : poor.length === 1 ? `not ${poor[0]}` : null;
  const half = partly.length > 0 ? `only partly ${partly.join(" and ")}` : null;
  if (praise && blame) {
    const both = random.pick([
      `${praise} but ${blame}`,
      `${praise}, though ${blame}`,
      `${blame}, though ${praise}`
    ]);
    return half ? `${both}, and ${half}` : both;
  }
  if (praise && half) return random.pick([`${praise}, but ${half}`, `${half}, though ${praise}`]);
  if (blame && half) return `${blame}, and ${half}`;
  return praise ?? blame ?? half;
}

/** Every scale of the examples, with what the reader or the study knows of it. */
function scalesIn(
  reader: string,
  maps: Record<string, ScoreMap>,
  examples: Example[]
): Map<string, RaterScale> {
  const names = [...new Set(examples.flatMap(({scores}) => Object.keys(scores ?? {})))].sort();
  return new Map(names.map((name) => [name, RATER_SCALES[reader]?.[name] ?? ownScale(name, maps, examples)]));
}

/** A scale of one's own: its range as the study maps it, else as the scores show it. */
function ownScale(name: string, maps: Record<string, ScoreMap>, examples: Example[]): RaterScale {
  const map = Object.values(maps).find(({from}) => [from].flat().includes(name));
  const words = name.split(".").at(-1)!.replace(/[_-]+/g, " ").toLowerCase();
  return {range: map?.scale ?? observedRange(name, examples), quality: `strong in ${words}`};
}

function observedRange(name: string, examples: Example[]): [number, number] {
  const scores = examples.flatMap(({scores}) => scores?.[name] ?? []).filter((score) => score !== null);
  return [
    scores.reduce((a, b) => Math.min(a, b), Infinity),
    scores.reduce((a, b) => Math.max(a, b), -Infinity)
  ];
}
