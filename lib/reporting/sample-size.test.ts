import { expect, test } from "vitest";
import { largestShare, sampleSize } from "./sample-size";

// R: for (N in …) which(sapply(0:N, function(n) phyper(0, ceiling(.05*N), N-ceiling(.05*N), n)) <= .05)[1]-1
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

// R: binom.test(x, n, alternative = "less")$conf.int[2]
test.each([
  [0, 59, 0.049507],
  [1, 59, 0.077942],
  [3, 100, 0.075712],
  [5, 5, 1],
])("%i failures of %i leave room for a share of %f", (failed, size, share) => {
  expect(largestShare(failed, size)).toBeCloseTo(share, 4);
});
