import { expect, test } from "vitest";
import { effectOf } from "@/lib/whatsapp/error-codes";
import { peopleAllowed } from "./limits";
import { judgeRelease } from "./release";
import { stopOf, stopOfStatus } from "./stops";

const codes = [0, 1, 2, 3, 4, 10, 33, 100, 190, 200, 299, 368, 80_007, 130_429, 131_048, 131_056, 131_057];
const ranges = [131_000, 132_000, 133_000, 134_000, 135_000].flatMap((from) =>
  Array.from({ length: 110 }, (_, i) => from + i),
);

test("every code after which the client says that sending must stop is a stop here, and no other", () => {
  for (const code of [...codes, ...ranges, 134_011, 134_102]) {
    const effect = effectOf(code);
    expect([code, stopOf(code) !== undefined]).toEqual([code, effect === "stop_account" || effect === "stop_number"]);
  }
});

test("100 stops only where it says that the id is not ours", () => {
  expect(stopOf(100)).toBeUndefined();
  expect(stopOf(100, 33)).toEqual({ reach: "number", cause: "not_found" });
});

test("a number that Meta took away may not send, one that it only slows or rates may", () => {
  const stopping = ["BANNED", "RESTRICTED", "DELETED", "MIGRATED", "DISCONNECTED", "UNVERIFIED"];
  for (const status of stopping) expect(stopOfStatus(status)).toBeDefined();
  for (const status of ["CONNECTED", "PENDING", "FLAGGED", "RATE_LIMITED", "UNKNOWN", "NEW_ONE", undefined])
    expect(stopOfStatus(status)).toBeUndefined();
});

test.each([
  ["TIER_250", 250],
  ["TIER_2K", 2_000],
  ["TIER_10K", 10_000],
  ["TIER_100K", 100_000],
  ["TIER_UNLIMITED", undefined],
  ["SOMETHING_NEW", 250],
])("%s is %s people in 24 h", (limit, people) => {
  expect(peopleAllowed(limit)).toBe(people);
});

test("two people release a stop, one of them compliance; alone only in solo mode", () => {
  const release = {
    askedBy: "a",
    askerRoles: ["owner"],
    releaserId: "b",
    releaserRoles: ["approver"],
    isSolo: false,
  } as const;
  expect(judgeRelease({ ...release, releaserId: "a" })).toBe("same_person");
  expect(judgeRelease(release)).toBe("compliance_missing");
  expect(judgeRelease({ ...release, releaserRoles: ["compliance"] })).toBe("two_people");
  expect(judgeRelease({ ...release, askerRoles: ["compliance"] })).toBe("two_people");
  expect(judgeRelease({ ...release, releaserId: "a", isSolo: true })).toBe("solo");
});
