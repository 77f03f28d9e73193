/**
 * A real Ray for one test file: its own environment, its own node in namespaces of its own, where there is no network but
 * loopback and no process of this machine. Its address comes out of there by a relay over a socket in a folder.
 */
import {spawn, spawnSync, type ChildProcess} from "node:child_process";
import {existsSync} from "node:fs";
import {mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {connect, createServer, type AddressInfo, type Server, type Socket} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {thisMachine} from "../../data-loaders/setup/environment.js";
import {holdLock} from "../../data-loaders/setup/lock.js";
import {pipInstall} from "../../data-loaders/setup/pip.js";
import {ensureVenv, venvPython} from "../../data-loaders/setup/virtual-environment.js";
import {askHttp} from "../../data-loaders/places/ray/ask-http.js";
import {Store} from "../../data-loaders/stages/store.js";

const RAY = "ray[default]==2.60.0";
/** Ray's dashboard, within its namespace. */
const PORT = 8265;
/** Seconds that Ray may take to answer; it takes some six where nothing else is at work. */
const START_SECONDS = 120;

/** What a real Ray needs and this machine lacks; null where all is there. */
function lacksNamespaces(): string | null {
  if (process.platform !== "linux") return "Ray's node is kept apart by namespaces of Linux";
  if (spawnSync("rsync", ["--version"]).status !== 0) return "no rsync";
  if (spawnSync("ip", ["-V"]).status !== 0) return "no ip (Debian: iproute2)";
  const {status, stderr} = spawnSync("unshare", [...APART, "true"], {encoding: "utf8"});
  return status === 0 ? null : `no namespaces (${stderr?.trim() || "no unshare"})`;
}

const APART = [
  "--map-root-user",
  "--net",
  "--uts",
  "--ipc",
  "--pid",
  "--fork",
  "--kill-child",
  "--mount-proc"
];

/** Ray's own environment, in the project's store; made once. Throws where it cannot be installed. */
async function rayEnvironment(): Promise<string> {
  const store = new Store(".because").root;
  const folder = join(store, "ray");
  const stamp = join(folder, "because.txt");
  const installed = () => readFile(stamp, "utf8").catch(() => "");
  if ((await installed()) === RAY) return folder;
  await mkdir(store, {recursive: true});
  const release = await holdLock(join(store, "ray.lock"), () => undefined);
  try {
    if ((await installed()) === RAY) return folder;
    await ensureVenv(folder, () => undefined, thisMachine);
    const logFile = join(store, "logs", "ray-setup.log");
    const pip = {python: venvPython(folder), logFile, log: () => undefined, machine: thisMachine};
    await pipInstall([RAY], pip);
    await writeFile(stamp, RAY);
    return folder;
  } finally {
    await release();
  }
}

/** A Ray to start, or why there is none: that is said loudly, by name, where a test is skipped. */
export async function openRay(
  cores: number
): Promise<{lacks: string | null; start: () => Promise<RayCluster>}> {
  const lacks = lacksNamespaces();
  const environment =
    lacks === null ? await rayEnvironment().catch((error: Error) => error) : new Error(lacks);
  if (environment instanceof Error)
    return {lacks: `no Ray: ${environment.message}`, start: () => Promise.reject(environment)};
  return {lacks: null, start: () => startPatiently(environment, cores)};
}

/** On a machine that is busy, Ray's parts may not find each other in the time that Ray gives them, and it ends. */
async function startPatiently(environment: string, cores: number): Promise<RayCluster> {
  for (let left = 2; ; left--)
    try {
      return await RayCluster.start(environment, cores);
    } catch (error) {
      if (left === 0) throw error;
    }
}

export class RayCluster {
  readonly #folder: string;
  readonly #node: ChildProcess;
  readonly #relay: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(folder: string, node: ChildProcess, relay: Server) {
    this.#folder = folder;
    this.#node = node;
    this.#relay = relay;
  }

  /** Starts a head with some cores, as Ray counts them, and waits until its API answers and can take jobs. */
  static async start(environment: string, cores: number): Promise<RayCluster> {
    const folder = await mkdtemp(join(tmpdir(), "because-ray-"));
    const socket = join(folder, "dashboard");
    await writeFile(join(folder, "relay.mjs"), RELAY);
    await writeFile(join(folder, "node.sh"), NODE);
    const node = spawn("unshare", [...APART, "sh", join(folder, "node.sh")], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        RAY_USAGE_STATS_ENABLED: "0",
        NODE: process.execPath,
        RAY: join(environment, "bin", "ray"),
        FOLDER: folder,
        SOCKET: socket,
        PORT: String(PORT),
        CORES: String(cores)
      }
    });
    let said = "";
    for (const stream of [node.stdout, node.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4000)));
    const cluster = new RayCluster(folder, node, createServer());
    cluster.#relay.on("connection", (outer) => cluster.#join(outer, socket));
    await new Promise<void>((resolve) => cluster.#relay.listen(0, "127.0.0.1", resolve));
    if (await cluster.#answers()) return cluster;
    await cluster.stop();
    throw new Error(`Ray does not answer: ${said}`);
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#relay.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#relay.close(resolve));
    if (this.#node.exitCode === null) {
      const ended = new Promise((resolve) => this.#node.once("close", resolve));
      this.#node.kill("SIGKILL"); // and with it all processes of its namespace
      await ended;
    }
    await rm(this.#folder, {recursive: true, force: true});
  }

  #join(outer: Socket, path: string): void {
    const inner = existsSync(path) ? connect(path) : null;
    if (!inner) return void outer.destroy();
    for (const [one, other] of [
      [outer, inner],
      [inner, outer]
    ] as const) {
      this.#sockets.add(one);
      one.on("error", () => other.destroy());
      one.once("close", () => (this.#sockets.delete(one), other.destroy()));
      one.pipe(other);
    }
  }

  /** Whether a job of nothing was taken and came to its end: Ray answers before it can do so. */
  async #answers(): Promise<boolean> {
    const ask = (method: string, path: string, body?: string) =>
      askHttp(`${this.address}${path}`, {
        ...{method, body, timeout: 5000, most: 1e6},
        headers: body ? {"Content-Type": "application/json"} : {}
      }).then(
        ({text}) => text,
        () => "" // not there yet
      );
    const job = JSON.stringify({submission_id: "ready", entrypoint: "true", entrypoint_num_cpus: 0});
    for (const end = Date.now() + START_SECONDS * 1000; Date.now() < end && this.#node.exitCode === null;) {
      if (/SUCCEEDED/.test(await ask("GET", "/api/jobs/ready"))) return true;
      if (/ALIVE/.test(await ask("GET", "/api/v0/nodes"))) await ask("POST", "/api/jobs/", job);
      await sleep(500);
    }
    return false;
  }
}

const NODE = `set -e
echo because-ray > /proc/sys/kernel/hostname
ip link set lo up
"$NODE" "$FOLDER/relay.mjs" &
exec "$RAY" start --head --block --port=6399 --dashboard-host=127.0.0.1 --dashboard-port="$PORT" \\
  --num-cpus="$CORES" --num-gpus=0 --object-store-memory=80000000 --temp-dir="$FOLDER/t" --disable-usage-stats
`;

const RELAY = `import {connect, createServer} from "node:net";
createServer((outer) => {
  const inner = connect(Number(process.env.PORT), "127.0.0.1");
  outer.on("error", () => inner.destroy());
  inner.on("error", () => outer.destroy());
  outer.pipe(inner).pipe(outer);
}).listen(process.env.SOCKET);
`;
