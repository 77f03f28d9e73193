/**
 * Where one rater rates: one example at a time with the axis beside it, and nothing of what anyone else gave. Digits
 * give a label and go on; they work while the focus is in the desk, so that they never type where they should not.
 */
import type {Axis} from "../core/conversation.js";
import type {ShownExample} from "../core/cubes.js";
import {exampleText} from "../core/judging/example-text.js";
import {
  doneText,
  givenText,
  keySpan,
  labelOfKey,
  latestPlace,
  ownRatings,
  progressOf
} from "../core/judging/rating-progress.js";
import {placeKey} from "../core/judging/ratings.js";
import type {RatedPlace} from "../core/judging/ratings.js";
import type {Rating} from "../core/judging/votes.js";
import {dialogueList, textElement} from "./dialogue.js";
import {ratingEnd} from "./rating-end.js";
import {showLabels} from "./rating-labels.js";
import {saveRaterButton} from "./rating-save.js";
import type {RatingStore} from "./rating-store.js";

export interface RatingDeskOptions {
  store: RatingStore;
  rater: string;
  axis: Axis;
  queue: readonly RatedPlace[];
  exampleOf: (place: RatedPlace) => ShownExample | undefined;
  /** After every rating, for what the page shows besides. */
  onRated: () => void;
  onLeave: () => void;
  /** Where the study has other axes. */
  onOther: (() => void) | undefined;
}

export class RatingDesk {
  readonly element = document.createElement("section");
  readonly #said = textElement("p", "", "rating-said");
  readonly #keys = textElement("p", "", "rating-keys");
  readonly #bar = document.createElement("progress");
  readonly #example = document.createElement("div");
  readonly #choices = document.createElement("fieldset");
  readonly #pass = this.#button("Pass", ["0", "space"], () => this.#give(null));
  readonly #back = this.#button("Back", ["←"], () => this.#go(this.#at - 1));
  readonly #forward = this.#button("Forward", ["→"], () => this.#go(this.#at + 1));
  readonly #undo = this.#button("Undo", ["u"], () => this.#takeBack());
  /** Place in the queue that is shown; its length once all are rated. */
  #at: number;

