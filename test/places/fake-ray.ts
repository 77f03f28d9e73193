/** A stand-in for Ray's Jobs API that runs entrypoints as Ray does, and can be made to lie about it. */
import {spawn, type ChildProcess} from "node:child_process";
import {createServer, type IncomingMessage, type Server, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";

export interface Ask {
  method: string;
  path: string;
  body: Record<string, unknown>;
  /** What the request's head says of who asks. */
  authorization: string | undefined;
}

export interface Told {
  status: number;
  body: unknown;
  /** Where it leads, for an answer that leads elsewhere. */
  location?: string;
}

/**
 * A lie: gets what was asked for and what an honest Ray does; `hang` never answers, `cut` ends the connection.
 */
export type Lie = (ask: Ask, honest: () => Told) => Told | "hang" | "cut";

interface Job {
  submission_id: string;
  type: "SUBMISSION";
  status: string;
  entrypoint: string;
  message: string;
  error_type: string | null;
  driver_exit_code: number | null;
}

/** What a real Ray 2.60 answers to an id that it has. */
const TRACEBACK =
  'Traceback (most recent call last):\n  File "job_head.py", line 440, in submit_job\n    raise RuntimeError(f"Request failed with status code {status}: {error_text}.")\nValueError: Job with submission_id x already exists. Please use a different submission_id.\n';

export class FakeRay {
  readonly jobs = new Map<string, Job>();
  /** Every submission that arrived, by id, in order. */
  readonly submissions: string[] = [];
  readonly asks: Ask[] = [];
  /** Jobs that may run at a time; others are pending. */
  slots = 2;
  lie: Lie = (_ask, honest) => honest();
  readonly #server: Server;
  readonly #children = new Map<string, ChildProcess>();
  readonly #hanging = new Set<ServerResponse>();

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<FakeRay> {
    const ray = new FakeRay();
    await new Promise<void>((resolve) => ray.#server.listen(0, "127.0.0.1", resolve));
    return ray;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** As when the head is started again without a memory: its jobs are known no more, and end or go on. */
  restart({kill}: {kill: boolean}): void {
    this.jobs.clear();
    for (const child of this.#children.values()) if (kill) killGroup(child);
    this.#children.clear();
  }

  /** Lets so many jobs run at a time. */
  allow(slots: number): void {
    this.slots = slots;
    this.#employ();
  }

  async stop(): Promise<void> {
    for (const child of this.#children.values()) killGroup(child);
    for (const response of this.#hanging) response.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const part of request) text += String(part);
    const ask: Ask = {
      method: request.method ?? "",
      path: request.url ?? "",
      body: text ? (JSON.parse(text) as Record<string, unknown>) : {},
      authorization: request.headers.authorization
    };
    this.asks.push(ask);
    const told = fromBrowser(request) ? FORBIDDEN : this.lie(ask, () => this.#honest(ask));
    if (told === "hang") return void this.#hanging.add(response);
    if (told === "cut") return void request.socket.destroy();
    const {status, body, location} = told;
    response.writeHead(status, {
      "Content-Type": typeof body === "string" ? "text/plain" : "application/json",
      ...(location && {Location: location})
    });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }

  #honest({method, path, body}: Ask): Told {
    if (path.startsWith("/api/v0/nodes"))
      return ok({data: {result: {result: [{state: "ALIVE", resources_total: {CPU: 4, GPU: 2}}]}}});
    if (path === "/api/version") return ok({version: "4", ray_version: "2.60.0"});
    if (path === "/api/jobs/") return method === "POST" ? this.#submit(body) : ok([...this.jobs.values()]);
    const [id = "", verb] = path.replace("/api/jobs/", "").split("/");
    const job = this.jobs.get(id);
    if (!job) return {status: 404, body: `Job ${id} does not exist`};
    if (method === "DELETE") return ok({deleted: this.jobs.delete(id)});
    if (verb !== "stop") return ok(job);
    job.status = "STOPPED";
    this.#children.get(id)?.kill("SIGTERM");
    return ok({stopped: true});
  }

  #submit(body: Record<string, unknown>): Told {
    const id = String(body.submission_id);
    this.submissions.push(id);
    if (this.jobs.has(id)) return {status: 500, body: TRACEBACK};
    this.jobs.set(id, {
      submission_id: id,
      type: "SUBMISSION",
      status: "PENDING",
      entrypoint: String(body.entrypoint),
      message: "Job has not started yet.",
      error_type: null,
      driver_exit_code: null
    });
    this.#employ();
    return ok({job_id: id, submission_id: id});
  }

  #employ(): void {
    for (const [id, job] of this.jobs) {
      if (job.status !== "PENDING" || this.#children.size >= this.slots) continue;
      job.status = "RUNNING";
      const child = spawn(job.entrypoint, {
        shell: "/bin/sh",
        detached: true,
        stdio: ["ignore", "ignore", "pipe"]
      });
      this.#children.set(id, child);
      child.stderr.setEncoding("utf8").on("data", (text: string) => (job.message += text));
      child.once("close", (code) => {
        this.#children.delete(id);
        job.driver_exit_code = code;
        if (job.status === "RUNNING") job.status = code === 0 ? "SUCCEEDED" : "FAILED";
        if (job.status === "FAILED") job.error_type ??= "JOB_ENTRYPOINT_COMMAND_ERROR";
        this.#employ();
      });
    }
  }
}

/** As Ray tells browsers from programs, of which it takes jobs. */
function fromBrowser({method, headers}: IncomingMessage): boolean {
  const marks = ["origin", "referer", "sec-fetch-mode"].some((name) => name in headers);
  return method !== "GET" && (marks || (headers["user-agent"] ?? "").startsWith("Mozilla"));
}

const FORBIDDEN: Told = {status: 405, body: "'POST' method not allowed for browser traffic."};

const ok = (body: unknown): Told => ({status: 200, body});

function killGroup({pid}: ChildProcess): void {
  try {
    if (pid) process.kill(-pid, "SIGKILL");
  } catch {
    // it has ended
  }
}
