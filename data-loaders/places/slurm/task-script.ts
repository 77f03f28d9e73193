/** The script of an array job. Its argument is the array's token; all else is fixed when it is written. */
import {gpusOf} from "../../../src/core/places/slurm-place.js";
import type {SlurmPlace} from "../../../src/core/places/slurm-place.js";
import {quoteCommand} from "../shell-quote.js";
import {moduleCommand, type Site} from "../site.js";

/** A login shell, so that modules and the user's own profile are there; the task takes its place and gets its signals. */
export function taskScript(site: Site, place: SlurmPlace): string {
  const {container, container_python: python, commands, modules, requeues} = place;
  const [env = "", ...rest] = moduleCommand({...site, python: python ?? site.python}, "because_fleet", [
    "--root",
    site.root,
    "task",
    ...(commands ? ["--bin", commands] : []),
    ...(python ? ["--python", python] : []),
    "--requeues",
    String(requeues)
  ]);
  const device = gpusOf(place) > 0 ? "cuda" : "cpu"; // the place's own variables come after it and win
  const command = [...container, env, `BECAUSE_DEVICE=${device}`, ...rest];
  const loads = modules.map((module) => `${quoteCommand(["module", "load", module])} || exit`);
  const task = '"$1" "$SLURM_ARRAY_JOB_ID" "$SLURM_ARRAY_TASK_ID" "${SLURM_RESTART_COUNT:-0}"';
  return ["#!/bin/bash -l", ...loads, `exec ${quoteCommand(command)} ${task}`, ""].join("\n");
}
