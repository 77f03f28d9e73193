/** Sections of a report that fill themselves, by the name that a report calls them. Each is Markdown whose numbers are claims. */
import type {AllCubes} from "../cubes-reader.js";
import {data} from "./sections/data.js";
import {hypotheses} from "./sections/hypotheses.js";
import {limitations} from "./sections/limitations.js";
import {methods} from "./sections/methods.js";
import {compute, environment, hyperParameters} from "./sections/settings-and-cost.js";

export const SECTIONS: Readonly<Record<string, (cubes: AllCubes) => string>> = {
  hypotheses,
  methods,
  data,
  "hyper-parameters": hyperParameters,
  compute,
  environment,
  limitations
};
