/**
 * Cornell Movie-Dialogs Corpus (Danescu-Niculescu-Mizil & Lee, CMCL 2011): exchanges between pairs of film characters.
 * Reads `movie_conversations.txt`, a line a conversation, and looks its lines up in `movie_lines.txt`; both in one
 * folder, or in the publisher's zip.
 */
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import type {Example, Turn} from "../../src/core/conversation.js";
import type {CornellConfig} from "../../src/core/study.js";
import {decodeMixed, openMovieLines, SEPARATOR} from "./cornell-lines.js";
import type {MovieLine, MovieLines} from "./cornell-lines.js";
import {examplesOf} from "./dialogue-responses.js";
import {streamLines} from "./line-stream.js";
import {inShort, misfit} from "./publisher-values.js";
import {drop, streamed} from "./reading.js";
import type {Reading, Tally} from "./reading.js";
import type {Source} from "./source-file.js";
import {extractMembers} from "./zip-members.js";

const LINES = "movie_lines.txt";
const CONVERSATIONS = "movie_conversations.txt";

/**
 * One dialogue a conversation: conversations of one film share characters, but no lines. Who speaks a response is its
 * `assistant`, whoever else speaks its `user`.
 */
export function readCornell(config: CornellConfig, sources: Source[]): Reading {
  return streamed(async function* (tally) {
    const unpacked = await mkdtemp(join(tmpdir(), "because-cornell-"));
    try {
      const files = await withoutZip(sources, unpacked);
      const lines = await openMovieLines(required(files, LINES));
      try {
        yield* conversationsIn(required(files, CONVERSATIONS), lines, config, tally);
      } finally {
        await lines.close();
      }
    } finally {
      await rm(unpacked, {recursive: true, force: true});
    }
  });
}

async function withoutZip(sources: Source[], folder: string): Promise<Source[]> {
  const files: Source[] = [];
  for (const source of sources)
    if (source.file.endsWith(".zip"))
      files.push(...(await extractMembers(source, [LINES, CONVERSATIONS], folder)));
    else files.push(source);
  return files;
}

function required(files: Source[], wanted: string): Source {
  const found = files.filter(({name}) => name.endsWith(wanted));
  if (found.length === 1) return found[0]!;
  throw new BadInput({
    where: files[0]?.name ?? wanted,
    expected: `${LINES} and ${CONVERSATIONS}, in one folder or zip`,
    found: `${found.length} files called ${wanted}`,
    mend: "Name the folder that holds both, or the publisher's zip, under `path`."
  });
}

async function* conversationsIn(
  source: Source,
  lines: MovieLines,
  {turn}: CornellConfig,
  tally: Tally
): AsyncGenerator<Example> {
  for await (const {number, text} of streamLines(source, decodeMixed)) {
    if (text.trim() === "") continue;
    const place = `${source.name}, line ${number}`;
    const [, , film, list] = text.split(SEPARATOR);
    const ids = [...(list ?? "").matchAll(/'([^']*)'/g)].map(([, id]) => id!);
    if (film === undefined || ids.length === 0)
      throw misfit(
        place,
        `two characters, a film and a list of lines, with “${SEPARATOR}” between`,
        inShort(text)
      );
    const spoken = await Promise.all(ids.map((id) => lines.line(id)));
    if (spoken.includes(null)) {
      tally.rows_read++;
      drop(tally, `the conversation has a line that ${LINES} lacks`);
    } else yield* examplesIn(`${film}-${ids[0]}`, spoken as MovieLine[], ids, turn, tally);
  }
}

/** Roles depend on who speaks the response, so each response is looked at with roles of its own. */
function* examplesIn(
  id: string,
  lines: MovieLine[],
  ids: string[],
  turn: CornellConfig["turn"],
  tally: Tally
): Generator<Example> {
  const places = turn === "all" ? lines.map((_, i) => i).slice(1) : [turn === "first" ? 1 : lines.length - 1];
  for (const place of places) {
    const speaker = lines[place]?.character;
    const turns = lines
      .slice(0, place + 1)
      .map(({character, text}): Turn => ({role: character === speaker ? "assistant" : "user", text}));
    yield* examplesOf({dialogue_id: id, turns, idOf: () => `${id}-${ids[place]}`}, "last", tally);
  }
}
