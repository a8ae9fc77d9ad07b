import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { addLocalDays, instantOf, localDate, localParts } from "@/lib/foundation/time";
import type { Context } from "@/lib/identity/context";
import { publicHolidays } from "@/lib/policies/public-holidays";
import type { createSandboxControl } from "@/lib/whatsapp/sandbox/control";

const ZONE = "Europe/Madrid";
const COUNTRY = "ES";
const TUESDAY = 2;
/** Every process reads the database's clock again within two seconds. */
const CLOCK_HEARD_MS = 2_200;

export interface DemoClock {
  /** Business time of the database, now. */
  now(): Promise<Date>;
  /** Both clocks to the same instant and speed, while nothing is under way. */
  set(at: Date, speed: number): Promise<void>;
  /**
   * Lets days pass in seconds. The database goes first and every process hears of it before the sandbox follows, so that
   * nothing the sandbox reports lies in the future.
   */
  hurry(speed: number): Promise<void>;
  /** Only the database's: what is due in business time is due. */
  jump(at: Date): Promise<void>;
}

export function demoClock(ctx: Context, sandbox: ReturnType<typeof createSandboxControl>): DemoClock {
  const now = async () => {
    const [row] = await ctx.db.execute<{ now: string }>(sql`select app_now() as now`);
    if (!row) throw new Error("the database answered no time");
    return new Date(row.now);
  };
  const setDatabase = (at: Date, speed: number) =>
    ctx.db.execute(sql`select set_app_clock(${at}::timestamptz, ${speed}::float8)`);
  return {
    now,
    set: async (at, speed) => {
      await setDatabase(at, speed);
      await sandbox.setClock({ appNow: at.toISOString(), speed });
      await pause(CLOCK_HEARD_MS);
    },
    hurry: async (speed) => {
      const from = await now();
      await setDatabase(from, speed);
      await pause(CLOCK_HEARD_MS);
      await sandbox.setClock({ appNow: from.toISOString(), speed });
    },
    jump: async (at) => {
      await setDatabase(at, 1);
      await pause(CLOCK_HEARD_MS);
    },
  };
}

/** 10:00 in Madrid on the next Tuesday after `today` that is no public holiday: an hour at which people may be written to. */
export function tuesdayMorning(today: Date): Date {
  const { weekday } = localParts(today, ZONE);
  const days = (TUESDAY - weekday + 7) % 7 || 7;
  const day = addLocalDays(today, days, ZONE);
  const { year, month, day: date } = localParts(day, ZONE);
  if (publicHolidays(COUNTRY, year).includes(localDate(day, ZONE))) return tuesdayMorning(day);
  return instantOf({ year, month, day: date, hour: 10, minute: 0, second: 0 }, ZONE);
}
