// @ts-check
/** The oldest Node.js that the locked packages run on: [major, minor]. */
export const OLDEST_NODE = [20, 19];

/**
 * Says what is wrong with a Node.js version, in one sentence with its mend.
 *
 * Plain JavaScript, like all that runs before packages are installed, and syntax that old releases still parse.
 * @param {string} version as `process.versions.node` has it, such as `20.19.4`
 * @returns {string | undefined} nothing where the version will do
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
  return (
    "Because needs Node.js " +
    OLDEST_NODE.join(".") +
    " or newer, found " +
    version +
    ": install the current LTS release from https://nodejs.org (or with nvm: `nvm install --lts`) and start again."
  );
}
