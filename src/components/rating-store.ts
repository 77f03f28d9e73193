/** Ratings in this browser: kept by what is rated, so that two studies never mix; nothing leaves it. */
import {mergeRatings} from "../core/judging/ratings.js";
import type {Rating} from "../core/judging/votes.js";

/** What a rater chose at last, so that the page opens as it was left. */
export interface RatingChoice {
  rater: string;
  corpus: string;
  axis: string;
  count: number;
}

interface Kept {
  ratings: Rating[];
  choice: RatingChoice | null;
}

const EMPTY: Kept = {ratings: [], choice: null};

/** Whether what is rated is kept: `full` and `absent` (private windows, blocked) are told to the rater. */
export type Keeping = "kept" | "full" | "absent";

export class RatingStore {
  #kept: Kept;
  #keeping: Keeping;
  readonly #key: string;

  /** `material`: what is rated, as a name. `storage` throws where the browser lends none. */
  constructor(
    material: string,
    private readonly storage: () => Storage
  ) {
    this.#key = `because-ratings-${material}`;
    try {
      this.#kept = readKept(storage().getItem(this.#key));
      this.#keeping = "kept";
    } catch {
      this.#kept = EMPTY;
      this.#keeping = "absent";
    }
  }

  get ratings(): readonly Rating[] {
    return this.#kept.ratings;
  }

  get choice(): RatingChoice | null {
    return this.#kept.choice;
  }

  get keeping(): Keeping {
    return this.#keeping;
  }

  /** Adds ratings; of two of the same rater and place the later one counts. */
  add(ratings: readonly Rating[]): void {
    this.#write({...this.#kept, ratings: mergeRatings(this.#kept.ratings, ratings)});
  }

  remove(rating: Rating): void {
    this.#write({...this.#kept, ratings: this.#kept.ratings.filter((each) => each !== rating)});
  }

  choose(choice: RatingChoice): void {
    this.#write({...this.#kept, choice});
  }

  /** Forgets all ratings of this study. */
  clear(): void {
    this.#write({...this.#kept, ratings: []});
  }

  #write(kept: Kept): void {
    this.#kept = kept;
    if (this.#keeping === "absent") return;
    try {
      this.storage().setItem(this.#key, JSON.stringify(kept));
      this.#keeping = "kept";
    } catch {
      this.#keeping = "full";
    }
  }
}

/** What another version of the page, or a reader's own hand, wrote there is left aside rather than trusted. */
function readKept(text: string | null): Kept {
  if (text === null) return EMPTY;
  try {
    const {ratings, choice} = JSON.parse(text) as Partial<Kept>;
    return {ratings: Array.isArray(ratings) ? ratings : [], choice: choice ?? null};
  } catch {
    return EMPTY;
  }
}
