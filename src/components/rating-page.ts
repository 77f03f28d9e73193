/** The Rate page: a form to start from, the desk, and the files, over what this browser keeps. */
import type {AllCubes} from "../core/cubes-reader.js";
import {ratedMaterial, ratingQueue} from "../core/judging/ratings.js";
import type {RatedPlace} from "../core/judging/ratings.js";
import {textElement} from "./dialogue.js";
import {RatingDesk} from "./rating-desk.js";
import {ratingFiles} from "./rating-files.js";
import {ratablePlaces, startForm} from "./rating-start.js";
import {RatingStore} from "./rating-store.js";
import type {Keeping, RatingChoice} from "./rating-store.js";

const KEEPING: Record<Keeping, string> = {
  kept: "",
  full: "This browser has no room left to keep your ratings. Save them as a file before you close the page.",
  absent:
    "This browser keeps nothing for this page (a private window, or storage is blocked). Save your ratings as a file before you close it."
};

/** Fills `place` with the form or the desk, and `filesPlace` with the raters' files. */
export function openRating(cubes: AllCubes, place: HTMLElement, filesPlace: HTMLElement): void {
  const {study, examples} = cubes;
  if (examples.items.length === 0) {
    place.textContent = "This study has no examples to rate.";
    return;
  }
  const store = new RatingStore(ratedMaterial(study), () => localStorage);
  const shown = new Map(examples.examples.map((each) => [`${each.corpus}/${each.example_id}`, each]));
  const exampleOf = ({corpus, example_id}: RatedPlace) => shown.get(`${corpus}/${example_id}`);
  const warning = textElement("p", "", "rating-warning");
  warning.setAttribute("role", "status");
  const warn = () => {
    warning.textContent = KEEPING[store.keeping];
    warning.hidden = store.keeping === "kept";
  };
  const main = document.createElement("div");

  const showStart = () => main.replaceChildren(startForm(cubes, store.choice, start));
  const start = (choice: RatingChoice) => {
    store.choose(choice);
    const axis = study.axes.find(({id}) => id === choice.axis)!;
    const queue = ratingQueue(ratablePlaces(cubes, choice), choice.rater, choice.count);
    const onRated = () => {
      warn();
      files.update();
    };
    const onLeave = () => {
      showStart();
      main.querySelector<HTMLButtonElement>("button.primary")?.focus();
    };
    const desk = new RatingDesk({store, rater: choice.rater, axis, queue, exampleOf, onRated, onLeave});
    main.replaceChildren(desk.element);
    desk.focus();
    warn();
  };
  const files = ratingFiles(cubes, store, () => {
    warn();
    showStart();
  });
  showStart();
  warn();
  place.replaceChildren(warning, main);
  filesPlace.replaceChildren(files.element);
}
