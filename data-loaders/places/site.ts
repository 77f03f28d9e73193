/** A place that was reached: its folder, its Python, the trainer that was sent, and how to ask about runs there. */
import {BadInput} from "../../src/core/bad-input.js";
import type {PlaceConfig} from "../../src/core/places.js";
import {lastLine} from "./link-troubles.js";
import type {Answer, CommandOptions, Transport} from "./transport.js";

export interface Site {
  /** What the user calls the place. */
  name: string;
  config: PlaceConfig;
  transport: Transport;
  /** Whole path of the place's folder. */
  root: string;
  /** Interpreter that has the trainer's libraries. */
  python: string;
  /** Folder at the place that holds the packages because_trainer and because_fleet. */
  package: string;
  /** The trainer's version, which is part of every run's id. */
  version: string;
}

/** Environment of everything that is started at a place. */
export function siteVariables({package: folder, config, root}: Omit<Site, "python" | "version">): string[] {
  const own = {...config.variables, BECAUSE_MODELS: `${root}/models`, PYTHONPATH: folder};
  return Object.entries(own).map(([name, value]) => `${name}=${value}`);
}

/** A command line that runs a module of the sent packages. */
export function moduleCommand(site: Site, module: string, args: readonly string[]): string[] {
  return ["env", ...siteVariables(site), "PYTHONDONTWRITEBYTECODE=1", site.python, "-m", module, ...args];
}

/**
 * Asks `because_fleet` at the place. `input` goes to it as JSON; every line that it answers is JSON.
 *
 * @throws Error with its last words where it fails, LinkLost where the link does not come back
 */
export async function askFleet<T>(
  site: Site,
  args: readonly string[],
  input?: unknown,
  options: Omit<CommandOptions, "input"> = {}
): Promise<T[]> {
  const answer = await site.transport.run(
    moduleCommand(site, "because_fleet", ["--root", site.root, ...args]),
    {
      ...options,
      input: input === undefined ? undefined : JSON.stringify(input)
    }
  );
  if (answer.code !== 0) throw fleetProblem(site, answer);
  return answer.stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as T);
}

function fleetProblem({name, root}: Site, {code, stderr}: Answer): Error {
  const said = lastLine(stderr);
  if (/No space left on device|Disk quota exceeded/i.test(stderr))
    return new BadInput({
      where: `place ${name}, the disk of ${root}`,
      expected: "room for jobs and runs",
      found: "a full disk",
      mend: "Free some space there and start again; nothing that was finished is lost."
    });
  return new Error(`Place ${name}: its command ended with exit code ${code}${said ? `: ${said}` : ""}`);
}
