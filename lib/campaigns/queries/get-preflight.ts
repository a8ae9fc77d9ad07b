import { and, desc, eq, lte, sql } from "drizzle-orm";
import * as z from "zod";
import { campaignApprovals, campaignHistory } from "@/db/schema/campaigns";
import { purposes } from "@/db/schema/consent";
import { users } from "@/db/schema/identity";
import { priceLists, priceRates } from "@/db/schema/numbers";
import { roles } from "@/lib/identity/actor";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { peopleAllowed } from "@/lib/numbers/limits";
import { getPolicyInForce } from "@/lib/policies/queries/get-policy";
import { segmentRule } from "@/lib/segments/segment";
import { foreseeRefusal } from "@/lib/templates/foresee";
import { findOptOut } from "@/lib/templates/opt-out";
import { type ParameterMapping, templateNeeds, unmappedPlaces } from "@/lib/templates/parameters";
import { readComponents } from "@/lib/whatsapp/components";
import { estimateCost, type PriceFacts } from "../cost";
import { isSolo } from "../four-eyes";
import { type CostFacts, type HeadroomFacts, type PreflightFacts, preflight, type VariantFacts } from "../preflight";
import { blockers, type PreflightId, type PreflightRow } from "../preflight-row";
import { activePeople, type LoadedCampaign, type LoadedVariant, loadCampaign, readInstallation } from "../store";
import { type ForecastWave, forecastWaves } from "../waves";
import { type AudienceCount, countAudience } from "./count-audience";

export interface Preflight {
  rows: (PreflightRow & { hasChangedSinceApproval: boolean })[];
  blockers: PreflightId[];
  /** When people of each place are written to; null while it cannot be told. */
  waves: ForecastWave[] | null;
  contentHash: string;
  computedAt: Date;
}

/** The checklist as it is now, and which rows are no longer what the approver saw. */
export async function getPreflight(ctx: Context, { campaignId }: { campaignId: string }): Promise<Preflight> {
  authorize(ctx, "campaign.read");
  const campaign = await loadCampaign(ctx, campaignId);
  const facts = await gatherFacts(ctx, campaign);
  const rows = preflight(facts);
  const approved = campaign.row.approvedHash ? await checklistAtApproval(ctx, campaignId) : {};
  return {
    rows: rows.map((row) => ({
      ...row,
      hasChangedSinceApproval: row.id !== "second_person" && (approved[row.id] ?? row.status) !== row.status,
    })),
    blockers: blockers(rows),
    waves: Array.isArray(facts.waves) ? facts.waves : null,
    contentHash: campaign.contentHash,
    computedAt: ctx.now(),
  };
}

/** The rows for a campaign that is already loaded: commands ask with the row locked. */
export async function computePreflight(ctx: Context, campaign: LoadedCampaign): Promise<PreflightRow[]> {
  return preflight(await gatherFacts(ctx, campaign));
}

/** The first instant at which anybody is written to, as it stands now; undefined while it cannot be told. */
export async function firstInstant(ctx: Context, campaign: LoadedCampaign): Promise<Date | undefined> {
  authorize(ctx, "campaign.read");
  const waves = await wavesOf(ctx, campaign, await countFor(ctx, campaign));
  return Array.isArray(waves) ? waves[0]?.at : undefined;
}

async function gatherFacts(ctx: Context, campaign: LoadedCampaign) {
  const { row, draft, variants } = campaign;
  const [purpose] = row.purposeId
    ? await ctx.db.select().from(purposes).where(eq(purposes.id, row.purposeId)).limit(1)
    : [];
  const audience = await countFor(ctx, campaign);
  const place = await readInstallation(ctx);
  return {
    isSandbox: place.mode === "sandbox",
    purposeCategory: purpose?.category ?? null,
    metric: draft.goal.metric,
    reach: audience,
    variants: variants.map((variant) => factsOf(variant, audience, lastMoment(ctx, draft))),
    weights: draft.variants.map(({ key, weight }) => ({ key, weight })),
    holdoutBasisPoints: row.holdoutBasisPoints,
    baselinePoints: draft.goal.baselinePoints,
    wantedPoints: draft.goal.minimumEffectPoints,
    method: draft.goal.method,
    windowHours: draft.goal.windowHours,
    cost:
      audience &&
      (await costOf(ctx, campaign, { audience, category: purpose?.category ?? "MARKETING", currency: place.currency })),
    waves: await wavesOf(ctx, campaign, audience),
    perDay: draft.schedule.perDay,
    headroom: await headroomOf(ctx, row),
    signatures: await signaturesOf(ctx, campaign, place.soloMode),
  } satisfies PreflightFacts;
}

