import type { ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { freeFormRequest } from "./free-form";
import { answering, answeringInTurn, clientOf, closeServers, serve } from "./testing/local-server";

afterEach(closeServers);

const NUMBER = "800000000000001";
const hello = freeFormRequest({ to: "+34600000001", type: "text", body: "hola" });

test.each([
  ["an error page without a code", 500, "<html>", { kind: "ambiguous", reason: "http_500" }],
  ["a server error without a body", 503, "", { kind: "ambiguous", reason: "http_503" }],
  ["a server error with a code", 503, '{"error":{"code":2}}', { kind: "ambiguous", reason: "http_503_code_2" }],
  ["a 200 that cannot be read", 200, '{"messages":[', { kind: "ambiguous", reason: "unreadable_answer" }],
  ["a 200 without a message id", 200, '{"messages":[]}', { kind: "ambiguous", reason: "unreadable_answer" }],
  ["a 200 that is not JSON", 200, "\u0000\uFFFD", { kind: "ambiguous", reason: "unreadable_answer" }],
  ["a redirect", 302, "", { kind: "ambiguous", reason: "http_302" }],
  ["a proxy's refusal without a code", 403, "blocked", { kind: "ambiguous", reason: "http_403" }],
  ["too many requests", 429, "", { kind: "retry", scope: "number", code: 429 }],
  ["too many requests with a code", 429, '{"error":{"code":4}}', { kind: "retry", scope: "account", code: 4 }],
  ["throughput", 400, '{"error":{"code":130429}}', { kind: "retry", scope: "number", code: 130429 }],
  ["an expired token", 401, '{"error":{"code":190}}', { kind: "retry", scope: "account", code: 190 }],
  [
    "a wrong number id",
    400,
    '{"error":{"code":100,"error_subcode":33}}',
    { kind: "retry", scope: "number", code: 100 },
  ],
  ["a missing template", 404, '{"error":{"code":"132001","message":"m"}}', { kind: "rejected", code: 132001 }],
  ["an unknown code", 400, '{"error":{"code":999999}}', { kind: "rejected", code: 999999 }],
  ["an unknown server error", 500, '{"error":{"code":999999}}', { kind: "ambiguous" }],
  ["a code that is none", 400, '{"error":{"code":"many"}}', { kind: "ambiguous", reason: "http_400" }],
  ["acceptance", 200, '{"messages":[{"id":"wamid.1"}]}', { kind: "accepted", wamid: "wamid.1" }],
  [
    "numbers for texts",
    200,
    '{"contacts":[{"wa_id":34600000001}],"messages":[{"id":"wamid.1"}]}',
    { kind: "accepted", wamid: "wamid.1", waId: "34600000001" },
  ],
  [
    "a paused template",
    200,
    '{"messages":[{"id":"wamid.1","message_status":"paused"}]}',
    { kind: "held", wamid: "wamid.1" },
  ],
])("each answer has one meaning: %s", async (_what, status, body, outcome) => {
  const server = await answering(status, body);
  expect(await clientOf(server.url).sendMessage(NUMBER, hello)).toMatchObject(outcome);
  expect(server.requests).toHaveLength(1); // Never repeated by itself.
});

test("version, token and route of a send are the settings'", async () => {
  const server = await answering(200, '{"messages":[{"id":"wamid.1"}]}');
  const api = clientOf(`${server.url}/graph/`);
  await api.sendMessage(NUMBER, hello);
  await api.sendMessage(NUMBER, hello, { endpoint: "marketing_messages" });
  expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `POST /graph/v25.0/${NUMBER}/messages`,
    `POST /graph/v25.0/${NUMBER}/marketing_messages`,
  ]);
  expect(server.requests[0]?.headers.authorization).toBe("Bearer t");
});

test("no server at the address: certainly unsent", async () => {
  const server = await answering(200, "");
  await closeServers();
  expect(await clientOf(server.url).sendMessage(NUMBER, hello)).toEqual({ kind: "unsent", reason: "ECONNREFUSED" });
});

test("no answer in time: may have been sent", async () => {
  const server = await serve(() => undefined);
  const outcome = await clientOf(server.url, { headersMs: 50 }).sendMessage(NUMBER, hello);
  expect(outcome).toEqual({ kind: "ambiguous", reason: "UND_ERR_HEADERS_TIMEOUT" });
});

test("an answer that stops in the middle: may have been sent", async () => {
  const server = await serve((_request, response) => {
    response.writeHead(200, { "content-length": "100" }).write('{"messages"');
  });
  const outcome = await clientOf(server.url, { bodyMs: 50 }).sendMessage(NUMBER, hello);
  expect(outcome).toEqual({ kind: "ambiguous", reason: "UND_ERR_BODY_TIMEOUT" });
});

