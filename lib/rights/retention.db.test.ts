import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { rebuildConsentState } from "@/lib/consent/commands/rebuild-consent-state";
import type { Context } from "@/lib/identity/context";
import { verifySends } from "@/lib/reporting/queries/verify-sends";
import { runRetention } from "./commands/run-retention";
import { previewRetention } from "./queries/preview-retention";
import { type RightsWorld, rightsWorld } from "./testing/people";

const t = await testDatabase();
afterAll(() => t.close());

let world: RightsWorld;
let worker: Context;
beforeAll(async () => {
  world = await rightsWorld(t, 12);
  worker = world.world.worker;
  for (const index of [0, 1, 2]) await world.writes(world.contact(index), "Hola");
});

const at = async (time: string) => {
  await world.setTime(time);
  worker = world.world.worker;
};
const due = async () =>
  Object.fromEntries((await previewRetention(world.iria)).flatMap((row) => (row.due > 0 ? [[row.what, row.due]] : [])));
const leaves = async () =>
  (await t.db.execute(sql`select 1 from log_entries where type <> 'retention.removed'`)).length;
const left = async (table: string) => (await t.db.execute(sql`select 1 from ${sql.identifier(table)}`)).length;

test("nothing goes before its term, and looking removes nothing", async () => {
  expect(await due()).toEqual({});
  expect(await runRetention(worker)).toEqual({});
});

test("after thirteen months what was written goes, and the rest stays provable", async () => {
  await at("2028-01-15T03:00:00.000Z");
  const sent = await left("message_contents");
  expect(await due()).toMatchObject({ message_contents: sent, inbound_bodies: 3 });
  expect(await left("message_contents")).toBe(sent);
  expect(await runRetention(worker)).toMatchObject({ message_contents: sent, inbound_bodies: 3 });
  expect(await due()).toEqual({});
  expect(await left("inbound_messages")).toBe(3);
  expect(await verifySends(world.iria)).toMatchObject({ withoutConsent: 0 });
});

test("a year after the consent ended its evidence goes; the event and its leaf stay, and no send loses its proof", async () => {
  await at("2029-04-15T03:00:00.000Z"); // consent of March 2026 ran out in March 2028
  const before = await leaves();
  expect(await runRetention(worker)).toMatchObject({ consent_evidence: 12 });
  expect(await left("consent_events")).toBe(12);
  expect(await leaves()).toBe(before);
  expect(await verifySends(world.iria)).toMatchObject({ withoutConsent: 0 });
});

test("after three years attempts go, then the consent they rested on; the projection still equals what is left", async () => {
  await at("2031-04-15T03:00:00.000Z");
  const before = await leaves();
  const removed = await runRetention(worker);
  expect(removed.attempts).toBeGreaterThan(5);
  expect(removed.outcomes).toBeGreaterThanOrEqual(removed.attempts ?? 0);
  expect(removed.consent_events).toBe(12);
  expect([await left("send_attempts"), await left("consent_events"), await left("consent_state")]).toEqual([0, 0, 0]);
  expect(await leaves()).toBe(before);
  expect(await rebuildConsentState(worker)).toMatchObject({});
  expect(await left("consent_state")).toBe(0);
});

test("each removal is written down twice: by the function that removes, and in the log", async () => {
  const rows = await t.db.execute<{ what: string; removed: number; logged: number }>(sql`
    select r.what, r.removed, (select (e.data::jsonb ->> 'count')::int from audit_events e where e.subject = r.id::text) as logged
    from retention_removals r`);
  expect(rows.length).toBeGreaterThan(5);
  for (const { removed, logged } of rows) expect(logged).toBe(removed);
});

test("nobody can remove with it what is not due", async () => {
  await expect(t.as("worker").execute(sql`select retention('contacts', true, gen_random_uuid())`)).rejects.toThrow();
  await expect(t.as("worker").execute(sql`delete from consent_events`)).rejects.toThrow();
});
