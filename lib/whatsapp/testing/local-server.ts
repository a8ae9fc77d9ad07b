import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createCloudApi } from "../client";
import type { Timeouts } from "../exchange";

export interface SeenRequest {
  method: string;
  /** With the query, as it was sent. */
  url: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

const open: (() => Promise<unknown>)[] = [];

/** Closes every server and client of a test; for `afterEach`. */
export async function closeServers() {
  await Promise.all(open.splice(0).map((close) => close()));
}

/** A server on this machine that answers every request in one way, and keeps what it was asked. */
export async function serve(listener: RequestListener) {
  const requests: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = "", url = "", headers } = request;
    requests.push({ method, url, headers, body: Buffer.concat(chunks) });
    listener(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  open.push(
    () =>
      new Promise((closed) => {
        server.close(closed);
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo; // Listening on TCP.
  return { url: `http://127.0.0.1:${port}`, requests };
}

/** Answers with one status and text, or with a JSON body. */
export function answering(status: number, body: string | object) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return serve((_request, response) => void response.writeHead(status).end(text));
}

/** Answers in turn; the last one again and again. */
export function answeringInTurn(...answers: ((response: ServerResponse) => void)[]) {
  return serve((_request, response) => (answers.length > 1 ? answers.shift() : answers[0])?.(response));
}

/** A client of such a server. */
export function clientOf(baseUrl: string, timeouts: Partial<Timeouts> = {}, connections?: number) {
  const api = createCloudApi({ baseUrl, apiVersion: "v25.0", token: "t", timeouts, connections });
  open.push(api.close);
  return api;
}
