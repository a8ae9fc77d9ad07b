import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

type Rgb = readonly [number, number, number];

const css = readFileSync(new URL("../tokens.css", import.meta.url), "utf8");
const [light = "", dark = ""] = css.split('data-theme="dark"');
const NAMES = ["a", "b", "c", "d", "e", "f", "g", "h", "holdout"];

/** Linear light of a token's hex. */
function colour(sheet: string, name: string): Rgb {
  const hex = new RegExp(`--${name}: #([0-9a-f]{6})`).exec(sheet)?.[1];
  if (!hex) throw new Error(`--${name} is no hex colour`);
  const part = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(0), part(2), part(4)];
}

const times = (matrix: readonly Rgb[], [r, g, b]: Rgb): Rgb => {
  const row = ([x, y, z]: Rgb) => x * r + y * g + z * b;
  const [first = [0, 0, 0], second = [0, 0, 0], third = [0, 0, 0]] = matrix;
  return [row(first), row(second), row(third)];
};

// Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
const VISIONS: Record<string, readonly Rgb[]> = {
  trichromat: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** CIE L*a*b* under D65. */
function lab(rgb: Rgb): Rgb {
  const [x, y, z] = times(
    [
      [0.4124, 0.3576, 0.1805],
      [0.2126, 0.7152, 0.0722],
      [0.0193, 0.1192, 0.9505],
    ],
    rgb,
  );
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const [fx, fy, fz] = [f(x / 0.95047), f(y), f(z / 1.08883)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

const distance = (one: Rgb, other: Rgb) => Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
const contrast = (one: Rgb, other: Rgb) => {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
};

describe.each([
  ["light", light],
  ["dark", dark],
])("variant colours, %s", (_theme, sheet) => {
  test.each(Object.entries(VISIONS))("every pair differs by at least 8 for %s vision", (_vision, matrix) => {
    const seen = NAMES.map((name) => ({ name, lab: lab(times(matrix, colour(sheet, `v-${name}`))) }));
    const close = seen.flatMap((one, index) =>
      seen
        .slice(index + 1)
        .filter((other) => distance(one.lab, other.lab) < 8)
        .map((other) => `${one.name}-${other.name} ${distance(one.lab, other.lab).toFixed(1)}`),
    );
    expect(close).toEqual([]);
  });

  test("every mark stands out from the page by at least 3:1", () => {
    const background = colour(sheet, "bg");
    for (const name of NAMES) expect(contrast(colour(sheet, `v-${name}`), background), name).toBeGreaterThanOrEqual(3);
  });
});
