import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as kernel from "./distributions";
import { equalBreaks, panels, sum } from "./quadrature";

fc.configureGlobal({ seed: 20_260_101 });

const shape = fc.double({ min: 0.5, max: 1e6, noNaN: true });
const share = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true });

describe("distributions", () => {
  it("both tails add up to one", () => {
    fc.assert(
      fc.property(fc.double({ min: -37, max: 37, noNaN: true }), share, shape, shape, (z, x, a, b) => {
        expect(kernel.normCdf(z) + kernel.normSf(z)).toBeCloseTo(1, 13);
        expect(kernel.betaCdf(x, a, b) + kernel.betaSf(x, a, b)).toBeCloseTo(1, 8);
        expect(kernel.tSf(z, a) + kernel.tSf(-z, a)).toBeCloseTo(1, 12);
      }),
    );
  });

  it("quantiles undo the distribution function", () => {
    fc.assert(
      fc.property(share, fc.double({ min: 1, max: 1e5, noNaN: true }), (p, df) => {
        expect(Math.abs(kernel.normCdf(kernel.normQuantile(p)) / p - 1)).toBeLessThan(1e-11);
        expect(Math.abs(kernel.tSf(-kernel.tQuantile(p, df), df) / p - 1)).toBeLessThan(1e-8);
      }),
    );
  });

  it("the logarithm of a tail agrees with the tail, and goes on where a double ends", () => {
    for (const z of [0, 0.5, 3, 7.99, 8, 8.01, 20, 37]) {
      expect(kernel.normLogSf(z)).toBeCloseTo(Math.log(kernel.normSf(z)), 10);
    }
    // R: (log(2) + pnorm(-100, log.p = TRUE)) / log(10)
    expect(kernel.normLog10TwoSided(100)).toBeCloseTo(-2173.5707, 3);
    expect(kernel.normLog10TwoSided(Number.POSITIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY);
    expect(kernel.normLog10TwoSided(0)).toBe(0);
  });

  it("the logarithm of Student's tail joins on smoothly where the tail leaves the doubles", () => {
    // With 4 degrees of freedom the two-sided tail is 1 − sin θ·(1 + ½cos²θ), θ = atan(t/2); for large t it is 6/t⁴.
    expect(kernel.tLog10TwoSided(1e80, 4)).toBeCloseTo(Math.log10(6) - 320, 8);
    expect(kernel.tLog10TwoSided(1e50, 4)).toBeCloseTo(Math.log10(6) - 200, 8);
  });

  it("the beta density integrates to one for flat, steep and very large parameters", () => {
    for (const [a, b] of [
      [1, 1],
      [2, 9],
      [121, 881],
      [1_000_001, 9_000_001],
    ] as const) {
      const mean = a / (a + b);
      const sd = Math.sqrt((mean * (1 - mean)) / (a + b + 1));
      const nodes = panels(equalBreaks(Math.max(0, mean - 12 * sd), Math.min(1, mean + 12 * sd), 48));
      expect(sum(nodes.map(({ x, weight }) => weight * kernel.betaPdf(x, a, b)))).toBeCloseTo(1, 10);
    }
  });

  it("rising factorials agree with the product they stand for", () => {
    for (const a of [0.5, 3, 14.9, 15, 2000]) {
      const product = sum(Array.from({ length: 40 }, (_, step) => Math.log(a + step)));
      expect(kernel.logRisingFactorial(a, 40)).toBeCloseTo(product, 10);
      expect(kernel.logRisingFactorial(a, 0)).toBeCloseTo(0, 12);
    }
  });
});
