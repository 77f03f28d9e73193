import {createColors} from "picocolors";

/**
 * Colours for what is written to a stream: only where a person reads it on a terminal, whatever `CI` says, since logs
 * and pipes would hold the escape codes. `NO_COLOR` and `FORCE_COLOR` have the last word.
 */
export const coloursFor = (stream: {isTTY?: boolean}): ReturnType<typeof createColors> => {
  const {NO_COLOR, FORCE_COLOR} = process.env;
  return createColors(NO_COLOR ? false : FORCE_COLOR ? FORCE_COLOR !== "0" : stream.isTTY === true);
};
