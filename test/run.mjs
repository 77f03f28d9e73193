// @ts-check
/** `npm test [-- part …]`: the same set-up as `npm start`, then the parts of the suite in order. */
import {launch} from "../data-loaders/setup/launch.mjs";

const launched = await launch("test/runner/main.ts", process.argv.slice(2));
if (!launched) process.stdout.write("0 passed, 1 failed, 0 skipped\n");