  constructor(private readonly options: RatingDeskOptions) {
    const {axis, rater, queue} = options;
    this.#at = progressOf(queue, this.#own()).next;
    this.element.className = "rating-desk";
    this.element.tabIndex = -1;
    this.element.setAttribute("aria-label", `Rating ${axis.title.toLowerCase()} as ${rater}`);
    this.#said.setAttribute("role", "status");
    this.#bar.setAttribute("aria-label", "Rated or passed");
    this.#example.className = "rating-example";
    this.#choices.className = "rating-labels";
    this.#build();
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    for (const moved of ["focusin", "focusout"] as const)
      this.element.addEventListener(moved, ({type}) => this.#showKeys(type === "focusin"));
    this.#showKeys(false);
    this.#show();
  }

  /** Brings the desk to the window's top and puts the focus where keys rate. */
  start(): void {
    this.element.focus({preventScroll: true});
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.element.scrollIntoView({block: "start", behavior: calm ? "auto" : "smooth"});
  }

  /** Shows where the rater is again, after ratings came from elsewhere. */
  update(): void {
    this.#show();
  }

  #build(): void {
    const {axis, onLeave} = this.options;
    const leave = textElement("button", "Stop here", "link-button");
    leave.type = "button";
    leave.addEventListener("click", onLeave);
    const moves = boxOf("rating-moves", this.#back, this.#forward, this.#undo);
    const actions = boxOf("rating-actions", this.#pass, moves);
    const definition = boxOf(
      "rating-axis",
      textElement("h2", axis.title),
      textElement("p", axis.question, "question"),
      ...(axis.definition ? [textElement("p", axis.definition, "definition")] : [])
    );
    const form = boxOf("rating-form", definition, boxOf("rating-bar", this.#choices, actions));
    const head = boxOf("rating-head", this.#bar, this.#said, this.#keys, leave);
    this.element.append(head, this.#example, form);
  }

  #button(title: string, keys: string[], act: () => void): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.append(title, ...keys.flatMap((key) => [" ", textElement("kbd", key)]));
    button.addEventListener("click", () => {
      act();
      this.#focus();
    });
    return button;
  }

  /** Long examples end below the window: the next one is read from its start. */
  #focus(): void {
    this.element.focus({preventScroll: true});
    const isAbove = this.element.getBoundingClientRect().top < 0;
    this.element.scrollIntoView({block: isAbove ? "start" : "nearest"});
  }

  #own(): Map<string, Rating> {
    return ownRatings(this.options.store.ratings, this.options.rater);
  }

  #showKeys(on: boolean): void {
    this.#keys.textContent = on
      ? `Keys are on: ${keySpan(this.options.axis.labels.length)} give a label.`
      : "Click here for keys.";
  }

  /** `happened`: what was done to get here, said between the place and the count. */
  #show(happened = ""): void {
    const {queue, exampleOf, axis} = this.options;
    const place = queue[this.#at];
    const example = place && exampleOf(place);
    const own = this.#own();
    const rating = place && own.get(placeKey(place));
    const progress = progressOf(queue, own);
    this.#say(happened, rating ? `This one: ${givenText(rating)}.` : "");
    this.element.classList.toggle("ended", !place);
    this.#back.disabled = this.#at === 0;
    const moves = this.element.querySelector(".rating-moves")!;
    if (place) moves.prepend(this.#back);
    this.#example.replaceChildren(example ? dialogueList(example) : this.#end(progress));
    showLabels(this.#choices, axis, rating?.label, (label, stay) => this.#give(label, {stay}));
  }

  /** The place first, then what happened, then how much is done; the end has a heading that says how much. */
  #say(...happened: string[]): void {
    const {queue} = this.options;
    const progress = progressOf(queue, this.#own());
    const isOpen = this.#at < queue.length;
    const told = happened.filter(Boolean).join(" ");
    this.#said.replaceChildren(isOpen ? `Example ${this.#at + 1} of ${queue.length}.` : "The end.", " ");
    if (told) this.#said.append(textElement("strong", told), " ");
    if (isOpen) this.#said.append(`${doneText(progress)}.`);
    Object.assign(this.#bar, {max: Math.max(1, queue.length), value: progress.done});
    this.#undo.disabled = progress.done === 0;
  }

  #end(progress: ReturnType<typeof progressOf>): HTMLElement {
    const {queue, store, rater, onOther} = this.options;
    const onOpen = () => {
      this.#go(progress.next);
      this.#focus();
    };
    const save = saveRaterButton(store, rater);
    return ratingEnd({progress, length: queue.length, save, back: this.#back, onOpen, onOther});
  }

  #give(label: string | null, {stay = false} = {}): void {
    const {queue, store, rater, onRated, exampleOf} = this.options;
    const place = queue[this.#at];
    if (!place) return;
    const {corpus, example_id, axis} = place;
    const example = exampleOf(place);
    const seen = example ? {text: exampleText(example)} : {};
    store.add([{corpus, example_id, axis, rater, label, ...seen, at: new Date().toISOString()}]);
    onRated();
    if (stay) return this.#say(`This one: ${givenText({label})}.`, "Enter goes on.");
    this.#at += 1;
    this.#show(`The one before: ${givenText({label})}.`);
    this.#focus();
  }

  #go(to: number): void {
    this.#at = Math.max(0, Math.min(this.options.queue.length, to));
    this.#show();
  }

  #takeBack(): void {
    const {queue, store, onRated} = this.options;
    const own = this.#own();
    const latest = latestPlace(queue, own);
    if (latest < 0) return;
    store.remove(own.get(placeKey(queue[latest]!))!);
    onRated();
    this.#at = latest;
    this.#show("Taken back.");
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.#actOf(event.key, (event.target as Element).closest("button") !== null);
    if (!act) return;
    event.preventDefault();
    act();
    this.#focus();
  }

  /** What a key does; nothing where it is for the button that has the focus. */
  #actOf(key: string, onButton: boolean): (() => void) | undefined {
    const label = labelOfKey(key, this.options.axis.labels);
    if (label !== undefined) return () => this.#give(label);
    if (key === "0" || (key === " " && !onButton)) return () => this.#give(null);
    if (key === "ArrowLeft") return () => this.#go(this.#at - 1);
    if (key === "ArrowRight" || (key === "Enter" && !onButton)) return () => this.#go(this.#at + 1);
    if (key.toLowerCase() === "u") return () => this.#takeBack();
    return undefined;
  }
}

function boxOf(name: string, ...children: Element[]): HTMLElement {
  const box = document.createElement("div");
  box.className = name;
  box.append(...children);
  return box;
}
