/** Single files of a zip, unpacked into a folder as they are read. */
import {createReadStream} from "node:fs";
import {open} from "node:fs/promises";
import type {FileHandle} from "node:fs/promises";
import {basename, join} from "node:path";
import {Unzip, UnzipInflate} from "fflate";
import {BadInput} from "../../src/core/bad-input.js";
import type {Source} from "./source-file.js";

interface Member {
  source: Source;
  handle: FileHandle;
  /** Unpacked and not yet written. */
  waiting: Uint8Array[];
  whole: boolean;
}

/**
 * Writes the members of these names, in whichever folder of the zip they are, into `folder`. Throws BadInput on a zip
 * that is damaged or breaks off inside one of them.
 */
export async function extractMembers(zip: Source, names: string[], folder: string): Promise<Source[]> {
  const found: string[] = [];
  const members = new Map<string, Member>();
  const broken = (problem: string): BadInput => notWhole(zip.name, problem);
  const unzip = new Unzip((file) => {
    const name = basename(file.name);
    if (!names.includes(name) || file.name.startsWith("__MACOSX")) return;
    found.push(file.name);
    const member = members.get(name);
    if (!member) return;
    file.ondata = (error, data, final) => {
      if (error) throw broken(error.message);
      member.waiting.push(data);
      member.whole ||= final;
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  try {
    for (const name of names)
      members.set(name, {
        source: {file: join(folder, name), name: `${zip.name}/${name}`},
        handle: await open(join(folder, name), "w"),
        waiting: [],
        whole: false
      });
    for await (const chunk of createReadStream(zip.file)) {
      push(unzip, chunk as Buffer, broken);
      for (const member of members.values())
        for (const data of member.waiting.splice(0)) await member.handle.writeFile(data);
    }
  } finally {
    for (const {handle} of members.values()) await handle.close();
  }
  const cut = [...members.values()].find(({source, whole}) => found.includes(source.name) && !whole);
  if (cut) throw broken(`one that breaks off inside ${cut.source.name}`);
  return [...members.values()].filter(({whole}) => whole).map(({source}) => source);
}

function push(unzip: Unzip, chunk: Buffer, broken: (problem: string) => BadInput): void {
  try {
    unzip.push(chunk);
  } catch (error) {
    throw error instanceof BadInput ? error : broken((error as Error).message);
  }
}

function notWhole(name: string, problem: string): BadInput {
  return new BadInput({
    where: name,
    expected: "a whole zip",
    found: problem,
    mend: "It was cut off or damaged while it was copied or downloaded; fetch it again."
  });
}
