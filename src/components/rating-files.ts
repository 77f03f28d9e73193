/** Raters' files: saving one's ratings, adding those of others, and forgetting them. */
import {BadInput} from "../core/bad-input.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {formatCount, formatCounted} from "../core/format.js";
import {parseRatings, placeKey, ratersOf} from "../core/judging/ratings.js";
import {textElement} from "./dialogue.js";
import {saveButton} from "./rating-save.js";
import type {RatingStore} from "./rating-store.js";
import {agreementTable, raterTable} from "./rating-tables.js";

export interface RatingFilesOptions {
  /** Files were added to the store. */
  onAdded: () => void;
  onForgotten: () => void;
}

/** Shows what the store holds; call `update` when that changed elsewhere. */
export function ratingFiles(
  cubes: AllCubes,
  store: RatingStore,
  {onAdded, onForgotten}: RatingFilesOptions
): {element: HTMLElement; update: () => void} {
  const element = document.createElement("div");
  element.className = "rating-files";
  const said = document.createElement("div");
  said.className = "files-said";
  said.setAttribute("role", "status");
  const tables = document.createElement("div");
  const actions = document.createElement("p");
  actions.className = "rating-actions";
  const update = () => {
    const {ratings} = store;
    const all = saveButton("Save all", "ratings.jsonl", () => store.ratings);
    actions.replaceChildren(...(ratersOf(ratings).length > 1 ? [all] : []), addButton);
    tables.replaceChildren(
      ...(ratings.length === 0
        ? [textElement("p", "Nothing is rated yet. Files that other raters saved can be added.")]
        : [raterTable(cubes, store), ...agreementTable(cubes, ratings), forget])
    );
  };
  const addButton = fileButton(async (files) => {
    said.replaceChildren(...(await addFiles(cubes, store, files)).map(messageOf));
    update();
    onAdded();
  });
  const forget = forgetButton(store, () => {
    said.replaceChildren(messageOf({text: "All ratings of this study are forgotten.", isFault: false}));
    update();
    onForgotten();
  });
  element.append(actions, said, tables);
  update();
  return {element, update};
}

/** Asks first, since nothing brings back what was not saved. */
function forgetButton(store: RatingStore, onForgotten: () => void): HTMLElement {
  const place = document.createElement("p");
  const button = textElement("button", "Forget all ratings …", "link-button");
  button.type = "button";
  button.addEventListener("click", () => {
    const count = formatCounted(store.ratings.length, "rating");
    if (!confirm(`Forget all ${count} of this study in this browser? Files that you saved stay.`)) return;
    store.clear();
    onForgotten();
  });
  place.append(button);
  return place;
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

/** What became of a file. */
interface FileMessage {
  text: string;
  isFault: boolean;
}

function messageOf({text, isFault}: FileMessage): HTMLElement {
  return textElement("p", text, isFault ? "rating-warning" : "rating-said");
}

/** Adds what belongs to this study; says of each file what was added, left out, or could not be read. */
async function addFiles(
  {examples, study}: AllCubes,
  store: RatingStore,
  files: File[]
): Promise<FileMessage[]> {
  const places = new Set(examples.items.map(placeKey));
  const labels = new Map(study.axes.map((axis) => [axis.id, axis.labels]));
  const addFile = async (file: File): Promise<FileMessage> => {
    const read = parseRatings(await file.text(), file.name);
    const own = read.filter(
      (rating) =>
        places.has(placeKey(rating)) &&
        (rating.label === null || labels.get(rating.axis)?.includes(rating.label))
    );
    store.add(own);
    const left = read.length - own.length;
    const added = `${formatCounted(own.length, "rating")}${own.length > 0 ? ` by ${ratersOf(own).join(", ")}` : ""} added`;
    return {
      text: `${file.name}: ${added}${left > 0 ? `, ${formatCount(left)} not of this study left out` : ""}.`,
      isFault: own.length === 0
    };
  };
  const said: FileMessage[] = [];
  for (const file of files)
    try {
      said.push(await addFile(file));
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      const {where, found} = error.detail;
      said.push({text: `${where}: ${found}. Nothing of this file was added.`, isFault: true});
    }
  return said;
}
