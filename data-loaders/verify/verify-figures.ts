/** Figures again, from the cubes that came out of the run logs. */
import {mkdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {exportFigures} from "../paper/export-figures.js";
import type {PaperOptions} from "../paper/formats.js";
import {readCubes} from "../site/study-tables.js";
import type {Opened} from "./recomputable.js";
import type {Finding} from "./verify-published.js";

const KIND = "figures";

interface Asked {
  figures: {name: string; files: string[]}[];
  asked: PaperOptions;
}

export async function verifyFigures({folder, integrity, scratch, remade}: Opened): Promise<Finding[]> {
  if (integrity.kind === "site") return [];
  const tables = remade.get("cubes");
  if (tables === undefined)
    return [
      {kind: KIND, name: "figures", verdict: "not recomputable", why: "the tables could not be made again"}
    ];
  const list = await listIn(folder);
  if (list === null)
    return [
      {kind: KIND, name: "figures/figures.json", verdict: "different", why: "it is no list of figures"}
    ];
  const again = join(scratch, "figures");
  await mkdir(again);
  const made = await exportFigures(readCubes(tables), list.asked, again);
  const files = new Set([...list.figures, ...made.figures].flatMap((figure) => figure.files));
  return Promise.all(
    [...files].map(async (file): Promise<Finding> => {
      const name = `figures/${file}`;
      const [published, own] = await Promise.all(
        [join(folder, "figures"), again].map((of) => readFile(join(of, file)).catch(() => null))
      );
      if (published && own && published.equals(own)) return {kind: KIND, name, verdict: "equal"};
      const why = !published
        ? "it is missing"
        : !own
          ? "nothing is drawn under this name"
          : "it is drawn otherwise";
      return {kind: KIND, name, verdict: "different", why};
    })
  );
}

async function listIn(folder: string): Promise<Asked | null> {
  try {
    const list = JSON.parse(await readFile(join(folder, "figures", "figures.json"), "utf8")) as Asked;
    return Array.isArray(list.figures) && Array.isArray(list.asked?.names) ? list : null;
  } catch {
    return null;
  }
}
