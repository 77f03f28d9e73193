/** Why a run failed, in words. */
import type {Manifest} from "./contract.js";

/** What each kind of failure is called, and how the study can help it. */
export const FAILURES: Record<NonNullable<Manifest["cause"]>, {title: string; mend: string}> = {
  "out-of-memory": {
    title: "out of memory",
    mend: "Lower execution.micro_batch or training.max_tokens, or set execution.gradient_checkpointing."
  },
  diverged: {title: "diverged", mend: "Lower training.learning_rate or training.clip."},
  "bad-input": {title: "input to mend", mend: ""},
  error: {title: "", mend: ""}
};

/** The reason that a manifest gives, with what kind of failure it was and, where the study can help it, how. */
export function describeFailure({reason, cause = "error"}: Pick<Manifest, "reason" | "cause">): string {
  const {title, mend} = FAILURES[cause];
  return [title ? `${title}: ${reason}` : reason, mend].filter(Boolean).join(" ");
}
