import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { refusalOf } from "@/lib/campaigns/testing/world";
import { recordConsentEvents } from "@/lib/consent/commands/record-consent-events";
import type { NewConsentEvent } from "@/lib/consent/event";
import { type SentCampaign, sentCampaign } from "@/lib/sending/testing/sent-campaign";
import { verifySends } from "./queries/verify-sends";

const t = await testDatabase();
afterAll(() => t.close());

let sent: SentCampaign;
beforeAll(async () => {
  sent = await sentCampaign(t, 40);
});

const verify = () => verifySends(sent.world.people.iria);

interface Attempt extends Record<string, unknown> {
  lane: number;
  id: string;
  contact_id: string;
  message_id: string;
}
const attempts = () =>
  t.db.execute<Attempt>(sql`
    select a.lane, a.id, a.contact_id, a.message_id from send_attempts a
    join consent_events e on e.lane = a.lane and e.contact_id = a.contact_id and e.type = 'granted'
    order by e.source, a.id`); // import first, web_form last

/** Runs a change as the owner, who may do everything, looks, and takes the change back. */
async function afterwards(
  change: (db: typeof t.db) => Promise<unknown>,
  look: (found: Awaited<ReturnType<typeof verify>>) => void,
) {
  class Undo extends Error {}
  const work = t.db.transaction(async (db) => {
    await change(db);
    look(await verifySends({ ...sent.world.people.iria, now: () => sent.world.worker.now(), db }));
    throw new Undo();
  });
  await expect(work).rejects.toBeInstanceOf(Undo);
}

test("every attempt of a campaign sent by the product rests on a consent that the log knows", async () => {
  const found = await verify();
  const sentTo = (await attempts()).length;
  expect(sentTo).toBeGreaterThan(25);
  expect(found).toMatchObject({ attempts: sentTo, withoutConsent: 0, sealed: 0, exceptions: [] });
  expect(found.byCampaign).toEqual([{ campaignId: sent.campaignId, attempts: sentTo, withoutConsent: 0 }]);
});

test("a marketer may not read it", async () => {
  expect(await refusalOf(verifySends(sent.world.people.lucia))).toMatchObject({ code: "forbidden" });
});

test("an attempt whose row was changed is found, whichever value it was", async () => {
  const [one] = await attempts();
  for (const change of [
    sql`checks = checks - 16`,
    sql`authorised_at = authorised_at + interval '1 hour'`,
    sql`basis_event_id = gen_random_uuid()`,
  ])
    await afterwards(
      (db) => db.execute(sql`update send_attempts set ${change} where lane = ${one?.lane} and id = ${one?.id}`),
      (found) => expect(found).toMatchObject({ withoutConsent: 1, exceptions: [{ exception: "attempt_altered" }] }),
    );
});

test("a consent event whose row was changed is found, alone or in the batch of an import", async () => {
  const all = await attempts();
  for (const one of [all[0], all.at(-1)])
    for (const change of [sql`occurred_at = occurred_at - interval '1 day'`, sql`source = 'web_form', actor_id = 'x'`])
      await afterwards(
        (db) =>
          db.execute(
            sql`update consent_events set ${change} where lane = ${one?.lane} and contact_id = ${one?.contact_id}`,
          ),
        (found) => expect(found).toMatchObject({ withoutConsent: 1, exceptions: [{ exception: "event_altered" }] }),
      );
});

test("a consent that is not there, or only claimed by the projection, covers nothing", async () => {
  const [one] = await attempts();
  await afterwards(
    (db) => db.execute(sql`delete from consent_events where lane = ${one?.lane} and contact_id = ${one?.contact_id}`),
    (found) =>
      expect(found).toMatchObject({
        withoutConsent: 1,
        exceptions: [{ exception: "basis_not_found", messageId: one?.message_id, campaignId: sent.campaignId }],
      }),
  );
});

test("a wording revoked before the send covers nothing; revoked afterwards it does not reach back", async () => {
  const { wordingVersionId } = sent;
  const revoke = (at: string) => sql`
    update wording_versions set revoked_at = ${new Date(at)}::timestamptz where id = ${wordingVersionId}`;
  await afterwards(
    (db) => db.execute(revoke("2026-12-01T00:00:00Z")),
    (found) => expect(found.withoutConsent).toBe(found.attempts),
  );
  await afterwards(
    (db) => db.execute(revoke("2026-12-02T00:00:00Z")),
    (found) => expect(found.withoutConsent).toBe(0),
  );
});

test("a withdrawal counts from when it was recorded: before the send it is an exception, after it is not", async () => {
  const [one] = await attempts();
  const event: NewConsentEvent = {
    contactId: one?.contact_id ?? "",
    type: "withdrawn",
    purposeId: null,
    scope: "all_marketing",
    source: "keyword_in",
    occurredAt: new Date("2026-11-25T10:00:00Z"),
    isComplete: true,
    idempotencyKey: "stop",
    by: "contact",
  };
  const record = (now: string) => (db: typeof t.db) =>
    recordConsentEvents({ ...sent.world.worker, now: () => new Date(now), db }, { events: [event] });
  await afterwards(record("2026-11-25T10:00:05Z"), (found) =>
    expect(found).toMatchObject({ withoutConsent: 1, exceptions: [{ exception: "consent_not_granted" }] }),
  );
  await afterwards(record("2026-12-01T09:30:00Z"), (found) => expect(found.withoutConsent).toBe(0));
});

test("of an erased person the consent is folded from what is left, and counted as sealed", async () => {
  const [one] = await attempts();
  await t.keystore.destroy([one?.contact_id ?? ""]);
  expect(await verify()).toMatchObject({ withoutConsent: 0, sealed: 1 });
});
