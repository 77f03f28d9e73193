/** All that the cubes hold, system by system: what is remembered is recalled, and only what is not is made. */
import {armId, LABEL_ONLY, parseArm} from "../../src/core/arms.js";
import type {BaseLayers, EntropyCubes} from "./entropy-cubes.js";
import type {Making} from "./make-cubes.js";
import type {OutputCubes} from "./output-cubes.js";
import type {KnownMember, KnownSystem, Summarised} from "./summarise-runs.js";
import type {System} from "./systems.js";

const BASE = armId(LABEL_ONLY);

export interface SystemCubes {
  outputs: OutputCubes;
  /** Null of systems without recorded entropies. */
  entropies: EntropyCubes | null;
}

/** In the order of the systems. */
export async function makeSystems(making: Making, summarised: Summarised): Promise<SystemCubes[]> {
  const base = once(() => readBaseLayers(making, summarised));
  return Promise.all(
    summarised.systems.map(async (system) => {
      const [outputs, entropies] = await Promise.all([
        makeOutputs(making, summarised, system),
        makeEntropies(making, summarised, system, base)
      ]);
      return {outputs, entropies};
    })
  );
}

async function makeOutputs(
  {executor, memory}: Making,
  {systems, withSummaries}: Summarised,
  system: KnownSystem
): Promise<OutputCubes> {
  const none: KnownSystem = {...system, members: []};
  const find = (id: string | null) =>
    systems.find((other) => other.system === id && other.system !== system.system) ?? none;
  const isArm = system.kind === "arm";
  const sides = [system, isArm ? find(BASE) : none, isArm ? find(explanationBeside(system.system)) : none];
  const depends = sides.map(({members}) => members.map(({key}) => key));
  const remember = memory.place("outputs", [system.system, depends]);
  const known = remember && (await executor.run({kind: "outputs", task: null, remember}));
  if (known) return known;
  const [own, base, rival] = (await Promise.all(sides.map(withSummaries))) as [System, System, System];
  const task = {system: own, base: base.members, rival: rival.members};
  return (await executor.run({kind: "outputs", task, remember}))!;
}

/** Depends on the seeds that recorded entropies, and on label-only's. */
async function makeEntropies(
  {executor, memory}: Making,
  {systems, withSummaries}: Summarised,
  system: KnownSystem,
  readBase: () => Promise<BaseLayers>
): Promise<EntropyCubes | null> {
  const arm = system.system;
  const recorded = (from: KnownMember[]) => from.filter((member) => member.recorded);
  const members = recorded(system.members);
  if (system.kind !== "arm" || members.length === 0) return null;
  const seeds = new Set(members.map(({seed}) => seed));
  const base = systems.find(({system: id}) => id === BASE)?.members.filter(({seed}) => seeds.has(seed)) ?? [];
  const depends = [members, recorded(base)].map((own) => own.map(({key}) => key));
  const remember = memory.place("entropies", [arm, depends]);
  const known = remember && (await executor.run({kind: "entropies", task: null, remember}));
  if (known) return known;
  const layers = await readBase();
  const {members: summarised} = await withSummaries({...system, members});
  return executor.run({kind: "entropies", task: {arm, members: summarised, base: layers}, remember});
}

/** Entropies of label-only, which those of every arm are compared with. */
async function readBaseLayers({executor}: Making, {systems}: Summarised): Promise<BaseLayers> {
  const found: BaseLayers = {bySeed: {}, unreadable: []};
  const members = systems.find(({system}) => system === BASE)?.members.filter(({recorded}) => recorded) ?? [];
  await Promise.all(
    members.map(async ({system, kind, seed, runs, recorded}) => {
      const unit = {system, kind, seed, runs, recorded};
      const {values, problem} = await executor.run({kind: "layers", unit});
      if (values) found.bySeed[seed] = values;
      if (problem !== null) for (const {run} of runs) found.unreadable.push({run, reason: problem});
    })
  );
  return found;
}

/** The arm that differs only in that its explanation is the real one; null for that arm itself. */
function explanationBeside(system: string): string | null {
  const arm = parseArm(system);
  return arm.mode === "explanation" || arm.mode === "label-only"
    ? null
    : armId({...arm, mode: "explanation"});
}

/** The same promise to everybody who asks. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
