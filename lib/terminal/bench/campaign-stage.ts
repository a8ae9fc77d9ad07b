import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { sealName } from "@/lib/audience/contact";
import { lookupOf, sealIdentifier } from "@/lib/audience/identifier";
import { emptyGoal } from "@/lib/campaigns/campaign";
import { getCampaign } from "@/lib/campaigns/queries/get-campaign";
import { recordConsentEvents } from "@/lib/consent/commands/record-consent-events";
import { newContactId, newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import type { Context } from "@/lib/identity/context";
import { openRuntime } from "@/lib/identity/runtime";
import { seal } from "@/lib/keystore/cipher";
import { installationKey } from "@/lib/keystore/installation-key";
import { secretPlace } from "@/lib/numbers/number";
import { installShippedPolicy } from "@/lib/policies/commands/install-shipped-policy";
import { componentsHash } from "@/lib/templates/components-hash";
import { tuesdayMorning } from "../demo/clock";
import type { BenchPlace } from "./place";

/** A number at `baseUrl`, two approved texts and people who consented: all that a campaign needs in order to be sent. */
export interface CampaignStage {
  ctx: Context;
  numberId: string;
  /** Adds people who may be written to, with name, phone number and a recorded consent each. Answers their ids. */
  addPeople(count: number): Promise<string[]>;
  /** A campaign whose messages to these people are due, and which waits for `start`. Answers its id. */
  queueCampaign(contactIds: readonly string[]): Promise<string>;
  start(campaignId: string): Promise<void>;
  close(): Promise<void>;
}

const PEOPLE_A_BATCH = 5_000;
const FIRST_PHONE = 34_600_000_000;
/** More than any machine sends: what is measured is ours and not Meta's limit. */
const UNLIMITED_PER_SECOND = 1_000_000;
const VARIANTS = ["A", "B"] as const;

const components = [
  { type: "BODY", text: "Hola {{1}}, empiezan las rebajas.", example: { body_text: [["Ana"]] } },
  { type: "FOOTER", text: "Responde BAJA para no recibir más" },
  {
    type: "BUTTONS",
    buttons: [
      { type: "URL", text: "Ver", url: "https://go.example.test/l/{{1}}", example: ["https://go.example.test/l/x"] },
      { type: "QUICK_REPLY", text: "No recibir más" },
    ],
  },
];

/** Sets the clock to a Tuesday at ten, when everybody may be written to. */
export async function campaignStage(place: BenchPlace, baseUrl: string): Promise<CampaignStage> {
  const { db, secrets } = place;
  await db.execute(sql`select set_app_clock(${tuesdayMorning(new Date())}::timestamptz, 1)`);
  const runtime = await openRuntime({
    databaseUrl: place.urls.owner,
    keystoreUrl: place.keystoreUrl,
    role: "terminal",
    secrets,
    maxConnections: 4,
  });
  const ctx = await runtime.contextFor(systemActor("terminal"));
  await installShippedPolicy(ctx);
  const ids = { brandId: newId(), purposeId: newId(), numberId: newId(), wordingId: newId(), templateId: newId() };
  await addSender(place, ids, baseUrl);
  const worker = await runtime.contextFor(systemActor("worker"));
  let people = 0;
  return {
    ctx,
    numberId: ids.numberId,
    addPeople: async (count) => {
      const all: string[] = [];
      for (let from = 0; from < count; from += PEOPLE_A_BATCH) {
        const contactIds = await addBatch(worker, people, Math.min(PEOPLE_A_BATCH, count - from));
        people += contactIds.length;
        await consentAll(worker, contactIds, ids);
        all.push(...contactIds);
      }
      return all;
    },
    queueCampaign: (contactIds) => queueCampaign(ctx, ids, contactIds),
    start: async (campaignId) => {
      await db.execute(sql`update campaigns set status = 'sending' where id = ${campaignId}`);
    },
    close: () => runtime.close(),
  };
}

interface SenderIds {
  brandId: string;
  purposeId: string;
  numberId: string;
  wordingId: string;
  templateId: string;
}

async function addSender({ db, secrets }: BenchPlace, ids: SenderIds, baseUrl: string): Promise<void> {
  const { brandId, purposeId, numberId, wordingId, templateId } = ids;
  const token = seal(installationKey(secrets.keyEncryptionKey), "a token", secretPlace("token", numberId));
  await db.execute(sql`insert into brands values (${brandId}, 'Olmo', 'Olmo S. L.', now())`);
  await db.execute(sql`
    insert into purposes (id, brand_id, key, name, category, created_at)
    values (${purposeId}, ${brandId}, 'news', 'News', 'MARKETING', now())`);
  await db.execute(sql`
    insert into phone_numbers (id, brand_id, waba_id, phone_number_id, display_number, verified_name, base_url, token_sealed,
      app_secret_sealed, verify_token_hash, is_sandbox, messages_per_second, messaging_limit, created_at)
    values (${numberId}, ${brandId}, '900000000000001', '800000000000001', '+1 555-010-0100', 'Olmo', ${baseUrl}, ${token},
      '\\x00', '\\x00', true, ${UNLIMITED_PER_SECOND}::int, 'TIER_UNLIMITED', now())`);
  await db.execute(sql`
    insert into wording_versions (id, purpose_id, label, language, text, text_sha256, controller, privacy_notice_url, created_at)
    values (${wordingId}, ${purposeId}, 'v1', 'es', 'Quiero recibir ofertas por WhatsApp.', ${Buffer.alloc(32)},
      'Olmo S. L.', 'https://olmo.example/privacy', now())`);
  await db.execute(sql`
    insert into templates (id, number_id, waba_id, meta_id, name, language, category, status, components, components_sha256,
      created_at, updated_at)
    values (${templateId}, ${numberId}, '900000000000001', '1', 'rebajas', 'es', 'MARKETING', 'APPROVED',
      ${JSON.stringify(components)}::jsonb, ${componentsHash(components)}, now(), now())`);
}

async function addBatch(ctx: Context, first: number, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, newContactId);
  const keys = await ctx.keys.createKeys(ids);
  const rows = ids.map((id, index) => {
    const key = keys.get(id);
    if (!key) throw new Error("the key store made no key");
    const phone = { kind: "phone" as const, value: `+${FIRST_PHONE + first + index}` };
    return {
      id,
      name: sealName(key, id, { full: "Ana Pérez Gil", first: "Ana" }),
      lookup: lookupOf(ctx.secrets.lookupKey, phone),
      sealed: sealIdentifier(key, id, phone),
    };
  });
  const contactIds = array(ids, "uuid");
  const [names, lookups, sealed] = (["name", "lookup", "sealed"] as const).map((column) =>
    array(
      rows.map((row) => row[column]),
      "bytea",
    ),
  );
  await ctx.db.execute(sql`
    insert into contacts (lane, id, name_sealed, country, time_zone, attributes, created_at, updated_at)
    select lane_of(p.id), p.id, p.name, 'ES', 'Europe/Madrid', '{"city":"Madrid"}', now(), now()
    from unnest(${contactIds}, ${names}) as p(id, name)`);
  await ctx.db.execute(sql`
    insert into contact_identifiers (lane, contact_id, kind, lookup, sealed, created_at)
    select lane_of(p.id), p.id, 'phone', p.lookup, p.sealed, now() from unnest(${contactIds}, ${lookups}, ${sealed}) as p(id, lookup, sealed)`);
  await ctx.db.execute(sql`
    insert into identifier_index (lane, lookup, kind, contact_id, created_at)
    select lane_of_hash(p.lookup), p.lookup, 'phone', p.id, now() from unnest(${contactIds}, ${lookups}) as p(id, lookup)`);
  return ids;
}

