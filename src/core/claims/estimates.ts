/** An estimate as a claim prints it: value, interval, or both. */
import type {Interval} from "../statistics/cluster-bootstrap.js";
import {NOT_KNOWN} from "./claim.js";
import type {ClaimResult, Provenance} from "./claim.js";

export interface Estimate {
  value: number | null | undefined;
  interval: Interval;
  /** As the notebook prints it. */
  print: {value: (value: number) => string; interval: (low: number, high: number) => string};
  show: string | undefined;
  provenance: Provenance;
}

/** The claim of an estimate. Where the value is not known it says so, and so where an interval alone is asked for and there is none. */
export function estimated({value, interval, print, show = "both", provenance}: Estimate): ClaimResult {
  const known = value !== null && value !== undefined;
  const {low, high} = interval;
  const ends = known && low !== null && high !== null ? {low, high} : null;
  const texts = {
    value: known ? print.value(value) : NOT_KNOWN,
    interval: ends ? print.interval(ends.low, ends.high) : ""
  };
  const text =
    show === "value"
      ? texts.value
      : show === "interval"
        ? texts.interval || NOT_KNOWN
        : [texts.value, texts.interval].filter(Boolean).join(" ");
  return {value: known ? value : null, interval: ends, text, provenance};
}

/** No interval. */
export const NONE: Interval = {low: null, high: null};
