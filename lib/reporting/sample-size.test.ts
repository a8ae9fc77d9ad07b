import { expect, test } from "vitest";
import { largestShare, sampleSize } from "./sample-size";

// SciPy: the least n with hypergeom.pmf(0, N, ceil(.05 * N), n) <= .05
test.each([
  [0, 0],
  [1, 1],
  [20, 19],
  [100, 45],
  [500, 56],
  [100_000, 59],
  [48_213, 59],
])("of %i records a sample of %i without a failure shows that fewer than 5 %% fail", (population, size) => {
  expect(sampleSize(population)).toBe(size);
});

// SciPy: beta.ppf(.95, failed + 1, size - failed)
test.each([
  [0, 59, 0.049507],
  [1, 59, 0.077898],
  [3, 100, 0.075711],
  [5, 5, 1],
])("%i failures of %i leave room for a share of %f", (failed, size, share) => {
  expect(largestShare(failed, size)).toBeCloseTo(share, 4);
});
