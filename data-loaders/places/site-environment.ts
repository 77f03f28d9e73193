/** The Python environment of a place: made once for all that pins the trainer's libraries, by one process at a time. */
import {BadInput} from "../../src/core/bad-input.js";
import {atHome} from "./home.js";
import {lastLine} from "./link-troubles.js";
import {siteVariables, type Site} from "./site.js";
import {LinkLost} from "./transport.js";

type Base = Omit<Site, "python" | "version">;

interface EnvironmentOptions {
  log: (line: string) => void;
  signal?: AbortSignal;
}

/** Tries to hear the end of a set-up whose link breaks meanwhile: it goes on at the place. */
const TRIES = 20;

/**
 * The interpreter of the place's environment, which is made where it is missing. The set-up goes on at the place when the
 * link breaks, and is then followed again.
 *
 * @throws BadInput with pip's last words
 */
export async function makeEnvironment(
  site: Base,
  folder: string,
  {log, signal}: EnvironmentOptions
): Promise<string> {
  const {transport, config, root} = site;
  const python = `${folder}/bin/python`;
  if ((await transport.run(["test", "-e", `${folder}/because.json`], {signal})).code === 0) return python;
  log(`Making a Python environment at ${transport.title}, once …`);
  const options = [
    ...(config.wheels ? ["--wheels", await atHome(transport, config.wheels)] : []),
    ...(config.torch_index ? ["--torch-index", config.torch_index] : [])
  ];
  const command = [
    "env",
    ...siteVariables(site),
    await atHome(transport, config.python),
    "-m",
    "because_fleet",
    "--root",
    root,
    "environment",
    folder,
    ...options
  ];
  for (let left = TRIES; ; left--) {
    let said = "";
    try {
      const code = await transport.follow(
        command,
        (text) => {
          said = (said + text).slice(-8000);
          for (const line of text.split("\n")) if (/^(?:Making|Installing|Waiting)/.test(line)) log(line);
        },
        {signal}
      );
      if (code === 0) return python;
      throw failed(site, said);
    } catch (error) {
      if (!(error instanceof LinkLost) || left === 0) throw error;
    }
  }
}

function failed({name, config}: Base, said: string): BadInput {
  return new BadInput({
    where: `place ${name}`,
    expected: "a Python environment with the trainer's libraries",
    found: lastLine(said) || `no answer of ${config.python}`,
    mend: config.wheels
      ? "Check that the folder of `wheels` holds all of remote-trainer/requirements*.txt for that Python, and start again."
      : "Give `python`, `torch_index`, or `wheels` in the places file (docs/places.md), and start again."
  });
}
