import { expect, test } from "vitest";
import { publicId } from "@/lib/foundation/ids";
import { consentLogFilter, consentLogPath } from "./consent-log-query";

const id = "01999999-9999-7999-8999-999999999999";

test("every filter of the address is understood, days as whole days of the organisation's zone", () => {
  const query = {
    type: "granted",
    purpose: publicId("pur", id),
    source: "web_form",
    wording: publicId("wrd", id),
    country: "ES",
    by: "contact",
    from: "2026-12-01",
    to: "2026-12-01",
    size: "200",
  };
  expect(consentLogFilter(query, "Europe/Madrid")).toEqual({
    type: "granted",
    purposeId: id,
    source: "web_form",
    wordingVersionId: id,
    country: "ES",
    by: "contact",
    from: new Date("2026-11-30T23:00:00Z"),
    to: new Date("2026-12-01T23:00:00Z"),
    limit: 200,
  });
});

test("what an address cannot mean is left out", () => {
  const query = { type: "all", purpose: id, country: "XX", by: "me", from: "soon", size: "1e9", cursor: "a~b" };
  expect(consentLogFilter(query, "UTC")).toEqual({});
});

test("the next page keeps the filters", () => {
  expect(consentLogPath("/x", { type: "granted", size: "100" }, { cursor: "c" })).toBe(
    "/x?type=granted&size=100&cursor=c",
  );
});
