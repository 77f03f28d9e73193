/**
 * Dawid and Skene's model of raters who err: each item has one true label, drawn from common shares; each rater gives
 * label l to an item of label k with a probability of its own, whatever the other raters say. Fitted by expectation
 * maximisation from the shares of the votes, with a small Dirichlet prior that keeps a rater with few votes from being
 * certain of anything, and expects raters to be right rather than wrong: without, labels could change their names, and a
 * lone vote would say nothing. Deterministic.
 *
 * Source: Dawid & Skene (1979), Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm, Applied
 * Statistics 28, 20–28; equations 2.3 (rates), 2.4 (shares) and 2.5 (posterior).
 */

export interface LabelVotes {
  items: number;
  raters: number;
  labels: number;
  /** Items × raters: place of the label, from 0; −1 where there is no vote. */
  votes: ArrayLike<number>;
}

export interface DawidSkene {
  /** Items × labels: probability of each label; the shares where an item has no vote. */
  posterior: Float64Array;
  /** Probability of each label before any vote. */
  shares: Float64Array;
  /** Raters × true labels × labels given. */
  rates: Float64Array;
  /** What the steps climb: log-likelihood plus log-prior, up to a constant. */
  objective: number;
  steps: number;
  /** Whether the objective had stopped rising within the bound on steps. */
  converged: boolean;
}

export interface EmOptions {
  /** Pseudo-counts that each row of a rater's rates, and the shares, are given in all, spread evenly. */
  smoothing?: number;
  /** Pseudo-counts of each rater giving each label where it is true. */
  trust?: number;
  /** Most steps. */
  most?: number;
  /** Rise of the objective a vote, below which steps end. */
  tolerance?: number;
}

/** Fits the model. Labels that nobody gave keep the prior's small probability. */
export function dawidSkene(
  data: LabelVotes,
  {smoothing = 1, trust = 1, most = 200, tolerance = 1e-8}: EmOptions = {}
): DawidSkene {
  const posterior = voteShares(data);
  const counted = Array.from(data.votes).filter((vote) => vote >= 0).length;
  let [objective, steps, converged] = [-Infinity, 0, counted === 0];
  const prior = priorOf(data, smoothing, trust);
  let model = maximise(data, posterior, prior);
  while (!converged && steps < most) {
    const reached = expect(data, model, posterior) + logPrior(model, prior);
    steps += 1;
    converged = reached - objective <= tolerance * counted;
    objective = reached;
    if (!converged) model = maximise(data, posterior, prior);
  }
  return {posterior, ...model, objective, steps, converged};
}

interface Model {
  shares: Float64Array;
  rates: Float64Array;
}

/** Pseudo-counts, laid out as the model. */
function priorOf({raters, labels}: LabelVotes, smoothing: number, trust: number): Model {
  const even = smoothing / labels;
  const rates = Float64Array.from({length: raters * labels * labels}, (_, i) => {
    const within = i % (labels * labels);
    return even + (Math.floor(within / labels) === within % labels ? trust : 0);
  });
  return {shares: new Float64Array(labels).fill(even), rates};
}

/** Where the steps start: the share of an item's votes that each label has; alike where it has none. */
function voteShares({items, raters, labels, votes}: LabelVotes): Float64Array {
  const shares = new Float64Array(items * labels);
  for (let item = 0; item < items; ++item) {
    let count = 0;
    for (let rater = 0; rater < raters; ++rater) {
      const vote = votes[item * raters + rater]!;
      if (vote < 0) continue;
      shares[item * labels + vote]! += 1;
      count += 1;
    }
    for (let label = 0; label < labels; ++label)
      shares[item * labels + label] = count > 0 ? shares[item * labels + label]! / count : 1 / labels;
  }
  return shares;
}

/** The M step: shares and rates from expected counts. Items without a vote say nothing. */
function maximise({items, raters, labels, votes}: LabelVotes, posterior: Float64Array, prior: Model): Model {
  const shares = prior.shares.slice();
  const rates = prior.rates.slice();
  for (let item = 0; item < items; ++item) {
    let voted = false;
    for (let rater = 0; rater < raters; ++rater) {
      const vote = votes[item * raters + rater]!;
      if (vote < 0) continue;
      voted = true;
      for (let label = 0; label < labels; ++label)
        rates[(rater * labels + label) * labels + vote]! += posterior[item * labels + label]!;
    }
    if (voted)
      for (let label = 0; label < labels; ++label) shares[label]! += posterior[item * labels + label]!;
  }
  normalise(shares, labels);
  normalise(rates, labels);
  return {shares, rates};
}

/** Makes each run of so many numbers add up to 1. */
function normalise(numbers: Float64Array, length: number): void {
  for (let from = 0; from < numbers.length; from += length) {
    let sum = 0;
    for (let i = from; i < from + length; ++i) sum += numbers[i]!;
    for (let i = from; i < from + length; ++i) numbers[i] = sum > 0 ? numbers[i]! / sum : 1 / length;
  }
}

/** The E step: fills the posterior, and returns the log-likelihood of all votes. */
function expect({items, raters, labels, votes}: LabelVotes, model: Model, posterior: Float64Array): number {
  const logShares = model.shares.map(Math.log);
  const logRates = model.rates.map(Math.log);
  const own = new Float64Array(labels);
  let likelihood = 0;
  for (let item = 0; item < items; ++item) {
    own.set(logShares);
    let voted = false;
    for (let rater = 0; rater < raters; ++rater) {
      const vote = votes[item * raters + rater]!;
      if (vote < 0) continue;
      voted = true;
      for (let label = 0; label < labels; ++label)
        own[label]! += logRates[(rater * labels + label) * labels + vote]!;
    }
    const top = own.reduce((a, b) => Math.max(a, b), -Infinity);
    let sum = 0;
    for (let label = 0; label < labels; ++label) sum += Math.exp(own[label]! - top);
    for (let label = 0; label < labels; ++label)
      posterior[item * labels + label] = Math.exp(own[label]! - top) / sum;
    if (voted) likelihood += top + Math.log(sum);
  }
  return likelihood;
}

/** Log-density of the Dirichlet prior, up to a constant. */
function logPrior({shares, rates}: Model, prior: Model): number {
  let sum = 0;
  shares.forEach((share, i) => (sum += prior.shares[i]! > 0 ? prior.shares[i]! * Math.log(share) : 0));
  rates.forEach((rate, i) => (sum += prior.rates[i]! > 0 ? prior.rates[i]! * Math.log(rate) : 0));
  return sum;
}
