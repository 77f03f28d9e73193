/** Tells the preview's Live page how runs are getting on: from this machine, to this preview's pages, and nothing else. */
import {createServer, type IncomingMessage, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import type {LiveStudy} from "../../src/core/live.js";

export interface LiveEndpoint {
  /** What the page asks. */
  url: string;
  close(): Promise<void>;
}

/**
 * Answers on a free port of 127.0.0.1.
 *
 * @param port of the preview, whose pages alone may read the answers
 * @param read what is known now
 */
export async function openLiveEndpoint(
  port: number,
  read: () => Promise<LiveStudy[]>
): Promise<LiveEndpoint> {
  const origins = new Set(["127.0.0.1", "localhost"].map((host) => `http://${host}:${port}`));
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const {origin, host} = request.headers;
    const own = (server.address() as AddressInfo).port;
    // A page of another site has another origin; one that calls itself 127.0.0.1 by its name server has another host.
    const trusted = host === `127.0.0.1:${own}` && (origin === undefined || origins.has(origin));
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Cache-Control", "no-store");
    if (!trusted || request.method !== "GET" || request.url !== "/runs")
      return void response.writeHead(trusted ? 404 : 403).end();
    if (origin) response.setHeader("Access-Control-Allow-Origin", origin);
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(await read()));
  };
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/runs`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      })
  };
}
