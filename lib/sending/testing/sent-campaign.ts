import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import type { TestDatabase } from "@/db/testing/database";
import { sealName } from "@/lib/audience/contact";
import { lookupOf, sealIdentifier } from "@/lib/audience/identifier";
import { approveCampaign } from "@/lib/campaigns/commands/approve-campaign";
import { launchCampaign } from "@/lib/campaigns/commands/launch-campaign";
import { submitForReview } from "@/lib/campaigns/commands/submit-for-review";
import { updateSchedule } from "@/lib/campaigns/commands/update-schedule";
import { type CampaignSchedule, plainSchedule } from "@/lib/campaigns/schedule";
import { campaignWorld, type World } from "@/lib/campaigns/testing/world";
import { recordConsentEvents } from "@/lib/consent/commands/record-consent-events";
import type { NewConsentEvent } from "@/lib/consent/event";
import { LANES, newContactId, newId } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { advanceSending } from "../commands/advance-sending";
import { claimMessages } from "../commands/claim-messages";
import { recordDeliveryStatuses } from "../commands/record-delivery-statuses";
import { recordOutcomes } from "../commands/record-outcomes";

export interface SentCampaign {
  world: World;
  campaignId: string;
  contactIds: string[];
  wordingVersionId: string;
  /** Business time of database and contexts, together; it stands still in between. */
  setTime(text: string): Promise<void>;
}

export const CONSENTED_AT = new Date("2026-03-03T18:26:08.000Z");
export const SENT_AT = "2026-12-01T09:05:00.000Z";

/**
 * A campaign of A, B and a holdout that was written, approved, launched and sent through the product's own commands, up to
 * `delivered`, with `people` people who consented: half in an import's batch, half by a form of their own.
 */
export async function sentCampaign(t: TestDatabase, people = 60): Promise<SentCampaign> {
  const queued = await queuedCampaign(t, people);
  for (let lane = 0; lane < LANES; lane++) await sendLane(queued.world, lane);
  return queued;
}

/** The same up to the moment before the first send: planned, released, due. */
export async function queuedCampaign(t: TestDatabase, people = 60): Promise<SentCampaign> {
  const launched = await launchedCampaign(t, people);
  await launched.setTime(SENT_AT);
  await advanceSending(launched.world.worker); // plans
  await advanceSending(launched.world.worker); // releases
  return launched;
}

/** Where the people are, in turn, and when they are written to. Default: in Spain, zone unknown, as soon as launched. */
interface Timed {
  places?: readonly { country: string; zone: string | null }[];
  schedule?: Partial<CampaignSchedule>;
}

/** The same up to the launch, at 9:00 UTC of 1 December 2026. */
export async function launchedCampaign(
  t: TestDatabase,
  people: number,
  { places = [{ country: "ES", zone: null }], schedule = {} }: Timed = {},
): Promise<SentCampaign> {
  const world = await campaignWorld(t);
  const setTime = async (text: string) => {
    world.setTime(text);
    await t.db.execute(sql`select set_app_clock(${new Date(text)}::timestamptz, 0)`);
  };
  for (const table of ["contact_suppressions", "consent_state", "contacts"])
    await t.db.execute(sql`delete from ${sql.identifier(table)}`);
  await setTime("2026-11-20T10:00:00.000Z");
  const wordingVersionId = await addWording(t, world);
  const contactIds = await addPeople(t, world.worker, people);
  await movePeople(t, contactIds, places);
  await consent(world, contactIds, wordingVersionId);
  await setTime("2026-12-01T09:00:00.000Z");
  const { campaignId, version } = await world.readyCampaign("Adelanto de Navidad");
  const timed = { ...plainSchedule, ...schedule };
  await updateSchedule(world.people.lucia, { campaignId, version, schedule: timed, startsAt: null, deadlineAt: null });
  const { contentHash } = await submitForReview(world.people.lucia, { campaignId });
  await approveCampaign(world.people.noa, { campaignId, contentHash });
  await launchCampaign(world.people.lucia, { campaignId });
  return { world, campaignId, contactIds, wordingVersionId, setTime };
}

async function movePeople(
  t: TestDatabase,
  contactIds: readonly string[],
  places: NonNullable<Timed["places"]>,
): Promise<void> {
  const of = (index: number) => places[index % places.length];
  await t.db.execute(sql`
    update contacts c set country = moved.country, time_zone = moved.zone
    from unnest(${array([...contactIds], "uuid")}, ${array(
      contactIds.map((_, index) => of(index)?.country),
      "text",
    )}, ${array(
      contactIds.map((_, index) => of(index)?.zone),
      "text",
    )}) as moved(id, country, zone) where c.lane = lane_of(moved.id) and c.id = moved.id`);
}

async function addWording(t: TestDatabase, world: World): Promise<string> {
  const id = newId();
  await t.db.execute(sql`
    insert into wording_versions (id, purpose_id, label, language, text, text_sha256, controller, privacy_notice_url, created_at)
    values (${id}, ${world.ids.purposeId}, 'v4', 'es', 'Quiero recibir ofertas por WhatsApp.', ${Buffer.alloc(32)},
      'Olmo S. L., Madrid', 'https://olmo.example/privacy', ${new Date("2026-01-12T00:00:00Z")})`);
  return id;
}

