import { sql } from "drizzle-orm";
import type { Context } from "./context";

const FRESH_MS = 2_000;

/** Business time in this process (decision 10): the database's clock, moved and sped up where the database says so. */
export interface AppClock {
  now(): Date;
  /** Reads the database's clock again when the last reading is older than two seconds. Call it where work begins. */
  keepFresh(): Promise<void>;
  /** Reads the database's clock again at once: after it was moved. */
  refresh(): Promise<void>;
}

/** What the database says: `app = anchorApp + (real − anchorReal) × speed`, all in milliseconds of the epoch. */
interface Reading {
  anchorReal: number;
  anchorApp: number;
  speed: number;
  /** How far the database's real clock is ahead of ours. */
  skew: number;
  /** How far `skew` may be off: half of what the answer took. */
  error: number;
  readAt: number;
}

/** What two clocks may drift apart, in ms per ms. */
const DRIFT = 0.0005;

/** Opens the clock of a database. One without an `app_clock` row (every live one) runs on real time. */
export async function appClock(db: Context["db"]): Promise<AppClock> {
  let reading = await read(db);
  const refresh = async () => {
    reading = sharper(reading, await read(db));
  };
  return {
    now: () => businessTime(reading, Date.now()),
    refresh,
    keepFresh: async () => {
      if (Math.abs(Date.now() - reading.readAt) >= FRESH_MS) await refresh();
    },
  };
}

/**
 * The later reading, with the skew of the earlier one where that is known more exactly: an answer that took long, because
 * this process or the database was busy, must not shift when things are recorded. Where both cannot be true a clock was set.
 */
export function sharper<Skew extends Pick<Reading, "skew" | "error" | "readAt">>(earlier: Skew, later: Skew): Skew {
  const error = earlier.error + Math.abs(later.readAt - earlier.readAt) * DRIFT;
  const agree = Math.abs(later.skew - earlier.skew) <= later.error + error;
  return agree && error < later.error ? { ...later, skew: earlier.skew, error } : later;
}

/** Business time at `real`, this process's clock in ms. */
export function businessTime(reading: Omit<Reading, "readAt" | "error">, real: number): Date {
  return new Date(reading.anchorApp + (real + reading.skew - reading.anchorReal) * reading.speed);
}

async function read(db: Context["db"]): Promise<Reading> {
  const before = Date.now();
  const [row] = await db.execute<{ anchorReal: number; anchorApp: number; speed: number; real: number }>(sql`
    select extract(epoch from coalesce(anchor_real, now))::float8 * 1000 as "anchorReal",
      extract(epoch from coalesce(anchor_app, now))::float8 * 1000 as "anchorApp",
      coalesce(speed, 1)::float8 as "speed",
      extract(epoch from now)::float8 * 1000 as "real"
    from (select clock_timestamp() as now) as real left join app_clock on true`);
  if (!row) throw new Error("the database answered no time");
  const after = Date.now();
  const readAt = (before + after) / 2;
  return { ...row, skew: row.real - readAt, error: (after - before) / 2 + 1, readAt };
}
