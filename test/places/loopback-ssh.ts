/** A real OpenSSH server on loopback for one test file: its own keys, configuration and client configuration. */
import {spawn, spawnSync, type ChildProcess} from "node:child_process";
import {existsSync, mkdirSync} from "node:fs";
import {chmod, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {createConnection} from "node:net";
import {tmpdir, userInfo} from "node:os";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import getPort from "get-port";

const SSHD = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd"].find(existsSync);

/** What these tests need and this machine lacks; null where all is there. */
export function lacksSsh(): string | null {
  if (!SSHD) return "no sshd (Debian: openssh-server)";
  for (const [program, option] of [
    ["ssh", "-V"],
    ["rsync", "--version"],
    ["python3", "--version"]
  ] as const)
    if (spawnSync(program, [option]).status !== 0) return `no ${program}`;
  return null;
}

/** For `describe(name, {skip}, …)`: says loudly, by name, what is missing. */
export const skipWithoutSsh = (): string | false => lacksSsh() ?? false;

/** Where the server listens, and what starts it there. */
interface Elsewhere {
  address: string;
  around: (argv: string[]) => string[];
}

const LOOPBACK: Elsewhere = {address: "127.0.0.1", around: (argv) => argv};

export class LoopbackSsh {
  readonly folder: string;
  readonly port: number;
  /** The client's configuration, for BECAUSE_SSH_CONFIG. Its host is called `box`. */
  readonly config: string;
  #server: ChildProcess | null = null;
  /** What the server said. */
  said = "";

  readonly #address: string;
  readonly #around: (argv: string[]) => string[];

  private constructor(folder: string, port: number, {address, around}: Elsewhere) {
    this.folder = folder;
    this.port = port;
    this.config = join(folder, "config");
    this.#address = address;
    this.#around = around;
  }

  static async start(elsewhere: Elsewhere = LOOPBACK): Promise<LoopbackSsh> {
    const folder = await mkdtemp(join(tmpdir(), "because-sshd-"));
    const ssh = new LoopbackSsh(folder, await getPort(), elsewhere);
    await ssh.#write();
    await ssh.up();
    return ssh;
  }

  /** Another host key, as of a machine that only claims to be the same. */
  async changeHostKey(): Promise<void> {
    await this.down();
    await rm(join(this.folder, "host"));
    await rm(join(this.folder, "host.pub"));
    makeKey(join(this.folder, "host"));
    await this.up();
  }

  /** Starts the server, again where it was ended. */
  async up(): Promise<void> {
    if (process.getuid?.() === 0) mkdirSync("/run/sshd", {recursive: true, mode: 0o755});
    const config = join(this.folder, "sshd_config");
    const [program = "", ...args] = this.#around([SSHD!, "-D", "-e", "-f", config]);
    this.#server = spawn(program, args, {
      stdio: ["ignore", "ignore", "pipe"]
    });
    this.#server.stderr!.setEncoding("utf8").on("data", (text: string) => (this.said += text));
    for (let tries = 0; tries < 100; tries++) {
      if (await answers(this.port, this.#address)) return;
      await sleep(50);
    }
    throw new Error(`sshd does not answer: ${this.said}`);
  }

  /** Ends the server; connections that are open go on. */
  async down(): Promise<void> {
    const server = this.#server;
    if (!server || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await ended;
    server.stderr!.destroy(); // connections that are open hold its other end
  }

  async stop(): Promise<void> {
    await this.down();
    await rm(this.folder, {recursive: true, force: true});
  }

  async #write(): Promise<void> {
    const at = (name: string): string => join(this.folder, name);
    for (const name of ["host", "user"]) makeKey(at(name));
    const hostKey = (await readFile(at("host.pub"), "utf8")).split(" ").slice(0, 2).join(" ");
    await writeFile(at("known_hosts"), `[${this.#address}]:${this.port} ${hostKey}\n`);
    await writeFile(at("authorized_keys"), await readFile(at("user.pub")));
    await chmod(at("authorized_keys"), 0o600);
    await writeFile(
      at("sshd_config"),
      [
        `Port ${this.port}`,
        `ListenAddress ${this.#address}`,
        `HostKey ${at("host")}`,
        `AuthorizedKeysFile ${at("authorized_keys")}`,
        "PidFile none",
        "UsePAM no",
        "PermitRootLogin prohibit-password",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "StrictModes no",
        "ClientAliveInterval 5",
        "ClientAliveCountMax 2",
        "MaxSessions 50",
        "MaxStartups 50"
      ].join("\n") + "\n"
    );
    await writeFile(
      this.config,
      [
        "Host box",
        `  HostName ${this.#address}`,
        `  Port ${this.port}`,
        `  User ${userInfo().username}`,
        `  IdentityFile ${at("user")}`,
        "  IdentitiesOnly yes",
        `  UserKnownHostsFile ${at("known_hosts")}`,
        "  GlobalKnownHostsFile none"
      ].join("\n") + "\n"
    );
  }
}

function makeKey(file: string): void {
  const {status, stderr} = spawnSync("ssh-keygen", [
    "-q",
    "-t",
    "ed25519",
    "-N",
    "",
    "-C",
    "test",
    "-f",
    file
  ]);
  if (status !== 0) throw new Error(`ssh-keygen: ${String(stderr)}`);
}

function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({port, host});
    socket.once("connect", () => (socket.destroy(), resolve(true)));
    socket.once("error", () => resolve(false));
  });
}