/**
 * The same random id in a lane of our choice. One person a lane: the lanes' remainders are spread evenly, so every part of
 * the campaign gets its share of even a few people, whatever the seed.
 */
function inLane(contactId: string, lane: number): string {
  const last = (Number.parseInt(contactId.slice(-2), 16) & 0xc0) | lane;
  return `${contactId.slice(0, -2)}${last.toString(16).padStart(2, "0")}`;
}

async function addPeople(t: TestDatabase, ctx: Context, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => inLane(newContactId(), index % LANES));
  const keys = await t.keystore.createKeys(ids);
  for (const [index, id] of ids.entries()) {
    const key = keys.get(id) ?? Buffer.alloc(32);
    const phone = { kind: "phone" as const, value: `+34600${String(100_000 + index)}` };
    const lookup = lookupOf(ctx.secrets.lookupKey, phone);
    await t.db.execute(sql`
      insert into contacts (lane, id, name_sealed, country, attributes, created_at, updated_at)
      values (lane_of(${id}), ${id}, ${sealName(key, id, { full: "Ana Pérez Gil", first: "Ana" })}, 'ES', '{}'::jsonb,
        ${ctx.now()}::timestamptz, ${ctx.now()}::timestamptz)`);
    await t.db.execute(sql`
      insert into contact_identifiers (lane, contact_id, kind, lookup, sealed, created_at)
      values (lane_of(${id}), ${id}, 'phone', ${lookup}, ${sealIdentifier(key, id, phone)}, ${ctx.now()}::timestamptz)`);
    await t.db.execute(sql`
      insert into identifier_index (lane, lookup, kind, contact_id, created_at)
      values (lane_of_hash(${lookup}), ${lookup}, 'phone', ${id}, ${ctx.now()}::timestamptz)`);
  }
  return ids;
}

async function consent(world: World, contactIds: readonly string[], wordingVersionId: string): Promise<void> {
  const event = (contactId: string, index: number): NewConsentEvent => ({
    contactId,
    type: "granted",
    purposeId: world.ids.purposeId,
    scope: "purpose",
    source: index % 2 ? "web_form" : "import",
    occurredAt: CONSENTED_AT,
    isComplete: true,
    idempotencyKey: `consent ${contactId}`,
    wordingVersionId,
    evidence: { form: "https://olmo.example/club", checkbox: "unticked" },
    jurisdiction: "ES",
    language: "es",
  });
  const events = contactIds.map(event);
  const imported = events.filter(({ source }) => source === "import");
  await recordConsentEvents(world.worker, { events: imported, batch: { lane: 7, ref: newId() } });
  await recordConsentEvents(world.worker, { events: events.filter(({ source }) => source !== "import") });
}

async function sendLane(world: World, lane: number): Promise<void> {
  const claim = { lane, numberId: world.ids.numberId, limit: 500, workerId: newId() };
  const { messages } = await claimMessages(world.worker, claim);
  if (messages.length === 0) return;
  const wamid = (messageId: string) => `wamid.${messageId}`;
  await recordOutcomes(
    world.worker,
    lane,
    messages.map(({ attemptId, contactId, messageId }) => ({
      attemptId,
      contactId,
      kind: "accepted",
      wamid: wamid(messageId),
      code: null,
      reason: null,
      retryAfterMs: null,
    })),
  );
  await recordDeliveryStatuses(
    world.worker,
    lane,
    messages.map(({ messageId }) => ({
      messageId,
      status: "delivered",
      providerAt: world.worker.now(),
      wamid: wamid(messageId),
      errorCode: null,
      detail: null,
      pricingType: null,
      pricingCategory: null,
    })),
  );
}

/** Purchases of the first `count` people of each part, `micros` each, inside the window. */
export async function addPurchases(
  t: TestDatabase,
  { campaignId }: Pick<SentCampaign, "campaignId">,
  purchases: { variant: string; count: number; micros: number }[],
): Promise<void> {
  for (const { variant, count, micros } of purchases) {
    const rows = await t.db.execute<{ lane: number; id: string; contact_id: string }>(sql`
      select lane, id, contact_id from messages where campaign_id = ${campaignId} and variant = ${variant}
      order by lane, id limit ${count}::int`);
    await t.db.execute(sql`
      insert into campaign_conversions (lane, campaign_id, contact_id, conversion_id, message_id, variant, occurred_at,
        amount_micros, currency, via_click)
      select lane_of(r.contact), ${campaignId}, r.contact, gen_random_uuid(), r.message, ${variant},
        ${new Date(SENT_AT)}::timestamptz + interval '1 hour', ${micros}::bigint, 'EUR', false
      from unnest(${array(
        rows.map((row) => row.contact_id),
        "uuid",
      )}, ${array(
        rows.map((row) => row.id),
        "uuid",
      )}) as r(contact, message)`);
  }
}
