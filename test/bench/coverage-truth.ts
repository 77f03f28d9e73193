/** True values of the made studies' measures, as functions of a model's skill, from a population of dialogues. */
import {
  COVERED,
  drawArm,
  drawLogits,
  drawRows,
  measureModel,
  normalFrom,
  type Covered
} from "./coverage-model.js";

/** Dialogues of the population. Skills share it, so that differences between them are far more exact than values. */
const POPULATION = 20000;
const POPULATION_SEED = 1;
const FROM = 0.2;
const STEP = 0.25;
const POINTS = 9;

/** Value of each measure for a model of given skill. Skills that no model has are a RangeError. */
export type Truth = Record<Covered, (skill: number) => number>;

/** Measures the population at nine skills; parabolas through three neighbours in between. */
export function measurePopulation(dialogues = POPULATION): Truth {
  const rows = drawRows(normalFrom(POPULATION_SEED), dialogues);
  const arm = drawArm(normalFrom(POPULATION_SEED + 1), rows);
  const points = Array.from({length: POINTS}, (_, i) =>
    measureModel(rows, drawLogits(normalFrom(POPULATION_SEED + 2), rows, FROM + i * STEP, arm))
  );
  const between = (values: number[]) => (skill: number) => {
    const place = (skill - FROM) / STEP;
    if (place < 0 || place > POINTS - 1) throw new RangeError(`no skill of ${skill} was foreseen`);
    const middle = Math.max(1, Math.min(POINTS - 2, Math.round(place)));
    const [a, b, c] = [values[middle - 1]!, values[middle]!, values[middle + 1]!];
    const t = place - middle;
    return b + (t * (c - a)) / 2 + (t * t * (a + c - 2 * b)) / 2;
  };
  return Object.fromEntries(
    COVERED.map((id) => [id, between(points.map((values) => values[id].value))])
  ) as Truth;
}

/** Mean of a function of skill over trainings whose skill is normal. */
export function meanOverTrainings(value: (skill: number) => number, skill: number, spread: number): number {
  let [sum, weights] = [0, 0];
  for (let z = -2.5; z <= 2.5; z += 0.05) {
    const weight = Math.exp((-z * z) / 2);
    sum += weight * value(skill + spread * z);
    weights += weight;
  }
  return sum / weights;
}
