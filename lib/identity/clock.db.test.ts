import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { appClock } from "./clock";

const t = await testDatabase();
afterAll(() => t.close());

/** How far the clock of this process is from the database's `app_now()`, in ms; the statements lie in between. */
async function distance(now: () => Date): Promise<number> {
  const [row] = await t.db.execute<{ ms: number }>(sql`select extract(epoch from app_now())::float8 * 1000 as ms`);
  return Math.abs(now().getTime() - (row?.ms ?? 0));
}

test("the process and the database tell the same business time, before and after the clock is moved", async () => {
  const clock = await appClock(t.as("console"));
  const hour = 60 * 60_000;
  expect(await distance(clock.now)).toBeLessThan(hour);
  await t.db.execute(sql`select set_app_clock('2030-12-03T09:00:00Z', 1)`);
  await clock.refresh();
  expect(clock.now().toISOString()).toMatch(/^2030-12-03T09:/);
  expect(await distance(clock.now)).toBeLessThan(hour);
});
