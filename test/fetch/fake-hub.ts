/**
 * A local server that speaks the Hugging Face hub's protocol, with a second one in the part of the network where large
 * files lie, and misbehaves on request. That it speaks the protocol is tested with the hub's own Python client.
 */
import {createHash} from "node:crypto";
import {createServer} from "node:http";
import type {IncomingMessage, Server, ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {setTimeout as wait} from "node:timers/promises";

export const REVISION = "0123456789abcdef0123456789abcdef01234567";
export const TOKEN = "hf_planted-TOKEN-that-must-not-leak";
/** Files per page of a listing. */
const PAGE = 2;

export interface HubFile {
  path: string;
  bytes: Buffer;
  /** Whether it lies in LFS, on the second server. */
  lfs: boolean;
}

export interface HubDataset {
  /** Left out for a dataset. */
  kind?: "model";
  id: string;
  cardData?: Record<string, unknown>;
  tags?: string[];
  gated?: false | "auto" | "manual";
  files: HubFile[];
}

/** What goes wrong with one answer. */
export type Trouble =
  | {kind: "status"; status: number; headers?: Record<string, string>; body?: string}
  /** Breaks off after so many bytes. */
  | {kind: "drop"; after: number}
  /** Goes silent after so many bytes. */
  | {kind: "silence"; after: number}
  /** Other bytes of the same length. */
  | {kind: "corrupt"}
  /** More bytes than were listed. */
  | {kind: "longer"}
  | {kind: "ignore-range"}
  /** A part that begins elsewhere. */
  | {kind: "wrong-range"}
  /** Pauses between pieces. */
  | {kind: "slow"; pieces: number; pause: number};

export interface Asked {
  server: "hub" | "cdn";
  method: string;
  url: string;
  authorization: string | undefined;
  range: string | undefined;
  /** Bytes of the body that were written. */
  sent: number;
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const gitSha1 = (bytes: Buffer): string =>
  createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");

export class FakeHub {
  readonly asked: Asked[] = [];
  /** Troubles of the coming answers with a file's bytes, or of an address, first one first. */
  readonly troubles = new Map<string, Trouble[]>();
  /** What `X-Repo-Commit` says. */
  commit = REVISION;
  /** Address of the hub. */
  endpoint = "";
  readonly #datasets: HubDataset[];
  readonly #hub: Server;
  readonly #cdn: Server;

  constructor(datasets: HubDataset[]) {
    this.#datasets = datasets;
    this.#hub = createServer((request, response) => void this.#answerHub(request, response));
    this.#cdn = createServer((request, response) => void this.#answerCdn(request, response));
  }

  async start(): Promise<this> {
    for (const server of [this.#hub, this.#cdn])
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.endpoint = addressOf(this.#hub);
    return this;
  }

  async stop(): Promise<void> {
    for (const server of [this.#hub, this.#cdn]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  /** Addresses with a file's bytes that were asked for. */
  downloads(path?: string): Asked[] {
    const file = this.#datasets.flatMap(({files}) => files).find((each) => each.path === path);
    return this.asked.filter(({method, url}) =>
      path === undefined
        ? method === "GET" && /\/blob\/|\/stored\//.test(url)
        : method === "GET" && url.includes(file?.lfs ? `/blob/${sha256(file.bytes)}` : `/stored/${path}`)
    );
  }

  async #answerHub(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = this.#note("hub", request);
    const url = new URL(asked.url, this.endpoint);
    const path = decodeURIComponent(url.pathname);
    const [, kind, id, rest = ""] =
      /^\/(?:(api\/datasets|api\/models|datasets|stored-in)\/)?([\w.-]+\/[\w.-]+)\/(.*)$/s.exec(path) ?? [];
    const trouble = this.troubles.get(path)?.shift();
    if (trouble?.kind === "status") return refuse(response, trouble);
    const model = kind === undefined || kind === "api/models";
    const dataset = this.#datasets.find(
      (each) => each.id === id && (kind === "stored-in" || model === (each.kind === "model"))
    );
    if (!dataset) return refuse(response, {status: 401, code: "RepoNotFound", words: "Repository not found"});
    if (kind === "stored-in") return this.#sendStored(asked, dataset, rest.slice("stored/".length), response);
    const [what = "", revision = "", ...parts] = rest.split("/");
    if (revision !== REVISION && revision !== "main")
      return refuse(response, {status: 404, code: "RevisionNotFound", words: `Invalid rev id: ${revision}`});
    if (what === "revision") return sendJson(response, infoOf(dataset));
    if (what === "tree") return this.#sendTree(dataset, url, response);
    return this.#resolve(asked, dataset, parts.join("/"), response);
  }

  #sendTree({files}: HubDataset, url: URL, response: ServerResponse): void {
    const cursor = Number(url.searchParams.get("cursor") ?? 0);
    const entries = [
      {type: "directory", oid: "d".repeat(40), size: 0, path: "data"},
      ...files.map(({path, bytes, lfs}) => ({
        type: "file",
        path,
        size: bytes.length,
        oid: lfs ? gitSha1(Buffer.from(`version https://git-lfs ${sha256(bytes)}`)) : gitSha1(bytes),
        ...(lfs ? {lfs: {oid: sha256(bytes), size: bytes.length, pointerSize: 134}} : {})
      }))
    ];
    if (cursor + PAGE < entries.length) {
      const next = new URL(url.pathname, this.endpoint);
      next.search = `?recursive=true&cursor=${cursor + PAGE}`;
      response.setHeader("link", `<${next.href}>; rel="next"`);
    }
    sendJson(response, entries.slice(cursor, cursor + PAGE));
  }

  #resolve(asked: Asked, dataset: HubDataset, path: string, response: ServerResponse): void {
    const withToken = asked.authorization === `Bearer ${TOKEN}`;
    if (asked.authorization && !withToken)
      return refuse(response, {status: 401, words: "Invalid credentials in Authorization header"});
    if (dataset.gated && !withToken)
      return refuse(response, {
        status: 401,
        code: "GatedRepo",
        words: `Access to ${dataset.id} is restricted.`
      });
    const file = dataset.files.find((each) => each.path === path);
    if (!file) return refuse(response, {status: 404, code: "EntryNotFound", words: "Entry not found"});
    response.setHeader("x-repo-commit", this.commit);
    if (!file.lfs) {
      // As the hub does for small files: to another address of its own, given without its host.
      const location = `/stored-in/${dataset.id}/stored/${encodeURIComponent(path)}`;
      response.writeHead(307, {
        location,
        "x-linked-size": file.bytes.length,
        "x-linked-etag": `"${gitSha1(file.bytes)}"`
      });
    } else
      response.writeHead(302, {
        location: `${addressOf(this.#cdn)}/blob/${sha256(file.bytes)}?signature=for-one-hour`,
        "x-linked-size": file.bytes.length,
        "x-linked-etag": `"${sha256(file.bytes)}"`
      });
    response.end();
  }

  #sendStored(asked: Asked, {files}: HubDataset, path: string, response: ServerResponse): Promise<void> {
    const file = files.find((each) => each.path === path)!;
    response.setHeader("x-repo-commit", this.commit);
    response.setHeader("etag", `"${gitSha1(file.bytes)}"`);
    return this.#send(asked, file, response);
  }

  async #answerCdn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = this.#note("cdn", request);
    const file = this.#datasets
      .flatMap(({files}) => files)
      .find(({bytes, lfs}) => lfs && asked.url.startsWith(`/blob/${sha256(bytes)}`));
    if (!file) return refuse(response, {status: 404, words: "no such blob"});
    response.setHeader("etag", `"${sha256(file.bytes)}"`);
    await this.#send(asked, file, response);
  }

  async #send(asked: Asked, {path, bytes}: HubFile, response: ServerResponse): Promise<void> {
    const trouble = asked.method === "HEAD" ? undefined : this.troubles.get(path)?.shift();
    if (trouble?.kind === "status") return refuse(response, trouble);
    const whole = trouble?.kind === "corrupt" ? Buffer.from(bytes.map((byte) => byte ^ 1)) : bytes;
    const given = trouble?.kind === "longer" ? Buffer.concat([whole, whole]) : whole;
    const [, first] = /^bytes=(\d+)-/.exec(asked.range ?? "") ?? [];
    const start = trouble?.kind === "ignore-range" || first === undefined ? 0 : Number(first);
    const from = trouble?.kind === "wrong-range" ? Math.max(0, start - 1) : start;
    if (start > 0) response.setHeader("content-range", `bytes ${from}-${given.length - 1}/${given.length}`);
    response.writeHead(start > 0 ? 206 : 200, {
      "content-length": given.length - from,
      "accept-ranges": "bytes"
    });
    if (asked.method === "HEAD") return void response.end();
    await this.#sendBody(asked, given.subarray(from), trouble, response);
  }

  async #sendBody(
    asked: Asked,
    body: Buffer,
    trouble: Trouble | undefined,
    response: ServerResponse
  ): Promise<void> {
    const write = (bytes: Buffer): Promise<void> =>
      new Promise((resolve) =>
        response.write(bytes, () => resolve(((asked.sent += bytes.length), undefined)))
      );
    if (trouble?.kind === "drop" || trouble?.kind === "silence") {
      await write(body.subarray(0, trouble.after));
      if (trouble.kind === "silence") return;
      await wait(20); // so that what was written has left
      return void response.destroy();
    }
    const pieces = trouble?.kind === "slow" ? trouble.pieces : 1;
    const size = Math.ceil(body.length / pieces);
    for (let i = 0; i < pieces && !response.destroyed; i++) {
      await write(body.subarray(i * size, (i + 1) * size));
      if (trouble?.kind === "slow") await wait(trouble.pause);
    }
    response.end();
  }

  #note(server: Asked["server"], {method = "GET", url = "/", headers}: IncomingMessage): Asked {
    const {authorization, range} = headers;
    const asked: Asked = {server, method, url, authorization, range, sent: 0};
    this.asked.push(asked);
    return asked;
  }
}

function infoOf({id, cardData, tags = [], gated = false, files}: HubDataset): object {
  const siblings = files.map(({path}) => ({rfilename: path}));
  return {_id: "1", id, sha: REVISION, private: false, gated, disabled: false, tags, cardData, siblings};
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(value));
}

interface RefusalAnswer {
  status: number;
  code?: string;
  words?: string;
  headers?: Record<string, string>;
  body?: string;
}

function refuse(response: ServerResponse, {status, code, words, headers = {}, body}: RefusalAnswer): void {
  response.writeHead(status, {
    ...(code ? {"x-error-code": code} : {}),
    ...(words ? {"x-error-message": words} : {}),
    ...headers
  });
  response.end(body ?? JSON.stringify({error: words ?? "no"}));
}
