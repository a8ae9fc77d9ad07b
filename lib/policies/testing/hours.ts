import fc from "fast-check";
import { DEFAULT_COUNTRY, type PolicyRules } from "../policy";

const MINUTE_MS = 60_000;

/** Whose clocks change at two, at midnight, by half an hour, in the other half of the world, or never. */
const ZONES = [
  "Europe/Madrid",
  "Atlantic/Azores",
  "America/New_York",
  "America/St_Johns",
  "America/Havana",
  "America/Santiago",
  "America/Bogota",
  "Africa/Cairo",
  "Asia/Beirut",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Chatham",
  "Pacific/Kiritimati",
] as const;

/** Around which the clocks of some of them change. */
const CHANGES = ["2026-03-08", "2026-03-29", "2026-04-05", "2026-04-24", "2026-09-06", "2026-10-25", "2026-11-01"].map(
  (day) => Date.parse(day),
);

/** Every instant of 2026, to the second, and more often those of the days on which clocks change. */
export const instants = fc
  .oneof(
    fc.integer({ min: Date.UTC(2026, 0, 2), max: Date.UTC(2026, 11, 10) }),
    fc
      .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -2_160, max: 2_880 }))
      .map(([day, minutes]) => day + minutes * MINUTE_MS),
  )
  .map((ms) => new Date(Math.floor(ms / 1_000) * 1_000));

/** Somewhere in the country of `anyPolicy`. */
export const places = fc.record({ country: fc.constant("XA"), zone: fc.option(fc.constantFrom(...ZONES)) });

// From four o'clock: by then the clocks have changed. Whoever opens in the very hour that happens twice may open in the
// earlier (here) or the later (PostgreSQL) of the two.
const times = fc
  .integer({ min: 16, max: 96 })
  .map(
    (quarters) =>
      `${String(Math.floor(quarters / 4)).padStart(2, "0")}:${String((quarters % 4) * 15).padStart(2, "0")}`,
  );
const windows = fc
  .uniqueArray(times, { minLength: 2, maxLength: 4 })
  .map((drawn) => drawn.sort())
  .map(([a = "", b = "", c, d]): [string, string][] =>
    c && d
      ? [
          [a, b],
          [c, d],
        ]
      : [[a, b]],
  );
const days = fc
  .integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 31) })
  .map((ms) => new Date(ms).toISOString().slice(0, 10));
const nearChanges = fc
  .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -1, max: 2 }))
  .map(([day, after]) => new Date(day + after * 86_400_000).toISOString().slice(0, 10));

/** Rules for one country, XA: up to two windows a day, some days closed, some holidays, one to three zones. */
export const anyPolicy: fc.Arbitrary<PolicyRules> = fc
  .record({
    days: fc.array(fc.option(windows, { freq: 6 }), { minLength: 7, maxLength: 7 }),
    holidays: fc.boolean(),
    closed: fc.uniqueArray(fc.oneof(days, nearChanges), { maxLength: 12 }),
    zones: fc.uniqueArray(fc.constantFrom(...ZONES), { minLength: 1, maxLength: 3 }),
  })
  .map(({ days: week, holidays, closed, zones }) => {
    const open = Object.fromEntries(week.flatMap((day, i) => (day ? [[String(i + 1), day]] : [])));
    const rule = { days: open, holidays, perDay: 1, perWeek: 2, basis: "drawn for a test" };
    return { rules: { XA: rule, [DEFAULT_COUNTRY]: rule }, zones: { XA: zones }, holidays: { XA: closed } };
  });
