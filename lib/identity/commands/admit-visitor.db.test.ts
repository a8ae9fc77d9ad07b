import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { systemActor } from "../actor";
import { admitVisitor } from "./admit-visitor";

const t = await testDatabase();
afterAll(() => t.close());
const desk = t.context(systemActor("console"), { db: t.as("console") });
const visit = { what: "form", address: "203.0.113.9", burst: 3, perHour: 6 };

test("an address comes so often and no more, and others are not held up by it", async () => {
  for (let i = 0; i < 3; i++) await admitVisitor(desk, visit);
  await expect(admitVisitor(desk, visit)).rejects.toMatchObject({
    code: "too_many_requests",
    params: { retryAfterSeconds: 600 },
  });
  await admitVisitor(desk, { ...visit, address: "203.0.113.10" });
  await admitVisitor(desk, { ...visit, what: "preferences" });
});

test("after a while one may come again, and addresses of yesterday are forgotten", async () => {
  await t.db.execute(sql`update rate_buckets set taken_at = taken_at - interval '11 minutes'`);
  await admitVisitor(desk, visit);
  await expect(admitVisitor(desk, visit)).rejects.toMatchObject({ code: "too_many_requests" });
  await t.db.execute(sql`update rate_buckets set taken_at = taken_at - interval '2 days'`);
  await admitVisitor(desk, { ...visit, address: null });
  const [left] = await t.db.execute<{ count: number }>(sql`select count(*)::int as count from rate_buckets`);
  expect(left?.count).toBe(1);
});

test("no address can be read in the table", async () => {
  await admitVisitor(desk, { ...visit, address: "198.51.100.77" });
  const rows = await t.db.execute<{ key: Buffer }>(sql`select key from rate_buckets`);
  expect(rows.every(({ key }) => key.length === 32 && !key.includes("198.51"))).toBe(true);
});
