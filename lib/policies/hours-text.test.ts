import { expect, test } from "vitest";
import { readHours } from "./hours-text";

test.each([
  ["", []],
  [
    "9:00-14:00, 17:00–21:00",
    [
      ["09:00", "14:00"],
      ["17:00", "21:00"],
    ],
  ],
  ["21:00-24:00", [["21:00", "24:00"]]],
  [
    "00:00-09:00; 21:00-24:00",
    [
      ["00:00", "09:00"],
      ["21:00", "24:00"],
    ],
  ],
])("%j are hours", (text, windows) => {
  expect(readHours(text)).toEqual(windows);
});

test.each(["21:00-09:00", "09:00-09:00", "9-14", "09:00", "09:00-25:00", "09:00-24:30", "10:00-11:75", "mañana"])(
  "%j are none, and are refused beside their day before anything else is looked at",
  (text) => {
    expect(readHours(text)).toBeUndefined();
  },
);
