// @ts-check
import {spawn} from "node:child_process";
import {createHash} from "node:crypto";
import {existsSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";

/**
 * The npm packages in `node_modules`: whether they are those of `package-lock.json`, and installing them if not.
 *
 * A stamp (the lock file's hash, and the platform, because some packages carry binaries) is written after an install,
 * so that a start costs one hash. Where it does not fit, npm's own record, `node_modules/.package-lock.json`, is
 * compared: someone who ran npm by hand has nothing installed twice. npm writes that record last, so an interrupted install has none.
 * @typedef {{version?: string, optional?: boolean}} LockedPackage
 */

/** @param {string} root */
const stampFile = (root) => join(root, "node_modules", ".because-packages");

/**
 * What the stamp holds when all is installed.
 * @param {string} root the project's folder
 */
export function packagesKey(root) {
  const hash = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  return `${hash} ${process.platform}-${process.arch}\n`;
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
const lockedPackages = (file) => JSON.parse(readFileSync(file, "utf8")).packages ?? {};

/**
 * Whether npm's record of what it installed has every package of the lock file, in the locked version. Optional
 * packages may be missing: npm leaves out binaries of other platforms.
 * @param {string} root
 */
function npmRecordMatches(root) {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  try {
    const installed = lockedPackages(record);
    return Object.entries(lockedPackages(join(root, "package-lock.json"))).every(([path, wanted]) => {
      if (path === "") return true;
      const found = installed[path];
      return found ? found.version === wanted.version : Boolean(wanted.optional);
    });
  } catch {
    return false; // half a file is no record
  }
}

/**
 * Whether `node_modules` is what `package-lock.json` asks for.
 * @param {string} root
 */
export function packagesMatch(root) {
  const stamp = stampFile(root);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === packagesKey(root)) return true;
  if (!npmRecordMatches(root)) return false;
  stampPackages(root);
  return true;
}

/** @param {string} root */
function stampPackages(root) {
  try {
    writeFileSync(stampFile(root), packagesKey(root));
  } catch {
    // A read-only installation is compared again at every start.
  }
}

/**
 * Runs `npm ci` where the packages are not the locked ones. Throws an error with a plain message where that fails.
 * @param {string} root
 * @param {(line: string) => void} log
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<boolean>} whether anything was installed
 */
export async function ensurePackages(root, log, env = process.env) {
  if (packagesMatch(root)) return false;
  log("Installing the locked npm packages (npm ci) …");
  const started = Date.now();
  await npm(root, ["ci", "--include=dev", "--no-audit", "--no-fund"], env);
  stampPackages(root);
  log(`npm packages installed in ${Math.round((Date.now() - started) / 1000)} s.`);
  return true;
}

/**
 * @param {string} root
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<void>}
 */
function npm(root, args, env) {
  // Under `npm start` npm names its own script there, which is the npm that the user chose.
  const script = env.npm_execpath;
  const [command, head] =
    script && /npm-cli\.[cm]?js$/.test(script) ? [process.execPath, [script]] : ["npm", []];
  // npm's output goes to stderr: stdout belongs to the command, which may be writing JSON.
  const child = spawn(command, [...head, ...args], {cwd: root, env, stdio: ["ignore", 2, 2]});
  const stop = () => child.kill("SIGTERM");
  process.once("exit", stop);
  return new Promise((resolve, reject) => {
    child.once("error", () =>
      reject(new Error("The command npm was not found: install Node.js with npm, and start again."))
    );
    child.once("close", (code, signal) => {
      process.removeListener("exit", stop);
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `npm ci did not succeed (${signal ?? `exit code ${code}`}): see its message above; ` +
              "check the network or the registry that `npm config get registry` names, and start again."
          )
        );
    });
  });
}
