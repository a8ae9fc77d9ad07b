import { describe, expect, test } from "vitest";
import { plainSchedule } from "@/lib/campaigns/schedule";
import { createFormats } from "@/lib/i18n/formats";
import { readSchedule, type ScheduleInput, typedSchedule } from "./schedule-draft";

const formats = createFormats({ locale: "es", region: "es-ES", timeZone: "Europe/Madrid", currency: "EUR" });
const kept: ScheduleInput = {
  schedule: {
    timing: { kind: "local", date: "2026-12-03", time: "10:00" },
    hours: { weekdays: [1, 3], from: "09:00", to: "24:00" },
    perDay: 12_000,
    lateMinutes: 240,
  },
  startsAt: null,
  deadlineAt: "2026-12-05T19:00:00.000Z",
};

describe("the fields of step 4", () => {
  test("say what is kept and read as the same again", () => {
    for (const input of [kept, { schedule: plainSchedule, startsAt: "2026-12-01T09:00:00.000Z", deadlineAt: null }])
      expect(readSchedule(typedSchedule(input, formats), formats)).toEqual({ input, faults: {} });
    expect(typedSchedule(kept, formats)).toMatchObject({ when: "local", perDay: "12.000", to: "00:00" });
  });

  test("are not saved while one that is in use cannot be read", () => {
    const typed = typedSchedule(kept, formats);
    const faults = (change: Partial<typeof typed>) => readSchedule({ ...typed, ...change }, formats);
    expect(faults({ date: "" })).toMatchObject({ input: null, faults: { local: "momentMissing" } });
    expect(faults({ weekdays: [] }).faults).toEqual({ weekdays: "daysMissing" });
    expect(faults({ to: "08:00" }).faults).toEqual({ to: "hoursBackwards" });
    expect(faults({ perDay: "1,5" }).faults).toEqual({ perDay: "perDayMissing" });
    expect(faults({ when: "later", start: "2026-12-06T10:00" }).faults).toEqual({ deadline: "backwards" });
  });

  test("what is switched off does not count, whatever stands in it", () => {
    const typed = typedSchedule(kept, formats);
    const off = {
      ...typed,
      when: "now",
      hours: "any",
      weekdays: [],
      spread: "none",
      perDay: "x",
      ends: "never",
    } as const;
    const { lateMinutes } = kept.schedule;
    const schedule = { ...plainSchedule, lateMinutes };
    expect(readSchedule(off, formats).input).toEqual({ schedule, startsAt: null, deadlineAt: null });
  });
});
