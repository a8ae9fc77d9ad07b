import { sql } from "drizzle-orm";
import { emptyGoal } from "@/lib/campaigns/campaign";
import { planOf } from "@/lib/campaigns/completeness";
import { getCampaign } from "@/lib/campaigns/queries/get-campaign";
import { plainSchedule } from "@/lib/campaigns/schedule";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import type { Context } from "@/lib/identity/context";
import { openRuntime } from "@/lib/identity/runtime";
import { installShippedPolicy } from "@/lib/policies/commands/install-shipped-policy";
import { everybody } from "@/lib/segments/segment";
import { planCampaign } from "@/lib/sending/commands/plan-campaign";
import { type BenchPlace, benchPlace } from "./place";
import { type BenchRow, exponentBetween, type Goal } from "./row";

const SIZES = [50_000, 200_000] as const;
const WARM_UP = 5_000;
const HOLDOUT = 1_000;
const goal: Goal = { text: "≥ 0.25 and ≥ 50,000/s", ratioAtLeast: 0.25, valueAtLeast: 50_000 };

/**
 * Planning a campaign: consent, exclusions, allocation, waves, messages. One in ten has no consent; the others are in three zones
 * or in none that we know. Reference: the same rows into the same empty table by one plain `insert … select`.
 */
export async function benchPlanning(): Promise<BenchRow[]> {
  const place = await benchPlace();
  const { urls, keystoreUrl, secrets, db } = place;
  const runtime = await openRuntime({
    databaseUrl: urls.worker,
    keystoreUrl,
    role: "worker",
    secrets,
    maxConnections: 4,
  });
  try {
    const ctx = await runtime.contextFor(systemActor("worker"));
    await installShippedPolicy({ ...ctx, db, actor: systemActor("terminal") });
    const ids = await addSender(place);
    await addPeople(place, ids.purposeId, WARM_UP);
    await planned(ctx, place, ids);
    const measured: { size: number; cost: number; reference: number }[] = [];
    for (const size of SIZES) {
      await addPeople(place, ids.purposeId, size);
      const { recipients, seconds } = await planned(ctx, place, ids);
      measured.push({ size: recipients, cost: seconds, reference: await bareInsert(place) });
    }
    const [small] = measured;
    return measured.map(({ size, cost, reference }) => ({
      name: "planning, from the segment to the last message",
      size,
      value: size / cost,
      unit: "recipients/s",
      reference: size / reference,
      ratio: reference / cost,
      goal,
      exponent: small && size > small.size ? exponentBetween(small, { size, cost }) : null,
    }));
  } finally {
    await runtime.close();
    await place.close();
  }
}

interface SenderIds {
  brandId: string;
  purposeId: string;
  numberId: string;
  segmentId: string;
  templateId: string;
}

async function addSender({ db }: BenchPlace): Promise<SenderIds> {
  const ids = { brandId: newId(), purposeId: newId(), numberId: newId(), segmentId: newId(), templateId: newId() };
  await db.execute(sql`insert into brands values (${ids.brandId}, 'Olmo', 'Olmo S. L.', now())`);
  await db.execute(sql`
    insert into purposes (id, brand_id, key, name, category, created_at)
    values (${ids.purposeId}, ${ids.brandId}, 'news', 'News', 'MARKETING', now())`);
  await db.execute(sql`
    insert into phone_numbers (id, brand_id, waba_id, phone_number_id, display_number, verified_name, base_url, token_sealed,
      app_secret_sealed, verify_token_hash, is_sandbox, created_at)
    values (${ids.numberId}, ${ids.brandId}, '900000000000001', '800000000000001', '+1 555-010-0100', 'Olmo', 'http://127.0.0.1:1',
      '\\x00', '\\x00', '\\x00', true, now())`);
  await db.execute(sql`
    insert into segments (id, name, rule, created_at, updated_at)
    values (${ids.segmentId}, 'Everybody', ${JSON.stringify(everybody)}::jsonb, now(), now())`);
  await db.execute(sql`
    insert into templates (id, number_id, waba_id, meta_id, name, language, category, status, components, components_sha256,
      created_at, updated_at)
    values (${ids.templateId}, ${ids.numberId}, '900000000000001', '1', 'rebajas', 'es', 'MARKETING', 'APPROVED', '[]', '\\x00', now(), now())`);
  return ids;
}

