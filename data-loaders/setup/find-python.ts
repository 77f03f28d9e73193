import {BadInput} from "../../src/core/bad-input.js";
import {capture} from "./capture.js";
import {isolated, type Machine} from "./environment.js";

/** The oldest Python that the pinned trainer packages run on. */
export const OLDEST_PYTHON = [3, 10] as const;
/** Tried in this order; what `python3` is comes first, because that is what its user means. */
const COMMANDS = ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python3.14", "python"];

export interface Python {
  /** Command as found: a name on the PATH, or what BECAUSE_PYTHON says. */
  command: string;
  /** The interpreter's own path. */
  executable: string;
  /** Major, minor, patch. */
  version: [number, number, number];
  /** Whether the standard library has all that a virtual environment with pip needs. */
  venv: boolean;
}

// Runs on Python 2.7 and all of 3, so that an old one is named as old and not as broken.
const PROBE = `
import json, sys
try:
    import venv, ensurepip
    whole = True
except ImportError:
    whole = False
print(json.dumps({"executable": sys.executable, "version": list(sys.version_info[:3]), "venv": whole}))
`;

/** Asks one command what it is; undefined where it is not there, or not a Python that runs. */
export async function probePython(command: string, machine: Machine): Promise<Python | undefined> {
  const {code, stdout} = await capture(command, ["-c", PROBE], {env: isolated(machine.env)});
  if (code !== 0) return undefined;
  try {
    return {command, ...(JSON.parse(stdout) as Omit<Python, "command">)};
  } catch {
    return undefined;
  }
}

/** `3.11.7` */
export const versionText = ({version}: Pick<Python, "version">): string => version.join(".");

/** Whether a Python is new enough for the trainer. */
export const newEnough = ({version: [major, minor]}: Python): boolean =>
  major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]);

/**
 * The first Python that can carry the trainer: BECAUSE_PYTHON and nothing else where that is set, otherwise the usual
 * names on the PATH.
 *
 * @throws BadInput where none is found, all are too old, or none can make a virtual environment
 */
export async function findPython(machine: Machine): Promise<Python> {
  const named = machine.env.BECAUSE_PYTHON;
  const found: Python[] = [];
  for (const command of named ? [named] : COMMANDS) {
    const python = await probePython(command, machine);
    if (!python) continue;
    if (newEnough(python) && python.venv) return python;
    found.push(python);
  }
  throw noPython(found, named, machine.platform);
}

function noPython(found: Python[], named: string | undefined, platform: NodeJS.Platform): BadInput {
  const where = named ? `Python (BECAUSE_PYTHON=${named})` : "Python";
  const oldest = OLDEST_PYTHON.join(".");
  const expected = `Python ${oldest} or newer with venv`;
  const withoutVenv = found.find(newEnough);
  if (withoutVenv) {
    const version = withoutVenv.version.slice(0, 2).join(".");
    return new BadInput({
      where,
      expected,
      found: `${withoutVenv.executable} (${versionText(withoutVenv)}) without venv or ensurepip`,
      mend:
        platform === "linux"
          ? `Install them (Debian, Ubuntu: apt install python3-venv, or python${version}-venv), and start again.`
          : "Install Python from https://www.python.org, which has them, and start again."
    });
  }
  const install =
    platform === "darwin"
      ? "brew install python, or https://www.python.org"
      : "Debian, Ubuntu: apt install python3 python3-venv";
  return new BadInput({
    where,
    expected,
    found:
      found.length > 0
        ? `only ${found.map((python) => `${python.executable} (${versionText(python)})`).join(", ")}`
        : named
          ? "no Python that runs there"
          : "none on the PATH",
    mend: `Install it (${install}), or set BECAUSE_PYTHON to the path of one, and start again.`
  });
}
