/** Failures that are free within the window, then each one doubles the wait. compliance/design.md 5. */
export const FREE_FAILURES = { account: 5, address: 20, factor: 5 } as const;
const WINDOW_MS = 15 * 60_000;
const FIRST_DELAY_MS = 15_000;
const LONGEST_DELAY_MS = 15 * 60_000;

/** The failed attempts at one account, from one network address, or at one person's codes. */
export interface Failures {
  count: number;
  lastAt: Date;
}

/** Failures still counted at `at`: none once a window has passed since the last. */
export function countedFailures(failures: Failures | undefined, at: Date): number {
  if (!failures || at.getTime() - failures.lastAt.getTime() >= WINDOW_MS) return 0;
  return failures.count;
}

/** How long (ms) after the last failure the next attempt is refused: 15 s, 30 s, 1 min … 15 min. */
export function delayMs(count: number, free: number): number {
  if (count < free) return 0;
  return Math.min(FIRST_DELAY_MS * 2 ** (count - free), LONGEST_DELAY_MS);
}

/** Milliseconds until an attempt is allowed; 0 = now. */
export function waitMs(failures: Failures | undefined, free: number, at: Date): number {
  const count = countedFailures(failures, at);
  if (!failures || count === 0) return 0;
  return Math.max(0, failures.lastAt.getTime() + delayMs(count, free) - at.getTime());
}
