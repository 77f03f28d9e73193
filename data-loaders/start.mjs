#!/usr/bin/env node
// @ts-check
/** `npm start`: installs what is missing, then runs the study, builds the notebook and serves it. */
import {launch} from "./setup/launch.mjs";

await launch("data-loaders/cli.ts", ["start", ...process.argv.slice(2)]);
