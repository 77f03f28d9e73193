// @ts-check
/** Entry of a thread of the tables stage: threads don't inherit the loader of TypeScript. */
import {register} from "tsx/esm/api";

register();
await import(new URL("table-thread.ts", import.meta.url).href);