async function countFor(ctx: Context, { row, rule, variants }: LoadedCampaign): Promise<AudienceCount | null> {
  const parsed = segmentRule.safeParse(rule);
  if (!parsed.success || !row.purposeId) return null;
  const rules = variants.flatMap(({ parameters }) => Object.values(parameters));
  const attributes = new Set(rules.flatMap((one) => (one.source === "attribute" ? one.key : [])));
  const lacking = { attributes: [...attributes], name: rules.some(({ source }) => source === "name") };
  return countAudience(ctx, { rule: parsed.data, purposeId: row.purposeId, lacking });
}

async function wavesOf(
  ctx: Context,
  { row, draft }: LoadedCampaign,
  audience: AudienceCount | null,
): Promise<ForecastWave[] | "no_rules" | null> {
  if (!audience) return null;
  const policy = await getPolicyInForce(ctx);
  if (!policy) return "no_rules";
  const { schedule, startsAt, deadlineAt } = draft;
  const timing = { schedule, startsAt, policy: policy.rules, now: ctx.now() };
  const { holdoutBasisPoints } = row;
  return forecastWaves(timing, { places: audience.places, holdoutBasisPoints, perDay: schedule.perDay, deadlineAt });
}

async function headroomOf(ctx: Context, { id, numberId }: LoadedCampaign["row"]): Promise<HeadroomFacts | null> {
  if (!numberId) return null;
  const [row] = await ctx.db.execute<{ messaging_limit: string; used: number; waiting: number }>(sql`
    with mine as (select messaging_limit, coalesce(portfolio_id, 'account ' || waba_id) as portfolio
      from phone_numbers where id = ${numberId}::uuid)
    select mine.messaging_limit,
      -- Counted anew whenever something is sent, so an old figure is of people whose 24 hours are over.
      coalesce((select u.used from portfolio_usage u where u.portfolio = mine.portfolio
        and u.counted_at > ${ctx.now()}::timestamptz - interval '24 hours'), 0) as used,
      (select count(*)::int from campaigns c
        join phone_numbers n on n.id = c.number_id and coalesce(n.portfolio_id, 'account ' || n.waba_id) = mine.portfolio
        join messages m on m.campaign_id = c.id and m.state in ('planned', 'queued')
        where c.id <> ${id}::uuid and c.status in ('scheduled', 'sending', 'paused')) as waiting
    from mine`);
  if (!row) return null;
  return { limit: peopleAllowed(row.messaging_limit) ?? null, used: row.used, waiting: row.waiting };
}

/** The latest that is known at which a message may leave. */
function lastMoment(ctx: Context, { startsAt, deadlineAt }: LoadedCampaign["draft"]): Date {
  return deadlineAt ?? startsAt ?? ctx.now();
}

function factsOf(
  { key, template, linkUrl, parameters }: LoadedVariant,
  audience: AudienceCount | null,
  until: Date,
): VariantFacts {
  const parts = template && readComponents(template.components);
  const needs = template && templateNeeds(template.components);
  if (!template || template.deletedAt || !parts || !needs)
    return { key, template: null, linkUrl, unmapped: [], lacking: [], endsEarly: false, foreseen: null };
  return {
    key,
    template: {
      name: template.name,
      status: template.status,
      category: template.category,
      nextCategory: template.nextCategory,
      quality: template.quality,
      language: template.language,
      hasOptOut: findOptOut(parts) !== undefined,
      linkButtons: needs.linkButtons.length + (needs.hasCardLinks ? 1 : 0),
      unsupported: needs.unsupported,
    },
    linkUrl,
    foreseen:
      foreseeRefusal({
        components: template.components,
        parameterFormat: template.parameterFormat,
        mapping: parameters,
      }) ?? null,
    unmapped: unmappedPlaces(template.components, parameters),
    endsEarly: Object.values(parameters).some((rule) => rule.source === "moment" && new Date(rule.at) <= until),
    lacking: audience && lackingOf(needs.places, parameters, audience),
  };
}

