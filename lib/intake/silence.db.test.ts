import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { settleMessages } from "@/lib/sending/commands/settle-messages";
import { acceptedMessages } from "./testing/accepted-messages";

const t = await testDatabase();
afterAll(() => t.close());
const { campaignId, numberId } = await acceptedMessages(t.db, { count: 3 });
const worker = t.context(systemActor("worker"), { db: t.as("worker") });

/** Meta tries the template for this long; null leaves it to Meta. */
async function speak(category: string, ttlSeconds: number | null): Promise<void> {
  const id = newId();
  await t.db.execute(sql`
    insert into templates (id, number_id, waba_id, name, language, category, status, components, components_sha256, ttl_seconds,
      created_at, updated_at)
    values (${id}, ${numberId}, '9', ${id}, 'es', ${category}, 'APPROVED', '[]', '\\x00', ${ttlSeconds}::int, now(), now())`);
  await t.db.execute(sql`
    insert into campaign_variants (campaign_id, key, position, template_id, weight, parameters)
    values (${campaignId}, 'A', 0, ${id}, 10000, '{}')
    on conflict (campaign_id, key) do update set template_id = excluded.template_id`);
}

/** States after this long a silence. */
async function after(hours: number): Promise<string[]> {
  await t.db.execute(sql`
    update messages set state = 'accepted', state_at = app_now() - make_interval(hours => ${hours}::int)`);
  await settleMessages(worker);
  const rows = await t.db.execute<{ state: string }>(sql`select distinct state from messages`);
  return rows.map(({ state }) => state);
}

test("silence ends a day after Meta has stopped trying: after 30 days, or what the template says where Meta heeds it", async () => {
  expect(await after(30 * 24 + 23)).toEqual(["accepted"]);
  expect(await after(31 * 24 + 1)).toEqual(["no_status"]);
  await speak("UTILITY", 3_600);
  expect(await after(24)).toEqual(["accepted"]);
  expect(await after(26)).toEqual(["no_status"]);
  await speak("MARKETING", 43_200);
  expect(await after(37)).toEqual(["accepted"]);
  await t.db.execute(sql`update phone_numbers set endpoint = 'marketing_messages'`);
  expect(await after(35)).toEqual(["accepted"]);
  expect(await after(37)).toEqual(["no_status"]);
  await speak("UTILITY", -1);
  expect(await after(37)).toEqual(["accepted"]);
});
