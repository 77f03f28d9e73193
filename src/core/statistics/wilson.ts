/** The score interval of a share: it stays within 0 and 1, and is not empty where all are right or all wrong. */
import type {Interval} from "./cluster-bootstrap.js";

/** 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * 95 % interval of a share that was seen in `n` independent trials; nulls where there are none. `n` need not be whole:
 * dependent trials count for fewer.
 *
 * @param quantile - 97.5 % point of the distribution: the normal one's, unless the variance is itself estimated.
 *
 * E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22, 209–212.
 */
export function wilsonInterval(share: number, n: number, quantile = Z): Interval {
  if (!(n > 0)) return {low: null, high: null};
  const z2 = quantile * quantile;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (quantile * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  return {low: Math.max(0, centre - half), high: Math.min(1, centre + half)};
}
