/** Buttons that save ratings as a file: one rater's, or everyone's. */
import {ratingLines} from "../core/judging/ratings.js";
import type {Rating} from "../core/judging/votes.js";
import type {RatingStore} from "./rating-store.js";

export function saveButton(title: string, file: string, of: () => readonly Rating[]): HTMLButtonElement {
  const button = document.createElement("button");
  Object.assign(button, {type: "button", textContent: title, className: "save-ratings"});
  button.addEventListener("click", () => download(ratingLines(of()), file));
  return button;
}

/** Saves what one rater rated, on all axes; named in full where `title` is short. */
export function saveRaterButton(store: RatingStore, rater: string, title?: string): HTMLButtonElement {
  const full = `Save the ratings of ${rater}`;
  const button = saveButton(title ?? full, `ratings-${fileName(rater)}.jsonl`, () =>
    store.ratings.filter((rating) => rating.rater === rater)
  );
  if (title) button.setAttribute("aria-label", full);
  return button;
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
