/**
 * Where one rater rates: one example at a time with the axis beside it, and nothing of what anyone else gave. Digits
 * give a label and go on; they work while the focus is in the desk, so that they never type where they should not.
 */
import type {Axis} from "../core/conversation.js";
import type {ShownExample} from "../core/cubes.js";
import {
  LABEL_KEYS,
  labelOfKey,
  latestPlace,
  ownRatings,
  progressOf
} from "../core/judging/rating-progress.js";
import {placeKey} from "../core/judging/ratings.js";
import type {RatedPlace} from "../core/judging/ratings.js";
import type {Rating} from "../core/judging/votes.js";
import {dialogueList, textElement} from "./dialogue.js";
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
}

export class RatingDesk {
  readonly element = document.createElement("section");
  readonly #said = textElement("p", "", "rating-said");
  readonly #bar = document.createElement("progress");
  readonly #example = document.createElement("div");
  readonly #form = document.createElement("div");
  readonly #choices = document.createElement("fieldset");
  readonly #buttons: Record<"pass" | "back" | "forward" | "undo", HTMLButtonElement>;
  /** Place in the queue that is shown; its length once all are rated. */
  #at: number;

  constructor(private readonly options: RatingDeskOptions) {
    const {axis, rater} = options;
    this.#at = progressOf(options.queue, this.#own()).next;
    this.element.className = "rating-desk";
    this.element.tabIndex = -1;
    this.element.setAttribute("aria-label", `Rating ${axis.title.toLowerCase()} as ${rater}`);
    this.#said.setAttribute("role", "status");
    this.#bar.setAttribute("aria-label", "Rated or passed");
    this.#example.className = "rating-example";
    this.#form.className = "rating-form";
    this.#choices.className = "rating-labels";
    this.#buttons = {
      pass: this.#button("Pass", "0 or space", () => this.#give(null)),
      back: this.#button("Back", "←", () => this.#go(this.#at - 1)),
      forward: this.#button("Forward", "→", () => this.#go(this.#at + 1)),
      undo: this.#button("Undo", "u", () => this.#undo())
    };
    this.#build();
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.#show();
  }

  /** Puts the focus where keys rate. */
  focus(): void {
    this.element.focus({preventScroll: true});
    this.element.scrollIntoView({block: "nearest"});
  }

  #build(): void {
    const {axis, onLeave} = this.options;
    const {pass, back, forward, undo} = this.#buttons;
    const definition = textElement("p", axis.question, "question");
    const actions = document.createElement("p");
    actions.className = "rating-actions";
    const leave = document.createElement("button");
    Object.assign(leave, {type: "button", textContent: "Stop here"});
    leave.addEventListener("click", onLeave);
    actions.append(pass, " ", back, " ", forward, " ", undo, " ", leave);
    this.#form.append(textElement("h2", axis.title), definition, this.#choices, actions, keysNote(axis));
    const head = document.createElement("div");
    head.className = "rating-head";
    head.append(this.#bar, this.#said);
    this.element.append(head, this.#example, this.#form);
  }

  #button(title: string, key: string, act: () => void): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.append(title, " ", textElement("kbd", key));
    button.addEventListener("click", () => {
      act();
      this.focus();
    });
    return button;
  }

  #own(): Map<string, Rating> {
    return ownRatings(this.options.store.ratings, this.options.rater);
  }

  #show(): void {
    const {queue, exampleOf} = this.options;
    const place = queue[this.#at];
    const example = place && exampleOf(place);
    const own = this.#own();
    const rating = place && own.get(placeKey(place));
    const {done, passed} = progressOf(queue, own);
    Object.assign(this.#bar, {max: Math.max(1, queue.length), value: done});
    const where = place ? `Example ${this.#at + 1} of ${queue.length}. ` : "";
    this.#said.textContent = `${where}${done} done${passed > 0 ? `, ${passed} of them passed` : ""}.${rating ? ` ${givenText(rating)}` : ""}`;
    this.#example.replaceChildren(example ? dialogueList(example) : this.#end(done));
    this.#showChoices(place !== undefined, rating);
    const {pass, back, forward, undo} = this.#buttons;
    pass.disabled = !place;
    back.disabled = this.#at === 0;
    forward.disabled = !place;
    undo.disabled = done === 0;
  }

  #end(done: number): HTMLElement {
    const {queue} = this.options;
    return textElement(
      "p",
      done === queue.length
        ? `That was the last: all ${queue.length} are done. Save them below.`
        : `That was the last; ${queue.length - done} are still open: go back to them, or save what there is below.`,
      "rating-end"
    );
  }

  #showChoices(open: boolean, rating: Rating | undefined): void {
    const {labels} = this.options.axis;
    this.#choices.replaceChildren(
      textElement("legend", "Label"),
      ...labels.map((label, i) => this.#choice(label, i, rating?.label === label))
    );
    this.#choices.disabled = !open;
  }

  /**
   * A pointer gives the label and goes on. Arrow keys between the buttons only give it, since they pass labels on their
   * way to another; Enter goes on.
   */
  #choice(label: string, i: number, checked: boolean): HTMLLabelElement {
    const element = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, {type: "radio", name: "rated-label", value: label, checked});
    input.addEventListener("click", ({detail}) => {
      if (detail > 0) this.#give(label);
      else this.#give(label, {stay: true});
    });
    const key = LABEL_KEYS[i];
    element.append(input, textElement("span", label));
    if (key !== undefined && key !== label) element.append(textElement("kbd", key));
    return element;
  }

  #give(label: string | null, {stay = false} = {}): void {
    const {queue, store, rater, onRated} = this.options;
    const place = queue[this.#at];
    if (!place) return;
    const {corpus, example_id, axis} = place;
    store.add([{corpus, example_id, axis, rater, label, at: new Date().toISOString()}]);
    onRated();
    if (stay) {
      const rating = this.#own().get(placeKey(place))!;
      this.#said.textContent = `${givenText(rating)} Enter goes on.`;
      return;
    }
    this.#at += 1;
    this.#show();
    this.focus();
  }

  #go(to: number): void {
    this.#at = Math.max(0, Math.min(this.options.queue.length, to));
    this.#show();
  }

  #undo(): void {
    const {queue, store, onRated} = this.options;
    const own = this.#own();
    const latest = latestPlace(queue, own);
    if (latest < 0) return;
    store.remove(own.get(placeKey(queue[latest]!))!);
    onRated();
    this.#go(latest);
    this.#said.textContent = `Taken back. ${this.#said.textContent}`;
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onButton = (event.target as Element).closest("button") !== null;
    const label = labelOfKey(event.key, this.options.axis.labels);
    const act =
      label !== undefined
        ? () => this.#give(label)
        : event.key === "0" || (event.key === " " && !onButton)
          ? () => this.#give(null)
          : event.key === "ArrowLeft"
            ? () => this.#go(this.#at - 1)
            : event.key === "ArrowRight" || (event.key === "Enter" && !onButton)
              ? () => this.#go(this.#at + 1)
              : event.key.toLowerCase() === "u"
                ? () => this.#undo()
                : undefined;
    if (!act) return;
    event.preventDefault();
    act();
    this.focus();
  }
}

function givenText({label}: Rating): string {
  return label === null ? "You passed it." : `You gave it ${label}.`;
}

function keysNote({labels, kind}: Axis): HTMLElement {
  const keys = LABEL_KEYS.slice(0, labels.length);
  const span = keys.length > 1 ? `${keys[0]} to ${keys.at(-1)}` : (keys[0] ?? "");
  const order =
    kind === "ordinal" && labels.length > 1
      ? ` ${labels[0]} is the lowest label, ${labels.at(-1)} the highest.`
      : "";
  return textElement(
    "p",
    `Keys ${span} give a label and go on; 0 or space passes; ← and → move; u takes the last one back.${order}`,
    "rating-keys"
  );
}
