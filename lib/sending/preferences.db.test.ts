import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { changePreferences } from "@/lib/consent/commands/change-preferences";
import { preferenceToken } from "@/lib/consent/preference-link";
import { LANES, newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { claimMessages } from "./commands/claim-messages";
import { queuedCampaign } from "./testing/sent-campaign";

const t = await testDatabase();
afterAll(() => t.close());

test("one click on the preference page, and the gate lets nothing out to that person; to the others it does", async () => {
  const campaign = await queuedCampaign(t, 8);
  const { worker, ids } = campaign.world;
  const [row] = await t.db.execute<{ contact: string; brand: string }>(sql`
    select messages.contact_id as contact, campaigns.brand_id as brand from messages
    join campaigns on campaigns.id = messages.campaign_id where messages.state = 'queued' limit 1`);
  const [contactId, brandId] = [row?.contact ?? "", row?.brand ?? ""];
  const visitor = t.context(systemActor("console"), { db: t.as("console"), now: () => worker.now() });
  const done = await changePreferences(visitor, {
    token: preferenceToken(t.secrets.linkKey, { contactId, brandId }),
    choice: { kind: "stop_all" },
    language: "es",
    submission: newId(),
    visit: { address: null, userAgent: null, url: "https://wa.example.com/preferences" },
  });
  expect(done).toBe("stopped_all");
  const sent: string[] = [];
  for (let lane = 0; lane < LANES; lane++) {
    const claim = { lane, numberId: ids.numberId, limit: 10, workerId: newId() };
    sent.push(...(await claimMessages(worker, claim)).messages.map((message) => message.contactId));
  }
  expect(sent.length).toBeGreaterThan(0);
  expect(sent).not.toContain(contactId);
});