function lackingOf(places: string[], mapping: ParameterMapping, { lacking }: AudienceCount): VariantFacts["lacking"] {
  return places.flatMap((place) => {
    const rule = mapping[place];
    if (rule?.source !== "name" && rule?.source !== "attribute") return [];
    const people = rule.source === "name" ? lacking.name : (lacking.attributes[rule.key] ?? 0);
    return [{ place, people, hasFallback: rule.fallback !== null }];
  });
}

async function costOf(
  ctx: Context,
  { row, draft }: LoadedCampaign,
  { audience, category, currency }: { audience: AudienceCount; category: string; currency: string },
): Promise<CostFacts> {
  const terms = { holdoutBasisPoints: row.holdoutBasisPoints, capMicros: draft.goal.spendCapMicros, currency };
  return estimateCost(audience.countries, terms, await pricesOf(ctx, category));
}

/** The list in force now: the latest that has taken effect. */
async function pricesOf(ctx: Context, category: string): Promise<PriceFacts> {
  const [list] = await ctx.db
    .select()
    .from(priceLists)
    .where(lte(priceLists.effectiveAt, ctx.now()))
    .orderBy(desc(priceLists.effectiveAt), desc(priceLists.createdAt))
    .limit(1);
  if (!list) return { list: null, rates: new Map() };
  const ofCategory = and(eq(priceRates.listId, list.id), eq(priceRates.category, category));
  const rates = await ctx.db.select().from(priceRates).where(ofCategory);
  return { list, rates: new Map(rates.map(({ country, amountMicros }) => [country, amountMicros])) };
}

async function signaturesOf(
  ctx: Context,
  { row, contentHash }: LoadedCampaign,
  soloMode: boolean,
): Promise<PreflightFacts["signatures"]> {
  if (row.approvedHash === contentHash)
    return { approvers: await signedBy(ctx, row.id), isSolo: false, isApproved: true };
  const touched = new Set([row.createdBy, ...row.editors]);
  const approvers = (await activePeople(ctx, ["owner", "approver"])).filter(({ id }) => !touched.has(id));
  const everybody = await activePeople(ctx, roles);
  return {
    approvers: approvers.map(({ name }) => name),
    isSolo: isSolo({ soloMode, activePeople: everybody.length }),
    isApproved: false,
  };
}

async function signedBy(ctx: Context, campaignId: string): Promise<string[]> {
  const rows = await ctx.db
    .select({ name: users.name })
    .from(campaignApprovals)
    .innerJoin(users, eq(users.id, campaignApprovals.by))
    .where(and(eq(campaignApprovals.campaignId, campaignId), eq(campaignApprovals.decision, "approved")))
    .orderBy(desc(campaignApprovals.at))
    .limit(1);
  return rows.map(({ name }) => name);
}

const approvedData = z.object({ checklist: z.record(z.string(), z.string()) });

async function checklistAtApproval(ctx: Context, campaignId: string): Promise<Record<string, string>> {
  const ofApproval = and(eq(campaignHistory.campaignId, campaignId), eq(campaignHistory.type, "approved"));
  const [latest] = await ctx.db
    .select({ data: campaignHistory.data })
    .from(campaignHistory)
    .where(ofApproval)
    .orderBy(desc(campaignHistory.at), desc(campaignHistory.id))
    .limit(1);
  const parsed = approvedData.safeParse(latest?.data);
  return parsed.success ? parsed.data.checklist : {};
}
