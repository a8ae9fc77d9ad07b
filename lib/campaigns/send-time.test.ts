import { describe, expect, it } from "vitest";
import type { PolicyRules } from "@/lib/policies/policy";
import { type CampaignSchedule, campaignSchedule, isTooLate, plainSchedule } from "./schedule";
import { localInstant, type Place, sendDays, sendTime } from "./send-time";
import { forecastWaves } from "./waves";

const always = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [String(day), [["00:00", "24:00"]]]));
const rule = { days: always, holidays: false, perDay: 9, perWeek: 9, basis: "test" } as PolicyRules["rules"][string];
const zones = {
  DEFAULT: ["UTC"],
  ES: ["Europe/Madrid", "Atlantic/Canary"],
  AU: ["Australia/Sydney", "Australia/Perth", "Australia/Lord_Howe"],
};
const open: PolicyRules = { rules: { DEFAULT: rule }, zones, holidays: {} };
const office = [["09:00", "20:00"]] as [string, string][];
const weekdaysOnly: PolicyRules = {
  ...open,
  rules: { DEFAULT: { ...rule, days: { 1: office, 2: office, 3: office, 4: office, 5: office } } },
};
const NOW = new Date("2026-01-01T00:00:00Z");
const local = (date: string, time: string): CampaignSchedule => ({
  ...plainSchedule,
  timing: { kind: "local", date, time },
});
const at = (schedule: CampaignSchedule, place: Place, { policy = open, now = NOW, day = 0 } = {}) => {
  const found = sendTime({ schedule, startsAt: null, policy, now }, place, day);
  return { ...found, at: found.at.toISOString().replace(":00.000Z", "Z") };
};
const on = (date: string, time: string, zone: string) => {
  const found = at(local(date, time), { country: null, zone });
  return [found.at, found.clockChange];
};

describe("ten o'clock on each person's own clock", () => {
  it("is another instant in every zone, winter or summer", () => {
    expect(on("2026-12-03", "10:00", "Europe/Madrid")).toEqual(["2026-12-03T09:00Z", null]);
    expect(on("2026-07-03", "10:00", "Europe/Madrid")).toEqual(["2026-07-03T08:00Z", null]);
    expect(on("2026-12-03", "10:00", "America/Santiago")).toEqual(["2026-12-03T13:00Z", null]);
    expect(on("2026-07-03", "10:00", "America/Santiago")).toEqual(["2026-07-03T14:00Z", null]);
    expect(on("2026-12-03", "10:00", "Asia/Kolkata")).toEqual(["2026-12-03T04:30Z", null]);
    expect(on("2026-07-03", "10:00", "Australia/Lord_Howe")).toEqual(["2026-07-02T23:30Z", null]);
  });

  it("has no summer time in Mexico City any more, and none in Kolkata", () => {
    expect(on("2026-04-05", "02:30", "America/Mexico_City")).toEqual(["2026-04-05T08:30Z", null]);
    expect(on("2026-07-03", "10:00", "America/Mexico_City")).toEqual(["2026-07-03T16:00Z", null]);
    expect(on("2026-03-29", "02:30", "Asia/Kolkata")).toEqual(["2026-03-28T21:00Z", null]);
  });

  it("a time that the clocks skip is the first instant after the gap", () => {
    expect(on("2026-03-29", "02:00", "Europe/Madrid")).toEqual(["2026-03-29T01:00Z", "gap"]);
    expect(on("2026-03-29", "02:30", "Europe/Madrid")).toEqual(["2026-03-29T01:00Z", "gap"]);
    expect(on("2026-03-29", "03:00", "Europe/Madrid")).toEqual(["2026-03-29T01:00Z", null]);
    // Santiago's clocks go from midnight to one o'clock.
    expect(on("2026-09-06", "00:15", "America/Santiago")).toEqual(["2026-09-06T04:00Z", "gap"]);
    expect(on("2026-09-06", "01:00", "America/Santiago")).toEqual(["2026-09-06T04:00Z", null]);
    // Lord Howe's by half an hour.
    expect(on("2026-10-04", "02:10", "Australia/Lord_Howe")).toEqual(["2026-10-03T15:30Z", "gap"]);
    expect(on("2026-10-04", "02:30", "Australia/Lord_Howe")).toEqual(["2026-10-03T15:30Z", null]);
  });

  it("a time that happens twice is the first of the two", () => {
    expect(on("2026-10-25", "02:30", "Europe/Madrid")).toEqual(["2026-10-25T00:30Z", "fold"]);
    expect(on("2026-10-25", "03:00", "Europe/Madrid")).toEqual(["2026-10-25T02:00Z", null]);
    expect(on("2026-04-04", "23:30", "America/Santiago")).toEqual(["2026-04-05T02:30Z", "fold"]);
    expect(on("2026-04-05", "01:45", "Australia/Lord_Howe")).toEqual(["2026-04-04T14:45Z", "fold"]);
    expect(on("2026-04-05", "02:00", "Australia/Lord_Howe")).toEqual(["2026-04-04T15:30Z", null]);
  });

  it("on the days after is the same local time, 23 or 25 hours on where the clocks change", () => {
    const madrid = { country: "ES", zone: "Europe/Madrid" };
    const times = [0, 1, 2].map((day) => at(local("2026-03-28", "10:00"), madrid, { day }).at);
    expect(times).toEqual(["2026-03-28T09:00Z", "2026-03-29T08:00Z", "2026-03-30T08:00Z"]);
  });

  it("suits every zone of the country where somebody's zone is unknown: not before ten in any of them", () => {
    expect(at(local("2026-12-03", "10:00"), { country: "ES", zone: null }).at).toBe("2026-12-03T10:00Z");
    expect(at(local("2026-12-03", "10:00"), { country: "AU", zone: null }).at).toBe("2026-12-03T02:00Z");
    const late = at(local("2026-12-03", "19:30"), { country: "ES", zone: null }, { policy: weekdaysOnly });
    expect(late).toMatchObject({ at: "2026-12-04T09:00Z", moved: "quiet_hours" });
  });
});

