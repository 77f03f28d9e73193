/** The study was asked to stop; what was finished is kept. */
export class Interrupted extends Error {
  override name = "Interrupted";
}

/** Everything was asked for, and goes on without this command. */
export class Detached extends Error {
  override name = "Detached";
}
