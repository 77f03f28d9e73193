/**
 * One question over HTTP. Not by `fetch`, whose headers (`Sec-Fetch-Mode`) Ray takes for those of a browser, from which it
 * accepts no jobs. Leads to no other address, and trusts the certificates that Node.js trusts.
 */
import {request as requestPlain, type IncomingMessage} from "node:http";
import {request as requestSecure} from "node:https";

export interface Question {
  method: string;
  headers: Record<string, string>;
  body?: string;
  /** Milliseconds until the whole answer must be there. */
  timeout: number;
  /** Bytes that an answer may have. */
  most: number;
}

export interface Reply {
  status: number;
  text: string;
}

/** @throws Error where no whole answer comes in time */
export function askHttp(address: string, {method, headers, body, timeout, most}: Question): Promise<Reply> {
  const signal = AbortSignal.timeout(timeout);
  const request = address.startsWith("https:") ? requestSecure : requestPlain;
  return new Promise<Reply>((resolve, reject) => {
    const late = (error: Error): void => reject(signal.aborted ? new Error("no word in time") : error);
    const asked = request(address, {method, headers, signal, agent: false}, (response) => {
      readText(response, most).then((text) => resolve({status: response.statusCode ?? 0, text}), late);
    });
    asked.once("error", late);
    asked.end(body);
  });
}

async function readText(response: IncomingMessage, most: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > most) throw new Error(`its answer is longer than ${most / 1e6} MB`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