describe("what moves people away from the time that was asked for", () => {
  const madrid = { country: "ES", zone: "Europe/Madrid" };

  it("quiet hours: the next opening, over a weekend too", () => {
    expect(at(local("2026-12-05", "10:00"), madrid, { policy: weekdaysOnly })).toMatchObject({
      at: "2026-12-07T08:00Z",
      moved: "quiet_hours",
    });
  });

  it("the campaign's own weekdays and hours, inside the rules of sending and never outside of them", () => {
    const hours = { weekdays: [2 as const, 6 as const], from: "08:00", to: "11:00" };
    const schedule = { ...local("2026-12-03", "10:00"), hours };
    expect(at(schedule, madrid)).toMatchObject({ at: "2026-12-05T07:00Z", moved: "hours" });
    // Saturday is closed by the rules, and on Tuesday they open at nine.
    expect(at(schedule, madrid, { policy: weekdaysOnly })).toMatchObject({ at: "2026-12-08T08:00Z", moved: "hours" });
  });

  it("over days, a day on which nothing may leave is none: no day gets what two were to have", () => {
    const timing = { schedule: local("2026-12-03", "10:00"), startsAt: null, policy: weekdaysOnly, now: NOW };
    const timeOn = sendDays(timing, madrid);
    // Thursday, Friday; Saturday's turn is Monday's, Sunday's and Monday's own are Tuesday's.
    expect([3, 0, 1, 2].map((day) => timeOn(day).at.toISOString().slice(8, 16))).toEqual([
      "08T09:00",
      "03T09:00",
      "04T09:00",
      "07T08:00",
    ]);
    const places = [{ ...madrid, reachable: 1_725 }];
    const waves = forecastWaves(timing, { places, holdoutBasisPoints: 0, perDay: 500, deadlineAt: null });
    expect(waves.map(({ people }) => people)).toEqual([500, 500, 500, 225]);
    expect(new Set(waves.map(({ at }) => at.toISOString().slice(0, 10))).size).toBe(4);
  });

  it("a time that has passed is now; what was to go at once is never late", () => {
    const now = new Date("2026-12-03T09:30:00Z");
    expect(at(local("2026-12-03", "10:00"), madrid, { now })).toMatchObject({
      at: "2026-12-03T09:30Z",
      moved: "passed",
    });
    expect(at(plainSchedule, madrid, { now })).toMatchObject({ at: "2026-12-03T09:30Z", moved: null });
  });

  it("nobody is written to where no day is open", () => {
    const closed: PolicyRules = { ...open, rules: { DEFAULT: { ...rule, days: {} } } };
    expect(at(local("2026-12-03", "10:00"), madrid, { policy: closed }).isLegal).toBe(false);
  });

  it("a moment is the same instant everywhere, also in a gap of somebody's clocks", () => {
    const startsAt = new Date("2026-03-29T01:30:00Z");
    const timing = { schedule: plainSchedule, startsAt, policy: open, now: NOW };
    for (const zone of ["Europe/Madrid", "America/Santiago", "Australia/Lord_Howe"])
      expect(sendTime(timing, { country: null, zone }).at).toEqual(startsAt);
  });
});

describe("a schedule", () => {
  it("keeps its weekdays once each and in order, and refuses hours that end before they begin", () => {
    const hours = { weekdays: [5, 1, 5], from: "09:00", to: "24:00" };
    expect(campaignSchedule.parse({ ...plainSchedule, hours }).hours?.weekdays).toEqual([1, 5]);
    expect(campaignSchedule.safeParse({ ...plainSchedule, hours: { ...hours, to: "09:00" } }).success).toBe(false);
  });

  it("a start is missed by real time: an accelerated sandbox does not miss its start", () => {
    const [dueAt, now] = [new Date("2026-12-01T10:00:00Z"), new Date("2026-12-01T11:00:01Z")];
    expect(isTooLate(plainSchedule, { dueAt, now, speed: 1 })).toBe(true);
    expect(isTooLate(plainSchedule, { dueAt, now: new Date("2026-12-01T11:00:00Z"), speed: 1 })).toBe(false);
    expect(isTooLate(plainSchedule, { dueAt, now, speed: 600 })).toBe(false);
  });
});

it("every local minute around every change of five zones comes out once, in order, and never before it was asked for", () => {
  for (const [zone, date] of [
    ["Europe/Madrid", [2026, 3, 29]],
    ["Europe/Madrid", [2026, 10, 25]],
    ["America/Santiago", [2026, 9, 6]],
    ["America/Santiago", [2026, 4, 4]],
    ["Australia/Lord_Howe", [2026, 10, 4]],
    ["Australia/Lord_Howe", [2026, 4, 5]],
  ] as const) {
    let before = 0;
    for (let minute = 0; minute < 26 * 60; minute += 5) {
      const [year, month, day] = date;
      const time = { year, month, day, hour: Math.floor(minute / 60), minute: minute % 60, second: 0 };
      if (time.hour > 23) continue;
      const now = localInstant(time, zone).at.getTime();
      expect(now).toBeGreaterThanOrEqual(before);
      before = now;
    }
  }
});
