/**
 * Ray's Jobs API over HTTP. What does not get through is tried again; since a job's id is ours, asking for it again does
 * nothing twice. A token comes from the environment, goes to the address alone, and stands in no message.
 */
import {BadInput} from "../../../src/core/bad-input.js";
import type {RayJob} from "../../../src/core/places/ray-jobs.js";
import type {RayPlace} from "../../../src/core/places/ray-place.js";
import {patiently, PATIENT, type Patience} from "../patience.js";
import {LinkLost} from "../transport.js";
import {askHttp, type Reply} from "./ask-http.js";

/** Milliseconds that an answer may take. Ray's own are given within a second, and after 30 s where an agent is missing. */
const TIMEOUT = 40_000;
/** What the head says of an agent that does not take a job as it stands. */
const REFUSED = /failed with status code 400/;
/** Most of an answer that is read, in bytes: a table of some ten thousand jobs. */
const MOST = 64e6;

/** A job as Ray takes it. */
export interface JobRequest {
  submission_id: string;
  /** A line for a shell. */
  entrypoint: string;
  entrypoint_num_cpus: number;
  entrypoint_num_gpus: number;
  /** Bytes. */
  entrypoint_memory?: number;
  entrypoint_resources?: Record<string, number>;
  runtime_env: {env_vars: Record<string, string>};
  metadata: Record<string, string>;
}

/** What one node of the cluster has in all, resource → amount. */
export type NodeResources = Record<string, number>;

export interface RayOptions {
  /** What the user calls the place. */
  name: string;
  config: Pick<RayPlace, "address" | "token_variable">;
  env?: NodeJS.ProcessEnv;
  patience?: Patience;
  /** Milliseconds. */
  timeout?: number;
}

export class RayClient {
  readonly #name: string;
  readonly #address: string;
  readonly #variable: string | undefined;
  readonly #token: string;
  readonly #patience: Patience;
  readonly #timeout: number;

  /** @throws BadInput where the variable that is to hold the token holds none */
  constructor({name, config, env = process.env, patience = PATIENT, timeout = TIMEOUT}: RayOptions) {
    this.#name = name;
    this.#address = config.address;
    this.#variable = config.token_variable;
    this.#token = config.token_variable ? tokenIn(env, config.token_variable, name) : "";
    this.#patience = patience;
    this.#timeout = timeout;
  }

