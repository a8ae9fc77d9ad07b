import { expect, test } from "vitest";
import { ledgerFilter, ledgerPath } from "./ledger-query";

const filter = (query: Parameters<typeof ledgerFilter>[0]) => ledgerFilter(query, "Europe/Madrid");

test("days are whole days of the organisation's zone, the last one included, also over a clock change", () => {
  expect(filter({ from: "2026-10-25", to: "2026-10-25" })).toEqual({
    from: new Date("2026-10-24T22:00:00Z"),
    to: new Date("2026-10-25T23:00:00Z"),
  });
});

test("a family asks for everything that begins so; an unknown one asks for nothing special", () => {
  expect(filter({ type: "consent" })).toEqual({ type: "consent." });
  expect(filter({ type: "'; drop table log_entries" })).toEqual({});
});

test.each([{ from: "2026-13-40" }, { to: "tomorrow" }, { cursor: "-1" }, { cursor: "1e9" }])(
  "what an address cannot mean (%j) is left out",
  (query) => {
    expect(filter(query)).toEqual({});
  },
);

test("opening and closing an entry keeps the list as it was", () => {
  const query = { type: "send", from: "2026-12-01", cursor: "40" };
  const opened = ledgerPath(query, { entry: "39" });
  expect(opened).toBe("/compliance/ledger?type=send&from=2026-12-01&cursor=40&entry=39");
  expect(ledgerPath({ ...query, entry: "39" }, { entry: undefined })).toBe(
    "/compliance/ledger?type=send&from=2026-12-01&cursor=40",
  );
  expect(ledgerPath({}, {})).toBe("/compliance/ledger");
});
