/** `npm run generate`: writes the files that are made from code. */
import {join} from "node:path";
import {writeAtomically} from "../stages/atomic-files.js";
import {PROJECT} from "../stages/store.js";
import {GENERATED} from "./generated-files.js";

for (const {file, text} of GENERATED) {
  await writeAtomically(join(PROJECT, file), text());
  process.stdout.write(`${file}\n`);
}
