/** Named sizes of models trained from scratch: Llama blocks with tied embeddings. */
import type {SCRATCH_SIZES} from "./study.js";

export interface ModelSize {
  /** Units of the residual stream. */
  hidden: number;
  layers: number;
  heads: number;
  /** Units of the feed-forward part. */
  feed_forward: number;
}

/** With a vocabulary of 2,048: about 0.1, 0.24 and 1.1 million parameters. */
export const MODEL_SIZES: Record<(typeof SCRATCH_SIZES)[number], ModelSize> = {
  tiny: {hidden: 32, layers: 2, heads: 2, feed_forward: 96},
  small: {hidden: 64, layers: 2, heads: 4, feed_forward: 192},
  medium: {hidden: 128, layers: 4, heads: 4, feed_forward: 384}
};
