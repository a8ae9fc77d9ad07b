import { expect, test } from "vitest";
import type { Fetched } from "@/lib/foundation/safe-fetch";
import { type FetchPage, linkHealth } from "./link-health";

const answered = (status: number): Fetched => ({ kind: "answered", status, contentType: "", body: Buffer.alloc(0) });
/** A shop that answers so; `asked` are the methods it was asked with. */
function shop(head: Fetched, get: Fetched = head) {
  const asked: string[] = [];
  const fetchPage: FetchPage = async (_address, { method }) => {
    asked.push(method);
    return method === "HEAD" ? head : get;
  };
  return { asked, fetchPage };
}

test("a page that answers, leads on or is large is there", async () => {
  const there: Fetched[] = [
    answered(200),
    { kind: "refused", reason: "redirected" },
    { kind: "refused", reason: "too_large" },
  ];
  for (const head of there)
    expect(await linkHealth("https://shop.com/a", shop(head).fetchPage)).toEqual({ kind: "answers" });
});

test("a shop that refuses HEAD is asked as a browser would; what it says then counts", async () => {
  const picky = shop(answered(405), answered(200));
  expect(await linkHealth("https://shop.com/a", picky.fetchPage)).toEqual({ kind: "answers" });
  expect(picky.asked).toEqual(["HEAD", "GET"]);
  expect(await linkHealth("https://shop.com/a", shop(answered(404)).fetchPage)).toEqual({ kind: "error", status: 404 });
});

test("a page that cannot be reached says why", async () => {
  const silent = shop({ kind: "refused", reason: "unresolved" });
  expect(await linkHealth("https://shop.com/", silent.fetchPage)).toEqual({ kind: "silent", reason: "unresolved" });
});

test.each([
  "https://tienda.example/otono",
  "https://shop.example.com/",
  "https://localhost/",
  "http://127.0.0.1:3002/shop",
  "no address",
])("%s is never asked", async (address) => {
  const { asked, fetchPage } = shop(answered(200));
  expect(await linkHealth(address, fetchPage)).toEqual({ kind: "not_asked" });
  expect(asked).toEqual([]);
});
