/** What training cost, by arm: time always, and money where the reader says what an hour costs. */
import type {RunRow} from "../core/cubes.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {MISSING, formatCount, formatNumber} from "../core/format.js";
import {trainings} from "../core/learning-curves.js";
import {selectedArms} from "../core/selection.js";
import type {Selection} from "../core/selection.js";
import {shortArmTitle} from "./arm-name.js";
import {keepOwnValue, ownValue} from "./page-choice.js";
import {countCell, dataTable, durationCell} from "./tables.js";

type Cubes = Pick<AllCubes, "study" | "runs">;

const KEY = "price";

interface CostRow {
  name: string;
  runs: RunRow[];
}

/** The price that the address names; null where there is none, or it is no amount. */
function priceOf(): number | null {
  const text = ownValue(KEY);
  const price = text === null || text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(price) && price >= 0 ? price : null;
}

/** Puts price and table into their places; call the function that it returns after every change of the selection. */
export function openTrainingCost(
  places: {price: HTMLElement; table: HTMLElement},
  cubes: Cubes
): (selection: Selection) => void {
  let shown: Selection | undefined;
  const draw = () => {
    if (shown) places.table.replaceChildren(costTable(cubes, shown, priceOf()));
  };
  places.price.replaceChildren(priceField(draw));
  return (selection) => {
    shown = selection;
    draw();
  };
}

function priceField(onChange: () => void): HTMLLabelElement {
  const label = document.createElement("label");
  label.className = "page-field";
  const input = document.createElement("input");
  Object.assign(input, {type: "number", min: "0", step: "any", name: KEY, placeholder: "none"});
  input.value = String(priceOf() ?? "");
  input.addEventListener("input", () => {
    keepOwnValue(KEY, input.value === "" || !input.validity.valid ? null : input.value);
    onChange();
  });
  label.append("Price of an hour of one run, in any currency", input);
  return label;
}

function costTable(cubes: Cubes, selection: Selection, price: number | null): HTMLElement {
  const rows = costRows(cubes, selection);
  const sum = (runs: RunRow[], of: (run: RunRow) => number) =>
    runs.reduce((total, run) => total + of(run), 0);
  const wall = ({runs}: CostRow) => sum(runs, ({wall_seconds}) => wall_seconds);
  return dataTable(
    rows,
    [
      {title: "What", text: ({name}) => name},
      {title: "Runs", text: ({runs}) => formatCount(runs.length), number: true},
      {title: "Tokens", text: ({runs}) => countCell(sum(runs, ({tokens}) => tokens)), number: true},
      {
        title: "Training",
        text: ({runs}) => durationCell(sum(runs, ({train_seconds}) => train_seconds)),
        number: true
      },
      {
        title: "Scoring",
        text: ({runs}) => durationCell(sum(runs, ({score_seconds}) => score_seconds)),
        number: true
      },
      {title: "Whole run", text: (row) => durationCell(wall(row)), number: true},
      ...(price === null
        ? []
        : [
            {title: "Cost", text: (row: CostRow) => formatNumber((wall(row) / 3600) * price, 2), number: true}
          ]),
      ...(rows.some(({runs}) => runs.some(({resumed}) => resumed > 0))
        ? [{title: "Resumed", text: ({runs}: CostRow) => resumedText(runs), number: true}]
        : [])
    ],
    {name: "Cost", empty: "No run of this selection has ended."}
  );
}

/** The arms shown, then what all arms share. */
function costRows(cubes: Cubes, selection: Selection): CostRow[] {
  const ended = (runs: RunRow[]) => runs.filter(({status}) => status !== "missing");
  const arms = selectedArms(selection, cubes.study).map(({id}) => ({
    name: shortArmTitle(cubes.study, id),
    runs: ended(trainings(cubes, selection, id))
  }));
  const shared = {
    name: "Shared by all arms: tokenizer, warm-up, baselines",
    runs: ended(cubes.runs.filter(({kind}) => kind !== "train"))
  };
  return [...arms, shared].filter(({runs}) => runs.length > 0);
}

/** How many runs went on from a checkpoint; the page of runs says which. */
function resumedText(runs: RunRow[]): string {
  const resumed = runs.filter((run) => run.resumed > 0).length;
  return resumed === 0 ? MISSING : `${formatCount(resumed)} of ${formatCount(runs.length)}`;
}
