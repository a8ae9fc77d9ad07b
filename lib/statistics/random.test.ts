import { describe, expect, it } from "vitest";
import { seededRandom } from "./random";

const draw = (seed: string, count: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, random);
};

describe("seeded random numbers", () => {
  it("are the same for the same seed, and stay the same from version to version", () => {
    expect(draw("cmp_1", 3)).toEqual(draw("cmp_1", 3));
    expect(draw("contraste", 2)).toMatchInlineSnapshot(`
      [
        0.799306719679808,
        0.8467157474598866,
      ]
    `);
  });

  it("differ for seeds that differ in one character or in length", () => {
    const firsts = ["", "a", "b", "aa", "ab", "ba", "\u0000", "\u0000\u0000"].map((seed) => draw(seed, 1)[0]);
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it("fill [0, 1) evenly: 100 cells pass a χ² test", () => {
    const cells = new Array<number>(100).fill(0);
    for (const value of draw("uniform", 100_000))
      cells[Math.floor(value * 100)] = (cells[Math.floor(value * 100)] ?? 0) + 1;
    const stat = cells.reduce((total, count) => total + (count - 1000) ** 2 / 1000, 0);
    expect(stat).toBeGreaterThan(57);
    expect(stat).toBeLessThan(160);
  });
});
