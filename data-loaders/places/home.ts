/** Paths below the home of the user at a place. */
import {lastLine} from "./link-troubles.js";
import type {Transport} from "./transport.js";

/** A path without `~`, which no program reads but a shell. */
export async function atHome(transport: Transport, path: string): Promise<string> {
  if (!path.startsWith("~")) return path;
  const {stdout} = await transport.run(["sh", "-c", 'printf "%s\\n" "$HOME"']);
  return `${lastLine(stdout)}${path.slice(1)}`;
}
