import { createHmac, randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { deriveKey, lookup, open, seal } from "./cipher";
import { KeyCache } from "./key-cache";

const key = randomBytes(32);

test("what is sealed opens again, for any text and bytes, and never looks the same twice", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.uint8Array(), (text, bytes) => {
      expect(open(key, seal(key, text, "here"), "here").toString()).toBe(text);
      expect(open(key, seal(key, Buffer.from(bytes), "here"), "here")).toEqual(Buffer.from(bytes));
      expect(seal(key, text, "here").equals(seal(key, text, "here"))).toBe(false);
    }),
    { numRuns: 200 },
  );
});

test("any changed byte, another place, another key or a shorter value does not open", () => {
  const sealed = seal(key, "+34600000001", "identifiers|value|1");
  for (let i = 0; i < sealed.length; i += 1) {
    const altered = Buffer.from(sealed);
    altered.writeUInt8(altered.readUInt8(i) ^ 1, i);
    expect(() => open(key, altered, "identifiers|value|1")).toThrow();
  }
  expect(() => open(key, sealed, "identifiers|value|2")).toThrow();
  expect(() => open(randomBytes(32), sealed, "identifiers|value|1")).toThrow("another key");
  for (const length of [0, 1, 20, sealed.length - 1]) {
    expect(() => open(key, sealed.subarray(0, length), "identifiers|value|1")).toThrow();
  }
});

test("a lookup is HMAC-SHA-256 of kind, a zero byte and the value, so that kind and value cannot run into each other", () => {
  const expected = createHmac("sha256", key).update("phone\0+34600000001").digest();
  expect(lookup(key, "phone", "+34600000001")).toEqual(expected);
  expect(lookup(key, "ab", "c").equals(lookup(key, "a", "bc"))).toBe(false);
});

test("derived keys differ by purpose and from their master", () => {
  expect(deriveKey(key, "one")).toEqual(deriveKey(key, "one"));
  expect(deriveKey(key, "one").equals(deriveKey(key, "two"))).toBe(false);
});

test("a cached key is forgotten after its time, over the bound, and when it is destroyed meanwhile", () => {
  let now = 0;
  const cache = new KeyCache({ maxAgeMs: 60_000, maxKeys: 2 }, () => now);
  cache.set("a", key, cache.generation);
  now = 59_999;
  expect(cache.take(["a"]).found.has("a")).toBe(true);
  now = 60_000;
  expect(cache.take(["a"])).toEqual({ found: new Map(), missing: ["a"] });
  for (const id of ["b", "c", "d"]) cache.set(id, key, cache.generation);
  expect(cache.take(["b", "c", "d"]).missing).toEqual(["b"]);
  const readBegun = cache.generation;
  cache.forget(["c"]);
  cache.set("c", key, readBegun); // the read that was under way when the key was destroyed
  expect(cache.take(["c"]).missing).toEqual(["c"]);
  expect(cache.size).toBe(1);
});
