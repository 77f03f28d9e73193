/** The study was asked to stop; what was finished is kept. */
export class Interrupted extends Error {
  override name = "Interrupted";
}
