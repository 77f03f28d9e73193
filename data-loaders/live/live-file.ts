/** What a pipeline notes of its runs while it follows them, for whoever looks at the store meanwhile. */
import {readdir, readFile, stat} from "node:fs/promises";
import {basename, join} from "node:path";
import {z} from "zod";
import {RUN_STATUSES, type LiveStudy} from "../../src/core/live.js";
import type {Store} from "../stages/store.js";

/** Seconds after which what a pipeline left behind is no news. */
const NEWS_SECONDS = 86_400;

const LiveFile = z.object({
  title: z.string(),
  stage: z.string(),
  place: z.string(),
  at: z.number(),
  ended: z.boolean(),
  runs: z.array(
    z.object({
      run: z.string(),
      title: z.string(),
      status: z.enum(RUN_STATUSES),
      word: z.string(),
      step: z.number().nullable(),
      steps: z.number(),
      tokens_per_second: z.number().nullable(),
      losses: z.array(z.object({step: z.number(), loss: z.number(), time: z.number()}))
    })
  )
});

/** The file of one study in a store. */
export const liveFile = (store: Pick<Store, "path">, study: string): string =>
  store.path("live", `${study}.json`);

/** What a file says; null where there is none that can be read. */
export async function readLive(file: string): Promise<LiveStudy | null> {
  const id = basename(file, ".json");
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return null;
  try {
    return {id, ...LiveFile.parse(JSON.parse(text))};
  } catch {
    return null;
  }
}

/** All studies of a store that were followed within a day, the latest first. */
export async function liveStudies(store: Pick<Store, "path">): Promise<LiveStudy[]> {
  const folder = store.path("live");
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json"));
  const found = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      const age = Date.now() / 1000 - (await stat(file)).mtimeMs / 1000;
      return age < NEWS_SECONDS ? readLive(file) : null;
    })
  );
  return found.filter((study) => study !== null).sort((a, b) => b.at - a.at);
}
