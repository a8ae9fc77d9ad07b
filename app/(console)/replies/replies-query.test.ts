import { expect, test } from "vitest";
import { publicId } from "@/lib/foundation/ids";
import { repliesPath, replyFilter } from "./replies-query";

const id = "01970000-0000-7000-8000-000000000001";

test("an address is read back as it was written, and what is not understood shows what waits", () => {
  const query = { state: "handled", class: "question", campaign: publicId("cmp", id) };
  const address = new URL(repliesPath("/replies", query, { cursor: "1~x" }), "http://x");
  expect(Object.fromEntries(address.searchParams)).toEqual({ ...query, cursor: "1~x" });
  expect(replyFilter(query)).toEqual({ state: "handled", replyClass: "question", campaignId: id });
  expect(replyFilter({ state: "x", class: "y", campaign: "z" })).toEqual({
    state: "open",
    replyClass: undefined,
    campaignId: undefined,
  });
  expect(repliesPath("/replies", query, { state: "", class: "", campaign: "" })).toBe("/replies");
});
