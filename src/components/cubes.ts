/**
 * A page's cubes, loaded as it needs them: first the parts that the address selects, then what a toggle asks for, and
 * in idle time what the next toggle may ask for. What was loaded once stays.
 */
import {joinParts, partFile, partsOf, partsWanted} from "../core/cube-parts.js";
import type {Wanted} from "../core/cube-parts.js";
import {CUBES} from "../core/cubes.js";
import type {CubeName, StudyFacts} from "../core/cubes.js";
import {decodeCube, gatherCubes} from "../core/cubes-reader.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {parseSelection} from "../core/selection.js";
import type {Selection} from "../core/selection.js";

/** Which cubes a page draws. The facts of the study come with every page. */
export type WantedCubes = Partial<Record<Exclude<CubeName, "study">, Wanted>>;

/** The cubes for the selection of the address, and the way to those for any other. */
export interface OpenedCubes extends AllCubes {
  /** At once where all that the selection needs is there, otherwise when it has come. Rejects where it cannot be had. */
  at(selection: Selection): AllCubes | Promise<AllCubes>;
}

/** Reads one of the study's files, as named by `partFile`. */
type Read = (file: string) => Promise<unknown>;

/** Loads what the page's address asks for. Rejects with the file's name where one cannot be had. */
export async function openCubes(wanted: WantedCubes, read: Read = readFile): Promise<OpenedCubes> {
  const study = decodeCube("study", await read(partFile("study"))) as StudyFacts;
  const at = loader(study, wanted, read);
  return {...(await at(parseSelection(location.search, study).selection)), at};
}

/** Whether these cubes can be asked for another selection. */
export function canLoad(cubes: AllCubes): cubes is OpenedCubes {
  return "at" in cubes;
}

function loader(study: StudyFacts, wanted: WantedCubes, read: Read): OpenedCubes["at"] {
  const files = new Map<string, Loading>();
  const gathered = new Map<string, AllCubes>();
  return (selection) => {
    const needed = CUBES.flatMap((cube) => {
      const wish = cube === "study" ? undefined : wanted[cube];
      return wish ? [{cube, files: filesOf(cube, wish, selection, study)}] : [];
    });
    const loading = needed.flatMap(({cube, files: names}) =>
      names.map((name) => load(files, name, () => read(name), cube))
    );
    const gather = (): AllCubes => {
      const key = needed.flatMap(({files: names}) => names).join(" ");
      const known = gathered.get(key);
      if (known) return known;
      const cubes = Object.fromEntries(
        needed.map(({cube, files: names}) => [cube, join(files, cube, names)])
      ) as Record<CubeName, unknown>;
      const all = gatherCubes({...EMPTY, ...cubes, study});
      gathered.set(key, all);
      return all;
    };
    return loading.every(({done}) => done)
      ? gather()
      : Promise.all(loading.map(({ended}) => ended)).then(gather);
  };
}

/** Every cube without content: what a page does not want. */
const EMPTY = Object.fromEntries(CUBES.map((cube) => [cube, decodeCube(cube, undefined)])) as Record<
  CubeName,
  unknown
>;

function filesOf(cube: CubeName, wish: Wanted, selection: Selection, study: StudyFacts): string[] {
  if (partsOf(cube, study).length === 0) return [partFile(cube)];
  return partsWanted(cube, wish, selection, study).map((part) => partFile(cube, part));
}

interface Loading {
  ended: Promise<void>;
  done: boolean;
  /** Rows, or a plain document. */
  content: unknown;
}

/** What is asked for twice is loaded once; what failed is asked for again. */
function load(
  files: Map<string, Loading>,
  name: string,
  read: () => Promise<unknown>,
  cube: CubeName
): Loading {
  const known = files.get(name);
  if (known) return known;
  const loading: Loading = {done: false, content: undefined, ended: Promise.resolve()};
  loading.ended = read().then(
    (document) => {
      loading.content = decodeCube(cube, document);
      loading.done = true;
    },
    (error: unknown) => {
      files.delete(name);
      throw error;
    }
  );
  files.set(name, loading);
  return loading;
}

/** Joined arrays are kept with their parts, so that the same parts give the same array, whose index then holds. */
const joined = new WeakMap<Map<string, Loading>, Map<string, unknown>>();

function join(files: Map<string, Loading>, cube: CubeName, names: string[]): unknown {
  const known = joined.get(files) ?? new Map<string, unknown>();
  joined.set(files, known);
  const key = names.join(" ");
  if (!known.has(key)) {
    const parts = names.map((name) => files.get(name)!.content);
    known.set(key, joinParts(cube, parts));
  }
  return known.get(key);
}

/** The study's files lie beside the page's modules, wherever the site is served. */
const FOLDER = new URL("../../_file/data/study/", import.meta.url);

async function readFile(file: string): Promise<unknown> {
  const version = document.querySelector<HTMLMetaElement>("meta[name=cubes]")?.content ?? "";
  const response = await fetch(new URL(`${file}?v=${version}`, FOLDER));
  if (!response.ok) throw new Error(`${file} of the study could not be loaded (${response.status}).`);
  return response.json();
}
