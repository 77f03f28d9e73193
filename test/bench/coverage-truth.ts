/** True values of the made studies' measures, as functions of a model's skill, from a population of dialogues. */
import {
  COVERED,
  drawArm,
  drawLogits,
  drawRows,
  measureModel,
  normalFrom,
  type Covered,
  type Rows
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
  const along = alongSkill((rows, logits) => {
    const measured = measureModel(rows, logits);
    return COVERED.map((id) => measured[id].value);
  }, dialogues);
  return Object.fromEntries(COVERED.map((id, i) => [id, (skill: number) => along(skill)[i]!])) as Truth;
}

/** The same of any numbers that follow from a model's rows and logits. */
export function alongSkill(
  measure: (rows: Rows, logits: Float64Array) => number[],
  dialogues = POPULATION
): (skill: number) => number[] {
  const rows = drawRows(normalFrom(POPULATION_SEED), dialogues);
  const arm = drawArm(normalFrom(POPULATION_SEED + 1), rows);
  const points = Array.from({length: POINTS}, (_, i) =>
    measure(rows, drawLogits(normalFrom(POPULATION_SEED + 2), rows, FROM + i * STEP, arm))
  );
  return (skill) => {
    const place = (skill - FROM) / STEP;
    if (place < 0 || place > POINTS - 1) throw new RangeError(`no skill of ${skill} was foreseen`);
    const middle = Math.max(1, Math.min(POINTS - 2, Math.round(place)));
    const t = place - middle;
    return points[middle]!.map((b, i) => {
      const [a, c] = [points[middle - 1]![i]!, points[middle + 1]![i]!];
      return b + (t * (c - a)) / 2 + (t * t * (a + c - 2 * b)) / 2;
    });
  };
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