/** People instead of those there were. */
async function addPeople({ db }: BenchPlace, purposeId: string, count: number): Promise<void> {
  await db.execute(sql`truncate contacts, messages, campaign_waves, campaign_exclusions cascade`);
  await db.execute(sql`truncate consent_state`);
  await db.execute(sql`
    insert into contacts (lane, id, country, time_zone, created_at, updated_at)
    select lane_of(c.id), c.id, 'ES', (array['Europe/Madrid', 'Atlantic/Canary', 'America/Mexico_City', null])[1 + c.n % 4], now(), now()
    from (select gen_random_uuid() as id, n from generate_series(1, ${count}::int) n) c`);
  await db.execute(sql`
    insert into consent_state (lane, contact_id, purpose_id, status, basis_event_id, expires_at, last_occurred_at, updated_at)
    select lane, id, ${purposeId}, case when random() < 0.1 then 'withdrawn' else 'granted' end, gen_random_uuid(),
      now() + interval '1 year', now(), now()
    from contacts`);
  await db.execute(sql`vacuum analyze`);
}

async function planned(
  ctx: Context,
  { db }: BenchPlace,
  ids: SenderIds,
): Promise<{ recipients: number; seconds: number }> {
  const campaignId = newId();
  const goalOf = { ...emptyGoal, minimumEffectPoints: 1 };
  const variants = (["A", "B"] as const).map((key) => ({
    key,
    templateId: ids.templateId,
    weight: 5_000,
    parameters: {},
    linkUrl: "https://shop.example.test/enero",
  }));
  await db.execute(sql`
    insert into campaigns (id, brand_id, number_id, purpose_id, segment_id, name, status, goal, holdout_basis_points, grace_until,
      created_at, updated_at)
    values (${campaignId}, ${ids.brandId}, ${ids.numberId}, ${ids.purposeId}, ${ids.segmentId}, 'Enero', 'scheduled',
      ${JSON.stringify(goalOf)}::jsonb, ${HOLDOUT}::int, now(), now(), now())`);
  for (const [position, { key, templateId, weight, linkUrl }] of variants.entries())
    await db.execute(sql`
      insert into campaign_variants (campaign_id, key, position, template_id, weight, parameters, link_url)
      values (${campaignId}, ${key}, ${position}::int, ${templateId}, ${weight}::int, '{}', ${linkUrl})`);
  const none = { startsAt: null, deadlineAt: null, schedule: plainSchedule };
  const plan = planOf({ ...ids, ...none, goal: goalOf, holdoutBasisPoints: HOLDOUT, variants });
  await db.execute(sql`
    insert into campaign_plans (campaign_id, plan, plan_hash, seed, frozen_at)
    values (${campaignId}, ${JSON.stringify(plan)}::jsonb, '', sha256('seed'), now())`);
  const { contentHash } = await getCampaign(ctx, { campaignId });
  await db.execute(sql`
    update campaigns set content_hash = ${contentHash}, approved_hash = ${contentHash} where id = ${campaignId}`);
  const start = performance.now();
  await planCampaign(ctx, { campaignId });
  const seconds = (performance.now() - start) / 1_000;
  const [row] = await db.execute<{ status: string; recipients: number }>(sql`
    select status, (select count(*)::int from messages where campaign_id = ${campaignId}) as recipients
    from campaigns where id = ${campaignId}`);
  if (row?.status !== "sending") throw new Error(`the campaign was not planned to its end: it is ${row?.status}`);
  return { recipients: row.recipients, seconds };
}

/** The rows that planning made, taken out and put in again. */
async function bareInsert({ db }: BenchPlace): Promise<number> {
  await db.execute(sql`create table planned as select * from messages`);
  await db.execute(sql`truncate messages cascade`);
  await db.execute(sql`vacuum analyze`);
  const start = performance.now();
  await db.execute(sql`insert into messages select * from planned`);
  const seconds = (performance.now() - start) / 1_000;
  await db.execute(sql`drop table planned`);
  return seconds;
}