  /**
   * All jobs that Ray knows, in one question.
   *
   * @param patient whether to wait for an answer that does not come; otherwise LinkLost at once
   */
  async jobs({patient = false}: {patient?: boolean} = {}): Promise<RayJob[]> {
    return this.#patiently(async () => {
      const table = this.#json(await this.#ask("GET", "/api/jobs/"));
      if (!Array.isArray(table)) throw this.#garbage("no list of jobs");
      return table.flatMap((row) => asJob(row) ?? []);
    }, patient);
  }

  /** One job; null where Ray says that there is none. */
  async job(id: string): Promise<RayJob | null> {
    const reply = await this.#ask("GET", `/api/jobs/${encodeURIComponent(id)}`);
    if (reply.status === 404) return null;
    const job = asJob(this.#json(reply));
    if (job?.submission_id !== id) throw this.#garbage("another job");
    return job;
  }

  /**
   * Submits a job. Where the answer is lost it is submitted again: Ray refuses an id that it has.
   *
   * @returns whether it is new there, or was there already
   */
  async submit(job: JobRequest, {patient = false}: {patient?: boolean} = {}): Promise<"new" | "known"> {
    return this.#patiently(async () => {
      const reply = await this.#ask("POST", "/api/jobs/", job);
      if (reply.status >= 500 && /already exists/.test(reply.text)) return "known";
      if (reply.status === 400 || (reply.status === 500 && REFUSED.test(reply.text)))
        throw new Error(`Place ${this.#name}: Ray refuses a job: ${lastOf(reply.text)}`);
      const answer = this.#json(reply) as {submission_id?: unknown} | null;
      if (answer?.submission_id !== job.submission_id)
        throw this.#garbage("no word of the job that was submitted");
      return "new";
    }, patient);
  }

  /** Stops a job, if it is there and goes on. */
  async stop(id: string): Promise<void> {
    const reply = await this.#ask("POST", `/api/jobs/${encodeURIComponent(id)}/stop`);
    if (reply.status !== 404) this.#json(reply);
  }

  /** Removes an ended job from Ray's table. */
  async remove(id: string): Promise<void> {
    const reply = await this.#ask("DELETE", `/api/jobs/${encodeURIComponent(id)}`);
    if (reply.status !== 404) this.#json(reply);
  }

  /** Ray's version, as it says it. */
  async version(): Promise<string> {
    const said = this.#json(await this.#ask("GET", "/api/version")) as {ray_version?: unknown} | null;
    if (typeof said?.ray_version !== "string") throw this.#garbage("no version");
    return said.ray_version;
  }

  /** What each living node has. */
  async nodes(): Promise<NodeResources[]> {
    const said = this.#json(await this.#ask("GET", "/api/v0/nodes?detail=true&limit=10000")) as {
      data?: {result?: {result?: {state?: string; resources_total?: NodeResources}[]}};
    };
    const nodes = said?.data?.result?.result;
    if (!Array.isArray(nodes)) throw this.#garbage("no list of nodes");
    return nodes.filter(({state}) => state === "ALIVE").map((node) => node.resources_total ?? {});
  }

  #patiently<T>(attempt: () => Promise<T>, patient: boolean): Promise<T> {
    return patient ? patiently(attempt, this.#patience) : attempt();
  }

  async #ask(method: string, path: string, body?: unknown): Promise<Reply> {
    const {status, text} = await askHttp(`${this.#address}${path}`, {
      method,
      timeout: this.#timeout,
      most: MOST,
      headers: {
        ...(this.#token && {Authorization: `Bearer ${this.#token}`}),
        ...(body !== undefined && {"Content-Type": "application/json"})
      },
      ...(body !== undefined && {body: JSON.stringify(body)})
    }).catch((error: Error) => {
      throw new LinkLost(`${this.#title()} does not answer: ${this.#clean(error.message)}`);
    });
    if (status === 401 || status === 403) throw this.#refused(status);
    return {status, text: this.#clean(text)};
  }

  /** The value of a good answer; anything else may be another after a pause. */
  #json({status, text}: Reply): unknown {
    if (status === 404) throw this.#noApi();
    if (status !== 200) throw new LinkLost(`${this.#title()} answered ${status}: ${lastOf(text)}`);
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw this.#garbage("no JSON");
    }
  }

  #garbage(what: string): LinkLost {
    return new LinkLost(`${this.#title()} answered with ${what}.`);
  }

  #title(): string {
    return `Ray of place ${this.#name}`;
  }

  #clean(text: string): string {
    return this.#token ? text.replaceAll(this.#token, "…") : text;
  }

  #refused(status: number): BadInput {
    return new BadInput({
      where: `place ${this.#name}, ${this.#address}`,
      expected: this.#variable
        ? `a token that it accepts, in ${this.#variable}`
        : "an address that asks for no token",
      found: `it refuses (${status})`,
      mend: this.#variable
        ? `Set ${this.#variable} to a token that is valid now, and start again: nothing is lost.`
        : "Name in `token_variable` of the places file the environment variable that holds a token."
    });
  }

  #noApi(): BadInput {
    return new BadInput({
      where: `place ${this.#name}, key address`,
      expected: "the address of a Ray dashboard, which serves the Jobs API",
      found: `something else at ${this.#address}`,
      mend: "Check `address` in the places file; Ray's is on port 8265 unless somebody chose another."
    });
  }
}

function tokenIn(env: NodeJS.ProcessEnv, variable: string, name: string): string {
  const token = env[variable]?.trim() ?? "";
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new BadInput({
    where: `place ${name}, environment variable ${variable}`,
    expected: "a token",
    found: token === "" ? "nothing" : "characters that no token has",
    mend: `Set ${variable} in the environment of this command.`
  });
}

function asJob(row: unknown): RayJob | null {
  if (typeof row !== "object" || row === null) return null;
  const {submission_id, status, message, error_type, driver_exit_code} = row as Record<string, unknown>;
  if (typeof submission_id !== "string" || typeof status !== "string") return null;
  return {
    submission_id,
    status,
    message: typeof message === "string" ? message : "",
    error_type: typeof error_type === "string" ? error_type : null,
    driver_exit_code: typeof driver_exit_code === "number" ? driver_exit_code : null
  };
}

/** The last line that says something: of a traceback the error. */
function lastOf(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return (lines.filter((line) => /\w/.test(line)).at(-1) ?? "nothing").slice(0, 300);
}
