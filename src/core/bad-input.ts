/** What a user needs to mend an error. */
export interface BadInputDetail {
  /** File, and row, line or key in it: `data/mine.csv, row 12`. */
  where: string;
  expected: string;
  found: string;
  /** One sentence. */
  mend: string;
}

/**
 * An error that a user can mend: it names the place, what was expected, what was found, and how to mend it. The
 * command prints it without a stack trace and ends with exit code 2.
 */
export class BadInput extends Error {
  override name = "BadInput";
  readonly detail: BadInputDetail;

  constructor(detail: BadInputDetail) {
    super(`${detail.where}: expected ${detail.expected}, found ${detail.found}. ${detail.mend}`);
    this.detail = detail;
  }
}

/** Several of them, so that a user mends all at once. */
export class BadInputs extends Error {
  override name = "BadInputs";
  readonly all: BadInput[];

  constructor(all: BadInput[]) {
    super(all.map(({message}) => message).join("\n"));
    this.all = all;
  }
}
