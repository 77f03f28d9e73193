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
  full: "This browser has no room left to keep your ratings. Save them as a file before you close this page.",
  absent:
    "This browser keeps nothing for this page (a private window, or storage is blocked). Save your ratings as a file before you close this page."
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
    const {keeping} = store;
    warning.textContent = KEEPING[keeping];
    warning.hidden = keeping === "kept";
    // What the page says of keeping would contradict the warning.
    for (const said of document.querySelectorAll<HTMLElement>(".where-kept"))
      said.hidden = keeping !== "kept";
  };
  const main = document.createElement("div");
  let desk: RatingDesk | undefined;

  const showStart = (choice = store.choice) => {
    desk = undefined;
    main.replaceChildren(startForm(cubes, choice, start));
  };
  const focusOn = (what: string) => main.querySelector<HTMLElement>(what)?.focus();
  const start = (choice: RatingChoice) => {
    store.choose(choice);
    const at = study.axes.findIndex(({id}) => id === choice.axis);
    const other = study.axes[(at + 1) % study.axes.length]!.id;
    desk = new RatingDesk({
      ...{store, exampleOf, rater: choice.rater, axis: study.axes[at]!},
      queue: ratingQueue(ratablePlaces(cubes, choice), choice.rater, choice.count),
      onRated: () => {
        warn();
        files.update();
      },
      onLeave: () => {
        showStart();
        focusOn("button.primary");
      },
      onOther:
        study.axes.length > 1
          ? () => {
              showStart({...choice, axis: other});
              focusOn("[name=axis]");
            }
          : undefined
    });
    main.replaceChildren(desk.element);
    place.classList.remove("reserved"); // the form's height, which a finished desk would leave empty
    desk.start();
    warn();
  };
  const files = ratingFiles(cubes, store, {
    onAdded: () => {
      warn();
      desk?.update();
    },
    onForgotten: () => {
      warn();
      showStart();
    }
  });
  showStart();
  warn();
  place.replaceChildren(warning, main);
  filesPlace.replaceChildren(files.element);
}
