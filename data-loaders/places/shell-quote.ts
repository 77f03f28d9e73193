/** One command line from a list of arguments, for the shell at the other end of a link. */

/** Words that mean themselves in every shell. */
const PLAIN = /^[A-Za-z0-9_./:=@%+,-]+$/;

/**
 * A word that a shell reads as exactly this argument: sh, bash, dash, zsh, ksh and fish. Quotes, backslashes and
 * exclamation marks stand outside of quotes, since shells differ in what they mean within.
 *
 * @throws Error where the argument holds a NUL, which no argument can
 */
export function quoteArgument(argument: string): string {
  if (argument.includes("\0")) throw new Error("an argument of a command cannot hold a NUL character");
  if (argument === "") return "''";
  if (PLAIN.test(argument)) return argument;
  return argument.replace(/[^'\\!]+|['\\!]/g, (part) =>
    part.length === 1 && "'\\!".includes(part) ? `\\${part}` : `'${part}'`
  );
}

/** A command line. The first word is the program. */
export function quoteCommand(argv: readonly string[]): string {
  return argv.map(quoteArgument).join(" ");
}
