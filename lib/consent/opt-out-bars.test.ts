import { describe, expect, test } from "vitest";
import { type OptOutReading, readOptOut } from "./opt-out-detector";
import unseen from "./testing/unseen-messages.json";

// Bars of the compliance specification (1.5) on messages that the lists were not written from.

const readings: readonly OptOutReading[] = ["optout", "review", "none"];

describe.each([
  ["300 messages by which rules were mended", unseen.open],
  ["102 messages that were held out", unseen.heldOut],
])("%s", (_, cases) => {
  const read = cases.map(({ text, expect: meant }) => ({ text, meant, reading: readOptOut(text) }));
  const share = (part: number, whole: number) => part / whole;

  test("at least 95 of 100 opt-outs are not passed over", () => {
    const optOuts = read.filter(({ meant }) => meant === "optout");
    const missed = optOuts.filter(({ reading }) => reading === "none");
    expect(share(missed.length, optOuts.length), missed.map(({ text }) => text).join(" | ")).toBeLessThanOrEqual(0.05);
  });

  test("nobody opts out who asked for nothing", () => {
    expect(read.filter(({ meant, reading }) => meant === "none" && reading === "optout")).toEqual([]);
  });

  test("at least 90 of 100 are read exactly", () => {
    const exact = read.filter(({ meant, reading }) => meant === reading).length;
    expect(share(exact, read.length)).toBeGreaterThanOrEqual(0.9);
    expect(read.every(({ meant }) => readings.some((one) => one === meant))).toBe(true);
  });
});
