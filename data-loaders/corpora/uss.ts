/**
 * USS (Sun et al., SIGIR 2021): satisfaction on five levels in MultiWOZ, SGD, CCPE and ReDial. Reads `MWOZ.txt` and
 * its siblings as published: dialogues apart by blank lines, lines of `role TAB text TAB action TAB scores`.
 *
 * The scores stand on user lines. They are read as the user's satisfaction with the system turn right before: the
 * authors' own baselines predict them from the turns before that user line, without the line itself.
 */
import {BadInput} from "../../src/core/bad-input.js";
import type {Turn} from "../../src/core/conversation.js";
import {drop, emptyReading} from "./reading.js";
import type {WholeReading} from "./reading.js";
import {readLines} from "./source-file.js";
import type {Source} from "./source-file.js";
import type {Line} from "./line-stream.js";

/** The one scale of the set. */
const SCALE = "Satisfaction";
/** In place of its text, marks the line that rates the whole dialogue. */
const WHOLE_DIALOGUE = "OVERALL";
const ROLES: Record<string, string> = {USER: "user", SYSTEM: "assistant"};

interface Utterance extends Turn {
  /** Empty where nobody rated. */
  scores: number[];
}

/** One example a system turn that answers something and is followed by a rated user line. */
export async function readUss(source: Source): Promise<WholeReading> {
  const reading = emptyReading();
  const dialogues = dialoguesOf(await readLines(source), source.name);
  dialogues.forEach((utterances, i) =>
    readDialogue(utterances, `dialogue-${String(i).padStart(4, "0")}`, reading)
  );
  return reading;
}

function readDialogue(utterances: Utterance[], dialogue_id: string, reading: WholeReading): void {
  utterances.forEach(({text, scores}, i) => {
    if (scores.length === 0) return;
    reading.rows_read++;
    const rated = utterances[i - 1];
    const reason = reasonToDrop(text, i, rated);
    if (reason !== null || rated === undefined) return drop(reading, reason ?? "");
    reading.examples.push({
      example_id: `${dialogue_id}-${String(i).padStart(3, "0")}`,
      dialogue_id,
      turns: utterances.slice(0, i - 1).map(({role, text}) => ({role, text})),
      response: rated.text,
      scores: {[SCALE]: scores}
    });
  });
}

function reasonToDrop(text: string, i: number, rated: Utterance | undefined): string | null {
  if (text === WHOLE_DIALOGUE) return "a rating of a whole dialogue";
  if (rated?.role !== "assistant") return "the rated user line follows no system turn";
  if (rated.text === "") return "the response is empty";
  return i === 1 ? "the response opens the dialogue" : null;
}

/** Lines in groups between blank lines. */
function dialoguesOf(lines: Line[], path: string): Utterance[][] {
  const dialogues: Utterance[][] = [[]];
  for (const line of lines) {
    if (line.text.trim() !== "") dialogues.at(-1)!.push(utteranceOf(line, path));
    else if (dialogues.at(-1)!.length > 0) dialogues.push([]);
  }
  return dialogues.filter((utterances) => utterances.length > 0);
}

function utteranceOf({text: line, number}: Line, path: string): Utterance {
  const [speaker = "", text, , scores = ""] = line.split("\t");
  const role = ROLES[speaker.trim()];
  const problem = (expected: string, found: string) =>
    new BadInput({
      where: `${path}, line ${number}`,
      expected,
      found,
      mend: "Check that `reader` names the file's format, and that the file is as its publisher gave it out."
    });
  if (role === undefined || text === undefined)
    throw problem("USER or SYSTEM, a tab, and the text, as in the format of USS", `“${line.slice(0, 40)}”`);
  const rated = role === "user" && scores.trim() !== "";
  const numbers = rated ? scores.split(",").map(Number) : [];
  if (numbers.some((score) => !Number.isInteger(score)))
    throw problem(
      "whole-number scores with commas between, in the fourth column",
      `“${scores.slice(0, 40)}”`
    );
  return {role, text: text.trim(), scores: numbers};
}
