import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { type SentCampaign, sentCampaign } from "@/lib/sending/testing/sent-campaign";
import { signBody } from "@/lib/whatsapp/signature";
import { receiveWebhook } from "./commands/receive-webhook";

const t = await testDatabase();
afterAll(() => t.close());
let campaign: SentCampaign;
beforeAll(async () => {
  campaign = await sentCampaign(t, 6);
});

function receive(message: Record<string, unknown>) {
  const now = campaign.world.worker.now();
  const stop = {
    id: `wamid.${newId()}`,
    timestamp: String(now.getTime() / 1000),
    type: "text",
    text: { body: "BAJA" },
  };
  const changes = [{ field: "messages", value: { messages: [{ ...stop, ...message }] } }];
  const raw = Buffer.from(JSON.stringify({ entry: [{ id: "900000000000001", changes }] }));
  const ctx = t.context(systemActor("ingress"), { db: t.as("ingress"), now: () => now });
  return receiveWebhook(ctx, { raw, signature: signBody(raw, "secret"), appSecrets: ["secret"] });
}

async function sentMessage() {
  const [row] = await t.db.execute<{ id: string; contact_id: string }>(sql`
    select id, contact_id from messages m where state = 'delivered' and not exists (
      select 1 from contact_suppressions s where s.contact_id = m.contact_id) limit 1`);
  if (!row) throw new Error("nothing was sent");
  return row;
}

async function blockedKinds(contactId: string) {
  const rows = await t.db.execute<{ kind: string }>(sql`
    select kind from contact_suppressions where contact_id = ${contactId} and lifted_at is null`);
  return rows.map(({ kind }) => kind);
}

test("a STOP without a phone number reaches the person whose message it answers", async () => {
  const { id, contact_id: contactId } = await sentMessage();
  const answer = { from_user_id: "ES.1349", context: { id: `wamid.${id}` } };
  expect(await receive(answer)).toEqual({ kind: "stored" });
  expect(await blockedKinds(contactId)).toEqual(["withdrawn"]);
});

test("a STOP from a number written in another way than ours reaches the person whose message it answers", async () => {
  const { id, contact_id: contactId } = await sentMessage();
  await receive({ from: "5215512345678", context: { id: `wamid.${id}` } });
  expect(await blockedKinds(contactId)).toEqual(["withdrawn"]);
});

test("a STOP of nobody we can know, or with an id that cannot be kept, is stored and takes no other webhook down", async () => {
  expect(await receive({ from_user_id: "ES.1350" })).toEqual({ kind: "stored" });
  expect(await receive({ from: "34600999888", id: "wamid.\0" })).toEqual({ kind: "stored" });
});
