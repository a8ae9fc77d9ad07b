import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { changePreferences } from "@/lib/consent/commands/change-preferences";
import { preferenceToken, readPreferenceToken } from "@/lib/consent/preference-link";
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
  const components = [
    { type: "BODY", text: "Rebajas." },
    {
      type: "BUTTONS",
      buttons: [{ type: "URL", text: "Preferencias", url: "https://olmo.example/preferences/{{1}}" }],
    },
  ];
  await t.db.execute(sql`update templates set components = ${JSON.stringify(components)}::jsonb`);
  const sent: string[] = [];
  const led: unknown[] = [];
  for (let lane = 0; lane < LANES; lane++) {
    const claim = { lane, numberId: ids.numberId, limit: 10, workerId: newId() };
    for (const { contactId: to, composed } of (await claimMessages(worker, claim)).messages) {
      const [button] = composed.kind === "ready" ? (composed.values?.buttons ?? []) : [];
      sent.push(to);
      led.push(readPreferenceToken(t.secrets.linkKey, button?.kind === "url" ? button.suffix : ""));
    }
  }
  expect(sent.length).toBeGreaterThan(0);
  expect(sent).not.toContain(contactId);
  expect(led, "the link of each leads to their own page").toEqual(sent.map((to) => ({ contactId: to, brandId })));
});
