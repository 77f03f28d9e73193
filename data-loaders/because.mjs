#!/usr/bin/env node
// @ts-check
/** `npx because …`: the same set-up as `npm start`, then the command with the arguments as they are. */
import {launch} from "./setup/launch.mjs";

await launch("data-loaders/cli.ts", process.argv.slice(2));
