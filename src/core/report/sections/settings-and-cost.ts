/** Hyper-parameters, what it took, and what it ran on. */
import {settingsOf} from "../../claims/settings.js";
import type {AllCubes} from "../../cubes-reader.js";
import {blocks, claim, plain, sentence, setting, table} from "../markdown-text.js";

/** Keys that decide what is learned or measured, by their beginning; the rest is data, or where and how runs are carried out. */
const DECIDING = /^(seed|seeds|regime|split|arms|model|adapter|warm_up|training|capture)(\.|$)/;

/** How often a run saves its state changes nothing that is learned. */
const INERT = new Set(["training.checkpoint_every", "training.keep_model"]);

export function hyperParameters({study}: AllCubes): string {
  const keys = [...settingsOf(study).keys()].filter((key) => DECIDING.test(key) && !INERT.has(key));
  if (keys.length === 0) return "The study's file is not at hand.";
  return table(
    ["Key of the study file", "Value"],
    keys.map((key) => [`\`${key}\``, setting(study, key)])
  );
}

export function compute({runs}: AllCubes): string {
  if (!runs.some(({status}) => status === "done")) return sentence("runs");
  const memory = runs.some(({peak_device_memory_bytes}) => peak_device_memory_bytes !== null)
    ? `${claim("compute", {of: "memory"})} of memory, and ${claim("compute", {of: "device-memory"})} on the GPU that held most`
    : `${claim("compute", {of: "memory"})} of memory`;
  return blocks(
    `${sentence("runs")} Of the time, ${claim("compute", {of: "training"})} went into training and ${claim("compute", {of: "scoring"})} into scoring. ` +
      `The largest run took ${memory}. ${sentence("training-time")}`
  );
}

export function environment({runs}: AllCubes): string {
  if (!runs.some(({kind, status}) => kind === "train" && status === "done"))
    return plain("No training is done yet, so there is no environment to tell of.");
  const of = (what: string) => claim("environment", {of: what});
  const execution = runs.some((run) => run.execution !== "") ? ` Carried out with: ${of("execution")}.` : "";
  return (
    `Trainings ran on ${of("devices")}, with ${of("libraries")}, under version ${of("trainer")} of the trainer.${execution} ` +
    sentence("noise-detail")
  );
}
