/** Raters' files: saving one's ratings, adding those of others, how far all agree, and forgetting them. */
import {BadInput} from "../core/bad-input.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {MISSING, formatCount, formatCounted, formatNumber} from "../core/format.js";
import {parseRatings, placeKey, ratersAgreement, ratingLines} from "../core/judging/ratings.js";
import type {Rating} from "../core/judging/votes.js";
import {axisTitle} from "../figures/figure.js";
import {textElement} from "./dialogue.js";
import type {RatingStore} from "./rating-store.js";
import {dataTable} from "./tables.js";

/** Shows what the store holds; call `update` when that changed, `changed` is told when this changes it. */
export function ratingFiles(
  cubes: AllCubes,
  store: RatingStore,
  changed: () => void
): {element: HTMLElement; update: () => void} {
  const element = document.createElement("div");
  element.className = "rating-files";
  const said = textElement("p", "", "rating-said");
  said.setAttribute("role", "status");
  const tables = document.createElement("div");
  const actions = document.createElement("p");
  actions.className = "rating-actions";
  const update = () => {
    actions.replaceChildren(
      ...saveButtons(store),
      addButton,
      ...(store.ratings.length > 0 ? [clearButton] : [])
    );
    tables.replaceChildren(...summaryOf(cubes, store.ratings));
  };
  const tell = (text: string) => {
    said.textContent = text;
    update();
    changed();
  };
  const addButton = fileButton(async (files) => tell(await addFiles(cubes, store, files)));
  const clearButton = document.createElement("button");
  Object.assign(clearButton, {type: "button", textContent: "Forget all ratings …"});
  clearButton.addEventListener("click", () => {
    const {length} = store.ratings;
    if (
      !confirm(
        `Forget all ${formatCounted(length, "rating")} of this study in this browser? Files that you saved stay.`
      )
    )
      return;
    store.clear();
    tell("All ratings of this study are forgotten.");
  });
  element.append(actions, said, tables);
  update();
  return {element, update};
}

/** One button a rater, and one for all where there are several. */
function saveButtons({ratings}: RatingStore): HTMLElement[] {
  const raters = [...new Set(ratings.map(({rater}) => rater))].sort();
  const save = (title: string, file: string, of: () => readonly Rating[]) => {
    const button = document.createElement("button");
    Object.assign(button, {type: "button", textContent: title, className: "save-ratings"});
    button.addEventListener("click", () => download(ratingLines(of()), file));
    return button;
  };
  const own = raters.map((rater) =>
    save(`Save the ratings of ${rater}`, `ratings-${fileName(rater)}.jsonl`, () =>
      ratings.filter((rating) => rating.rater === rater)
    )
  );
  return raters.length > 1 ? [...own, save("Save all", "ratings.jsonl", () => ratings)] : own;
}

function fileName(rater: string): string {
  return rater.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "rater";
}

function download(text: string, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], {type: "application/jsonl"}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** A file input that looks like the buttons beside it. */
function fileButton(onFiles: (files: File[]) => Promise<void>): HTMLLabelElement {
  const label = document.createElement("label");
  label.className = "file-button";
  const input = document.createElement("input");
  Object.assign(input, {type: "file", accept: ".jsonl,.json,.ndjson", multiple: true});
  input.addEventListener("change", () => {
    void onFiles([...(input.files ?? [])]).then(() => (input.value = ""));
  });
  label.append("Add raters’ files", input);
  return label;
}

/** Adds what belongs to this study; says what was added, left out, and could not be read. */
async function addFiles({examples, study}: AllCubes, store: RatingStore, files: File[]): Promise<string> {
  const places = new Set(examples.items.map(placeKey));
  const labels = new Map(study.axes.map((axis) => [axis.id, axis.labels]));
  const said: string[] = [];
  for (const file of files)
    try {
      const read = parseRatings(await file.text(), file.name);
      const own = read.filter(
        (rating) =>
          places.has(placeKey(rating)) &&
          (rating.label === null || labels.get(rating.axis)?.includes(rating.label))
      );
      store.add(own);
      const raters = [...new Set(own.map(({rater}) => rater))].join(", ");
      const left = read.length - own.length;
      said.push(
        `${file.name}: ${formatCounted(own.length, "rating")}${raters ? ` by ${raters}` : ""} added${left > 0 ? `, ${formatCount(left)} of examples or labels that this notebook does not show left out` : ""}.`
      );
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      said.push(error.message);
    }
  return said.join(" ");
}

/** Who rated how much, and how far raters agree. */
function summaryOf(cubes: AllCubes, ratings: readonly Rating[]): HTMLElement[] {
  if (ratings.length === 0)
    return [
      textElement(
        "p",
        "Nothing is rated yet in this browser. Files that other raters saved can be added.",
        "no-study"
      )
    ];
  const {study} = cubes;
  const kinds = new Map<string, {rater: string; axis: string; given: number; passed: number}>();
  for (const {rater, axis, label} of ratings) {
    const key = `${rater}\0${axis}`;
    const row = kinds.get(key) ?? {rater, axis, given: 0, passed: 0};
    kinds.set(key, row);
    if (label === null) row.passed += 1;
    else row.given += 1;
  }
  const who = dataTable(
    [...kinds.values()],
    [
      {title: "Rater", text: ({rater}) => rater},
      {title: "Axis", text: ({axis}) => axisTitle(study, axis)},
      {title: "Rated", text: ({given}) => formatCount(given), number: true},
      {title: "Passed", text: ({passed}) => formatCount(passed), number: true}
    ]
  );
  const agreement = ratersAgreement(ratings, study.axes).filter(({raters}) => raters.length > 1);
  if (agreement.length === 0) return [who];
  const table = dataTable(agreement, [
    {title: "Axis", text: ({axis}) => axisTitle(study, axis)},
    {title: "Raters", text: ({raters}) => raters.join(", ")},
    {title: "Rated by two or more", text: ({examples}) => formatCounted(examples, "example"), number: true},
    {title: "Krippendorff’s α", text: alphaText, number: true}
  ]);
  return [who, textElement("h3", "How far these raters agree"), table];
}

function alphaText({alpha, low, high, reason}: ReturnType<typeof ratersAgreement>[number]): string {
  if (alpha === null) return reason ?? MISSING;
  return `${formatNumber(alpha)}${low === null || high === null ? " (too few for an interval)" : ` [${formatNumber(low)}, ${formatNumber(high)}]`}`;
}
