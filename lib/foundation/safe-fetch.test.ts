import { createServer, request as httpRequest, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isPublicAddress } from "./public-address";
import { type Internet, safeFetch } from "./safe-fetch";

let answer: RequestListener;
const server = createServer((request, response) => answer(request, response));
let port: number;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((done) => server.close(done)));

/** An internet whose every host is the server of this test; it notes which address each connection asked for. */
function net(hosts: Record<string, string[]>): Internet & { connected: string[] } {
  const connected: string[] = [];
  return {
    connected,
    resolve: async (host) => {
      const found = hosts[host];
      if (!found) throw new Error("ENOTFOUND");
      return found;
    },
    request: (url, options, onAnswer: (message: IncomingMessage) => void) => {
      options.lookup?.(url.hostname, { all: false }, (_error, address) => connected.push(String(address)));
      const local = { method: options.method, signal: options.signal, headers: options.headers, agent: false } as const;
      return httpRequest(`http://127.0.0.1:${port}${url.pathname}`, local, onAnswer);
    },
  };
}

const shop = { "shop.example": ["93.184.215.14"] };

test("an address is asked where it was checked, and the body comes back", async () => {
  answer = (request, response) => {
    expect(request.headers.cookie).toBeUndefined();
    response.setHeader("content-type", "image/png; charset=x").end("picture");
  };
  const world = net(shop);
  const fetched = await safeFetch("https://shop.example/a.png", { contentTypes: ["image/png"] }, world);
  expect(fetched).toEqual({ kind: "answered", status: 200, contentType: "image/png", body: Buffer.from("picture") });
  expect(world.connected).toEqual(["93.184.215.14"]);
});

describe("nothing is connected to", () => {
  test.each([
    ["http://shop.example/", "address_refused"],
    ["https://shop.example:8443/", "address_refused"],
    ["https://me:secret@shop.example/", "address_refused"],
    ["https://127.1/", "address_refused"],
    ["https://[::ffff:7f00:1]/", "address_refused"],
    ["https://two-faced.example/", "address_refused"],
    ["https://unknown.example/", "unresolved"],
    ["https://nowhere.example/", "unresolved"],
    ["no address", "address_refused"],
  ])("%s", async (address, reason) => {
    const world = net({ ...shop, "two-faced.example": ["93.184.215.14", "10.0.0.5"], "nowhere.example": [] });
    expect(await safeFetch(address, {}, world)).toEqual({ kind: "refused", reason });
    expect(world.connected).toEqual([]);
  });
});

test("a redirect is not followed", async () => {
  answer = (_request, response) => response.writeHead(302, { location: "https://127.0.0.1/" }).end();
  const world = net(shop);
  expect(await safeFetch("https://shop.example/", {}, world)).toEqual({ kind: "refused", reason: "redirected" });
  expect(world.connected).toHaveLength(1);
});

test("another type, too much, and a connection that breaks are refusals, not failures", async () => {
  answer = (_request, response) => void response.setHeader("content-type", "text/html").end("x".repeat(2_000));
  const fetched = (wish: Parameters<typeof safeFetch>[1]) => safeFetch("https://shop.example/", wish, net(shop));
  expect(await fetched({ contentTypes: ["image/png"] })).toEqual({ kind: "refused", reason: "content_type" });
  expect(await fetched({ maxBytes: 1_999 })).toEqual({ kind: "refused", reason: "too_large" });
  expect(await fetched({ maxBytes: 2_000 })).toMatchObject({ kind: "answered" });
  expect(await fetched({ method: "HEAD" })).toMatchObject({ kind: "answered", status: 200 });
  answer = (request) => request.socket.destroy();
  expect(await fetched({})).toEqual({ kind: "refused", reason: "unreachable" });
});

test("addresses that only look public are not", () => {
  const not = ["2002:7f00:1::", "2001:db8::1", "fe80::1", "ff02::1", "fe80::1%eth0", "::", "198.19.1.1", "224.0.0.1"];
  expect(not.filter(isPublicAddress)).toEqual([]);
  expect(["2a00:1450:4003::1", "1.1.1.1", "198.20.0.1"].filter(isPublicAddress)).toHaveLength(3);
});
