/** Serves a built site on this machine. */
import {existsSync, readFileSync} from "node:fs";
import {createServer, type Server, type ServerResponse} from "node:http";
import {join} from "node:path";
import getPort, {portNumbers} from "get-port";
import sirv from "sirv";
import {BadInput} from "../../src/core/bad-input.js";

/** Where to look for a free port when none is asked for. */
export const PORTS = [3000, 3100] as const;

export interface SiteServer {
  /** `http://127.0.0.1:3000/`, with a slash at its end. */
  url: string;
  close(): Promise<void>;
}

export interface Serving {
  /** Folder of a built site. It may be replaced while it is served. */
  folder: string;
  /** Port asked for, an error when it is taken; by default a free one from 3000 on. 0 takes any. */
  port?: number;
  host?: string;
}

/** Serves `folder`. Throws BadInput when it holds no site, or when the port asked for is taken. */
export async function serveSite({folder, port, host = "127.0.0.1"}: Serving): Promise<SiteServer> {
  requireSite(folder);
  const chosen = port ?? (await getPort({host, port: portNumbers(...PORTS)}));
  // Reads files at each request (`dev`), so that a site rebuilt meanwhile is served as it is.
  const files = sirv(folder, {dev: true, etag: true, onNoMatch: (_, response) => notFound(folder, response)});
  const server = createServer((request, response) => {
    response.setHeader("X-Content-Type-Options", "nosniff");
    files(request, response);
  });
  await listen(server, chosen, host);
  const address = server.address();
  const listening = typeof address === "object" && address ? address.port : chosen;
  return {url: `http://${host}:${listening}/`, close: () => close(server)};
}

function requireSite(folder: string): void {
  if (existsSync(join(folder, "index.html"))) return;
  throw new BadInput({
    where: folder,
    expected: "a built notebook with an index.html",
    found: existsSync(folder) ? "a folder without one" : "no such folder",
    mend: "Build it first: npx because build."
  });
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? portTaken(port) : error)
    );
    server.listen(port, host, resolve);
  });
}

function portTaken(port: number): BadInput {
  return new BadInput({
    where: `port ${port}`,
    expected: "a free port",
    found: "a program that already listens on it",
    mend: "Stop that program, name another port with --port, or leave --port out to take a free one."
  });
}

function notFound(folder: string, response: ServerResponse): void {
  const page = join(folder, "404.html");
  response.statusCode = 404;
  response.setHeader(
    "Content-Type",
    existsSync(page) ? "text/html;charset=utf-8" : "text/plain;charset=utf-8"
  );
  response.end(existsSync(page) ? readFileSync(page) : "There is no such page in this notebook.");
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
