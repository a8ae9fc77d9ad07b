/** When the figures of a test may be seen (README decision 7), and what that rests on. Times are shares of the window. */

/**
 * `looks`: at planned looks, stopped early only by a boundary (group sequential, O'Brien–Fleming type). `always-valid`: as often as
 * once a day, with intervals that hold at every moment and find less. `fixed`: once, at the end of the window.
 */
export const methods = ["looks", "always-valid", "fixed"] as const;
export type Method = (typeof methods)[number];

/** Where the looks of a new plan lie. The α that is spent by each follows the same shares. */
export const LOOK_SHARES: readonly number[] = [0.25, 0.5, 0.75, 1];

const DAY_HOURS = 24;

/** What of a plan says when it is looked at. */
export interface LookPlan {
  method: Method;
  windowHours: number;
  /** Of the method `looks`. */
  lookShares?: readonly number[];
}

/**
 * Every moment at which figures are counted and kept, as shares of the time between the end of the sending and the end of
 * the window; the last is 1. Always-valid: every day, four times at least.
 */
export function lookShares({ method, windowHours, lookShares: planned }: LookPlan): readonly number[] {
  if (method === "looks") return planned ?? LOOK_SHARES;
  if (method === "fixed") return [1];
  const step = Math.min(DAY_HOURS, windowHours / 4);
  const count = Math.ceil(windowHours / step);
  return Array.from({ length: count }, (_, n) => (n + 1 === count ? 1 : ((n + 1) * step) / windowHours));
}

/** A look that was taken. */
export interface TakenLook {
  n: number;
  /** A boundary was reached: then only the look at the end of the window is left. */
  isStop: boolean;
}

export interface DueLook {
  /** 1 … count. */
  n: number;
  count: number;
  share: number;
  plannedAt: Date;
}

/**
 * The next look, the latest of those whose time has come: a look that nobody could take in time is left out, which changes only
 * what the next one may spend. Undefined after the last.
 */
export function nextLook(
  plan: LookPlan,
  { from, until, taken, now }: { from: Date; until: Date; taken: readonly TakenLook[]; now: Date },
): DueLook | undefined {
  const shares = lookShares(plan);
  const count = shares.length;
  const latest = taken.reduce((most, { n }) => Math.max(most, n), 0);
  const first = taken.some(({ isStop }) => isStop) ? count : latest + 1;
  const left = shares.flatMap((share, index) => {
    const span = until.getTime() - from.getTime();
    const look = { n: index + 1, count, share, plannedAt: new Date(from.getTime() + Math.round(span * share)) };
    return look.n >= first && look.n > latest ? [look] : [];
  });
  return left.findLast(({ plannedAt }) => plannedAt <= now) ?? left[0];
}
