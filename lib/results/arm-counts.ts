import * as z from "zod";
import { MICROS } from "@/lib/foundation/money";
import type { Sums } from "@/lib/statistics/moments";

const count = z.int().min(0);

/**
 * What happened to the people of one part of the campaign, the holdout included. Everything counts people, once each, out
 * of `assigned` (stats/design.md 2), inside the window that starts with the campaign's first message; `orders` and money
 * are sums. Money: micros of the reporting currency.
 */
export const armCounts = z.object({
  /** A … H, or `holdout`. */
  key: z.string(),
  assigned: count,
  /** A request was authorised for them. */
  attempted: count,
  /** Meta took it. */
  sent: count,
  delivered: count,
  /** A lower bound: many people switch read receipts off. */
  read: count,
  clicked: count,
  /** Wrote back something else than a refusal. */
  replied: count,
  optedOut: count,
  /** Taken and failed, or refused by Meta. */
  failed: count,
  /** Left out by a check between plan and sending, cancelled, or too late. */
  skipped: count,
  /** Not known (yet) whether it left. */
  unknown: count,
  converted: count,
  orders: count,
  revenueMicros: z.number(),
  /** Σ over people of (revenue in major units)². */
  revenueSquares: z.number(),
  /** Orders in another currency than the reports': counted as conversions, not as money. */
  foreignOrders: count,
  costMicros: z.number(),
  /** Delivered messages for which there is no price: their cost is unknown, not nothing. */
  unpriced: count,
  /** Failed people by Meta's error code, `0` where there was none. */
  failuresByCode: z.record(z.string(), count),
});
export type ArmCounts = z.infer<typeof armCounts>;

export function emptyArm(key: string): ArmCounts {
  return {
    key,
    assigned: 0,
    attempted: 0,
    sent: 0,
    delivered: 0,
    read: 0,
    clicked: 0,
    replied: 0,
    optedOut: 0,
    failed: 0,
    skipped: 0,
    unknown: 0,
    converted: 0,
    orders: 0,
    revenueMicros: 0,
    revenueSquares: 0,
    foreignOrders: 0,
    costMicros: 0,
    unpriced: 0,
    failuresByCode: {},
  };
}

/** Revenue of everybody in these parts, in major units: people, sum, sum of squares. */
export function revenueSums(arms: readonly ArmCounts[]): Sums {
  return {
    n: arms.reduce((sum, { assigned }) => sum + assigned, 0),
    sum: arms.reduce((sum, { revenueMicros }) => sum + revenueMicros, 0) / MICROS,
    sumSquares: arms.reduce((sum, { revenueSquares }) => sum + revenueSquares, 0),
  };
}