test("a connection cut in the answer: may have been sent, and is not repeated", async () => {
  const server = await serve((_request, response) => {
    response.writeHead(200, { "content-length": "100" }).write('{"messages"');
    response.socket?.destroySoon();
  });
  expect(await clientOf(server.url).sendMessage(NUMBER, hello)).toMatchObject({ kind: "ambiguous" });
  expect(server.requests).toHaveLength(1);
});

test("a connection cut before the answer: may have been sent, and is not repeated", async () => {
  const server = await serve((request) => request.socket.destroy());
  expect(await clientOf(server.url).sendMessage(NUMBER, hello)).toMatchObject({ kind: "ambiguous" });
  expect(server.requests).toHaveLength(1);
});

test("an answer that drips for ever ends at the total time", async () => {
  const server = await serve((_request, response) => void response.writeHead(200).write(" "));
  const outcome = await clientOf(server.url, { totalMs: 500 }).sendMessage(NUMBER, hello);
  expect(outcome).toEqual({ kind: "ambiguous", reason: "deadline" });
});

test("an endless answer is not kept in memory", async () => {
  const flood = Buffer.alloc(1024 * 1024, " ");
  const server = await serve((_request, response) => {
    response.writeHead(200);
    const more = () => {
      while (!response.destroyed && response.write(flood));
    };
    response.on("drain", more);
    more();
  });
  const outcome = await clientOf(server.url).sendMessage(NUMBER, hello);
  expect(outcome).toEqual({ kind: "ambiguous", reason: "answer_too_large" });
});

test("what may not start is not sent: asked when the connection is free, right before the first byte", async () => {
  const server = await answering(200, '{"messages":[{"id":"wamid.1"}]}');
  const api = clientOf(server.url);
  const outcome = await api.sendMessage(NUMBER, hello, { mayStart: () => false });
  expect(outcome).toEqual({ kind: "unsent", reason: "not_allowed" });
  expect(server.requests).toHaveLength(0);
  expect(await api.sendMessage(NUMBER, hello, { mayStart: () => true })).toMatchObject({ kind: "accepted" });
});

test("a request that waits for a connection past its time is unsent", async () => {
  const server = await serve(() => undefined);
  const api = clientOf(server.url, { totalMs: 500 }, 1);
  const [first, second] = await Promise.all([api.sendMessage(NUMBER, hello), api.sendMessage(NUMBER, hello)]);
  expect(first).toEqual({ kind: "ambiguous", reason: "deadline" });
  expect(second).toEqual({ kind: "unsent", reason: "deadline" });
});

const json = (status: number, body: object) => (response: ServerResponse) =>
  void response.writeHead(status).end(JSON.stringify(body));

test("a stale cursor restarts the list once from its first page", async () => {
  const template = { id: 1, name: "a", language: "es", status: "APPROVED", category: "MARKETING" };
  const page = { data: [template], paging: { cursors: { after: "old" }, next: "http://x" } };
  const stale = { error: { code: 131059 } };
  const fresh = await answeringInTurn(json(200, page), json(400, stale), json(200, { data: [template] }));
  const listed = await clientOf(fresh.url).listTemplates("9");
  expect(listed).toMatchObject({ kind: "ok", value: [{ id: "1", name: "a" }] });
  const hopeless = await answeringInTurn(json(200, page), json(400, stale));
  expect(await clientOf(hopeless.url).listTemplates("9")).toMatchObject({ kind: "refused", code: 131059 });
  expect(hopeless.requests).toHaveLength(3);
});

test("a list that never ends is given up", async () => {
  const page = { data: [], paging: { cursors: { after: "again" }, next: "http://x" } };
  const server = await answering(200, page);
  expect(await clientOf(server.url).listPhoneNumbers("9")).toEqual({ kind: "unavailable", reason: "too_many_pages" });
});

test.each([
  ["an expired token", 401, '{"error":{"code":190,"message":"m"}}', { kind: "refused", code: 190 }],
  ["a wrong id", 400, '{"error":{"code":100,"error_subcode":33}}', { kind: "refused", code: 100, subcode: 33 }],
  ["a limit", 400, '{"error":{"code":80007}}', { kind: "refused", code: 80007, retryAfterMs: 60_000 }],
  ["a server error without a body", 500, "", { kind: "unavailable", reason: "http_500" }],
  ["half an answer", 200, '{"id":', { kind: "unavailable", reason: "unreadable_answer" }],
  ["another answer", 200, '{"ok":1}', { kind: "unavailable", reason: "unreadable_answer" }],
])("a management call says what came of it: %s", async (_what, status, body, result) => {
  const server = await answering(status, body);
  expect(await clientOf(server.url).getPhoneNumber(NUMBER)).toMatchObject(result);
});