async function consentAll(ctx: Context, contactIds: readonly string[], ids: SenderIds): Promise<void> {
  const occurredAt = new Date(ctx.now().getTime() - 86_400_000);
  const events = contactIds.map((contactId) => ({
    contactId,
    type: "granted" as const,
    purposeId: ids.purposeId,
    scope: "purpose" as const,
    source: "import" as const,
    occurredAt,
    isComplete: true,
    idempotencyKey: `consent ${contactId}`,
    wordingVersionId: ids.wordingId,
    evidence: { form: "https://olmo.example/club", checkbox: "unticked" },
    jurisdiction: "ES",
    language: "es",
  }));
  await recordConsentEvents(ctx, { events, batch: { lane: 0, ref: newId() } });
}

async function queueCampaign(ctx: Context, ids: SenderIds, contactIds: readonly string[]): Promise<string> {
  const { db } = ctx;
  const { brandId, purposeId, numberId, templateId } = ids;
  const campaignId = newId();
  await db.execute(sql`
    insert into campaigns (id, brand_id, number_id, purpose_id, name, status, goal, created_at, updated_at)
    values (${campaignId}, ${brandId}, ${numberId}, ${purposeId}, 'Enero', 'paused',
      ${JSON.stringify(emptyGoal)}::jsonb, app_now(), app_now())`);
  for (const [position, key] of VARIANTS.entries())
    await db.execute(sql`
      insert into campaign_variants (campaign_id, key, position, template_id, weight, parameters, link_url)
      values (${campaignId}, ${key}, ${position}::int, ${templateId}, 5000, '{"body.1":{"source":"name","fallback":"cliente"}}',
        'https://shop.example.test/enero')`);
  const { contentHash } = await getCampaign(ctx, { campaignId });
  await db.execute(sql`
    update campaigns set content_hash = ${contentHash}, approved_hash = ${contentHash} where id = ${campaignId}`);
  await db.execute(sql`
    insert into campaign_approvals (id, campaign_id, content_hash, decision, at)
    values (${newId()}, ${campaignId}, ${contentHash}, 'approved', app_now())`);
  for (let from = 0; from < contactIds.length; from += PEOPLE_A_BATCH)
    await db.execute(sql`
      insert into messages (lane, id, campaign_id, contact_id, variant, template_id, number_id, purpose_id, country, state,
        not_before, deadline_at, link_code, planned_at, state_at)
      select lane_of(c.id), uuid_v7_at(clock_timestamp()), ${campaignId}, c.id, case n % 2 when 0 then 'A' else 'B' end,
        ${templateId}, ${numberId}, ${purposeId}, 'ES', 'queued', app_now(), app_now() + interval '3 days',
        substring(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) from 1 for 12), app_now(), app_now()
      from unnest(${array(contactIds.slice(from, from + PEOPLE_A_BATCH), "uuid")}) with ordinality as c(id, n)`);
  await db.execute(sql`vacuum analyze`);
  return campaignId;
}
