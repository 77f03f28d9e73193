/** What stands in the desk's place once the last example is behind: what is done, and what can be done with it. */
import type {RatingProgress} from "../core/judging/rating-progress.js";
import {textElement} from "./dialogue.js";

export interface RatingEndOptions {
  progress: RatingProgress;
  /** Examples in the queue. */
  length: number;
  /** Saves what was rated. */
  save: HTMLButtonElement;
  back: HTMLButtonElement;
  /** Goes to the first example that is still open. */
  onOpen: () => void;
  /** Undefined where the study has no other axis. */
  onOther: (() => void) | undefined;
}

/** `All 10 done, 1 passed`; `7 of 10 done, 1 passed`. */
function endText({done, passed}: RatingProgress, length: number): string {
  return `${done === length ? `All ${length}` : `${done} of ${length}`} done${passed > 0 ? `, ${passed} passed` : ""}`;
}

/** The button to press first leads to what is open, or saves where nothing is. */
export function ratingEnd({progress, length, save, back, onOpen, onOther}: RatingEndOptions): HTMLElement {
  const element = document.createElement("div");
  element.className = "rating-end";
  const actions = document.createElement("p");
  actions.className = "rating-actions";
  const open = length - progress.done;
  if (open > 0) actions.append(plainButton(`Go to the ${open === 1 ? "one" : open} still open`, onOpen));
  if (progress.done > 0) actions.append(save);
  actions.firstElementChild?.classList.add("primary");
  actions.append(back);
  if (onOther) actions.append(plainButton("Rate another axis", onOther));
  element.append(textElement("h2", endText(progress, length)), actions);
  return element;
}

function plainButton(title: string, act: () => void): HTMLButtonElement {
  const button = textElement("button", title);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}
