import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createCloudApi } from "./client";
import { freeFormRequest } from "./free-form";
import { closeAll, closeLater } from "./sandbox/testing";

afterEach(closeAll);

const NUMBER = "800000000000001";
const hello = freeFormRequest({ to: "+34600000001", type: "text", body: "hola" });

function clientOf(baseUrl: string, timeouts = {}) {
  const api = createCloudApi({ baseUrl, apiVersion: "v25.0", token: "t", timeouts });
  closeLater(api.close);
  return api;
}

/** A server that answers every request in one way, and counts them. */
async function serve(listener: RequestListener) {
  const seen = { requests: 0 };
  const server = createServer((request, response) => {
    seen.requests++;
    listener(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  closeLater(
    () =>
      new Promise((closed) => {
        server.close(closed);
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo; // Listening on TCP.
  return Object.assign(seen, { url: `http://127.0.0.1:${port}` });
}

const answering = (status: number, body: string) =>
  serve((_request, response) => void response.writeHead(status).end(body));

test.each([
  ["an error page without a code", 500, "<html>", { kind: "ambiguous", reason: "http_500" }],
  ["a server error with a code", 503, '{"error":{"code":2}}', { kind: "ambiguous", reason: "http_503_code_2" }],
  ["a 200 that cannot be read", 200, '{"messages":[', { kind: "ambiguous", reason: "unreadable_answer" }],
  ["a 200 without a message id", 200, '{"messages":[]}', { kind: "ambiguous", reason: "unreadable_answer" }],
  ["a redirect", 302, "", { kind: "ambiguous", reason: "http_302" }],
  ["a proxy's refusal without a code", 403, "blocked", { kind: "ambiguous", reason: "http_403" }],
  ["too many requests", 429, "", { kind: "retry", scope: "number", code: 429 }],
  ["throughput", 400, '{"error":{"code":130429}}', { kind: "retry", scope: "number", code: 130429 }],
  ["an expired token", 401, '{"error":{"code":190}}', { kind: "retry", scope: "account", code: 190 }],
  ["a missing template", 404, '{"error":{"code":"132001","message":"m"}}', { kind: "rejected", code: 132001 }],
  ["acceptance", 200, '{"messages":[{"id":"wamid.1"}]}', { kind: "accepted", wamid: "wamid.1" }],
  [
    "a paused template",
    200,
    '{"messages":[{"id":"wamid.1","message_status":"paused"}]}',
    { kind: "held", wamid: "wamid.1" },
  ],
])("each answer has one meaning: %s", async (_what, status, body, outcome) => {
  const server = await answering(status, body);
  expect(await clientOf(server.url).sendMessage(NUMBER, hello)).toMatchObject(outcome);
  expect(server.requests).toBe(1); // Never repeated by itself.
});

test("no server at the address: certainly unsent", async () => {
  const server = await answering(200, "");
  await closeAll();
  expect(await clientOf(server.url).sendMessage(NUMBER, hello)).toEqual({ kind: "unsent", reason: "ECONNREFUSED" });
});

test("no answer in time: may have been sent", async () => {
  const server = await serve(() => undefined);
  const outcome = await clientOf(server.url, { headersMs: 50 }).sendMessage(NUMBER, hello);
  expect(outcome).toEqual({ kind: "ambiguous", reason: "UND_ERR_HEADERS_TIMEOUT" });
});

test("a connection cut in the answer: may have been sent, and is not repeated", async () => {
  const server = await serve((_request, response) => {
    response.writeHead(200, { "content-length": "100" }).write('{"messages"');
    response.socket?.destroySoon();
  });
  expect(await clientOf(server.url).sendMessage(NUMBER, hello)).toMatchObject({ kind: "ambiguous" });
  expect(server.requests).toBe(1);
});

test("an answer that drips for ever ends at the total time", async () => {
  const server = await serve((_request, response) => void response.writeHead(200).write(" "));
  const outcome = await clientOf(server.url, { totalMs: 1_000 }).sendMessage(NUMBER, hello);
  expect(outcome).toEqual({ kind: "ambiguous", reason: "deadline" });
});

test("what may not start is not sent: asked when the connection is free, right before the first byte", async () => {
  const server = await answering(200, '{"messages":[{"id":"wamid.1"}]}');
  const api = clientOf(server.url);
  const outcome = await api.sendMessage(NUMBER, hello, { mayStart: () => false });
  expect(outcome).toEqual({ kind: "unsent", reason: "not_allowed" });
  expect(server.requests).toBe(0);
  expect(await api.sendMessage(NUMBER, hello, { mayStart: () => true })).toMatchObject({ kind: "accepted" });
});

test("a request that waits for a connection past its time is unsent", async () => {
  const server = await serve(() => undefined);
  const api = createCloudApi({
    baseUrl: server.url,
    apiVersion: "v25.0",
    token: "t",
    connections: 1,
    timeouts: { totalMs: 1_000 },
  });
  closeLater(api.close);
  const [first, second] = await Promise.all([api.sendMessage(NUMBER, hello), api.sendMessage(NUMBER, hello)]);
  expect(first).toEqual({ kind: "ambiguous", reason: "deadline" });
  expect(second).toEqual({ kind: "unsent", reason: "deadline" });
});

test("a stale cursor restarts the list once from its first page", async () => {
  const template = { id: 1, name: "a", language: "es", status: "APPROVED", category: "MARKETING" };
  const page = { data: [template], paging: { cursors: { after: "old" }, next: "http://x" } };
  const stale = { error: { code: 131059 } };
  const answers = [page, stale, { data: [template] }];
  const server = await serve((_request, response) => {
    const answer = answers.shift();
    response.writeHead(answer === stale ? 400 : 200).end(JSON.stringify(answer));
  });
  const listed = await clientOf(server.url).listTemplates("9");
  expect(listed).toMatchObject({ kind: "ok", value: [{ id: "1", name: "a" }] });
});
