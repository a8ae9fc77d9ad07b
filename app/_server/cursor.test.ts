import { expect, test } from "vitest";
import * as z from "zod";
import { PageInput, pageOf, readCursor, writeCursor } from "./cursor";

const Keys = z.object({ at: z.string(), id: z.string() });

test("a cursor brings back the keys of the row it was made from", () => {
  const keys = { at: "2026-12-01T10:00:00Z", id: "ñ" };
  expect(readCursor(Keys, writeCursor(keys))).toEqual(keys);
});

test("what is not a cursor of this list is none", () => {
  for (const text of ["", "x", "e30", writeCursor({ id: 3 })]) expect(readCursor(Keys, text)).toBeUndefined();
});

test("a page has 1 to 200 rows, 50 unless asked, and says where the next begins", () => {
  expect(PageInput.parse({})).toEqual({ limit: 50 });
  expect(PageInput.safeParse({ limit: "201" }).success).toBe(false);
  expect(pageOf(z.string()).parse({ data: ["a"], nextCursor: null })).toEqual({ data: ["a"], nextCursor: null });
});
