import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isUuid, laneOf, laneOfHash, newContactId, newId, parsePublicId, publicId } from "./ids";

test("ids made one after the other sort in that order, also inside one millisecond", () => {
  const ids = Array.from({ length: 20_000 }, newId);
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test("an id is a uuid v7 that carries its time; a contact's is v4 and carries none", () => {
  const before = Date.now();
  const id = newId();
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const ms = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
  expect(ms).toBeGreaterThanOrEqual(before);
  expect(newContactId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("lanes are the low six bits of a contact's id and of a hash's first byte, and contacts fill all of them", () => {
  expect(laneOf("00000000-0000-4000-8000-0000000000ff")).toBe(63);
  expect(laneOf("00000000-0000-4000-8000-000000000040")).toBe(0);
  expect(laneOfHash(Buffer.from([0xc1, 0xff]))).toBe(1);
  const used = new Set(Array.from({ length: 4_000 }, () => laneOf(newContactId())));
  expect(used.size).toBe(64);
});

test("a public id leads back to its uuid and to no other, and only under its own prefix", () => {
  fc.assert(
    fc.property(fc.uuid(), (uuid) => {
      const text = publicId("cmp", uuid);
      expect(text).toMatch(/^cmp_[0-9a-hjkmnp-tv-z]{26}$/);
      expect(parsePublicId("cmp", text)).toBe(uuid);
      expect(parsePublicId("con", text)).toBeUndefined();
    }),
  );
});

test("the first and the last uuid have the TypeID form", () => {
  expect(publicId("cmp", "00000000-0000-0000-0000-000000000000")).toBe("cmp_00000000000000000000000000");
  expect(publicId("cmp", "ffffffff-ffff-ffff-ffff-ffffffffffff")).toBe("cmp_7zzzzzzzzzzzzzzzzzzzzzzzzz");
});

test.each([
  "",
  "cmp_",
  "cmp_8zzzzzzzzzzzzzzzzzzzzzzzzz",
  "cmp_0000000000000000000000000",
  "cmp_0000000000000000000000000U",
  "cmp_0000000000000000000000000i",
  "CMP_00000000000000000000000000",
  "00000000-0000-0000-0000-000000000000",
])("%j is no public id", (text) => {
  expect(parsePublicId("cmp", text)).toBeUndefined();
});

test("only canonical uuids pass", () => {
  expect(isUuid("018f4e5c-0000-7000-8000-00000000000a")).toBe(true);
  expect(isUuid("018F4E5C-0000-7000-8000-00000000000A")).toBe(false);
  expect(() => publicId("cmp", "x")).toThrow(TypeError);
});
