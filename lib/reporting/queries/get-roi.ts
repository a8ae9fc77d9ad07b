import { sql } from "drizzle-orm";
import type { CampaignStatus } from "@/lib/campaigns/campaign";
import { ALPHA } from "@/lib/experiments/plan";
import { localDate } from "@/lib/foundation/time";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type AnalysisRecord, analysisRecord, type VerdictCode } from "@/lib/results/analysis";
import { addIncrementals, type Interval, perUnitSpent } from "../roi";

/** Instants; `to` is the first one after the period. A campaign belongs to the period in which its sending began. */
export interface RoiPeriod {
  from: Date;
  to: Date;
}

export interface RoiCampaign {
  campaignId: string;
  name: string;
  status: CampaignStatus;
  startedAt: Date;
  spendMicros: number;
  /** Delivered messages without a price: their cost is not in the spend. */
  unpriced: number;
  /**
   * `collecting`: the analysis is still to come, so nobody sees money either. `unmeasured`: analysed without a holdout (or
   * it was stopped): `attributedMicros` is what people who clicked bought, which is not what the campaign brought in.
   */
  measure:
    | { kind: "measured"; incremental: Interval; perUnit: Interval | null }
    | { kind: "collecting" }
    | { kind: "unmeasured"; reason: string; attributedMicros: number };
  verdict: VerdictCode | null;
  decision: { decision: string; variant: string | null } | null;
}

export interface RoiTotals {
  spendMicros: number;
  unpriced: number;
  /** Of the spend: what belongs to campaigns with a measured effect, 0 to 1; null without spend. */
  measuredShare: number | null;
  measuredSpendMicros: number;
  /** Of measured campaigns only; null when there is none ("not measurable", never 0). */
  incremental: Interval | null;
  /** Incremental money for each unit of all that was spent, measured or not. */
  perUnit: Interval | null;
  /** The interval of `perUnit` contains 1: we cannot say yet whether it pays for itself. */
  coversBreakEven: boolean;
}

export interface RoiView {
  period: RoiPeriod;
  currency: string;
  timeZone: string;
  isSandbox: boolean;
  totals: RoiTotals;
  /** The period of the same length before, and the difference with its own interval; null where one of both is. */
  previous: { spendMicros: number; incrementalChange: Interval | null };
  /** By month of the organisation's zone, `2026-12`, oldest first. */
  months: { month: string; spendMicros: number; incremental: Interval | null }[];
  /** Largest spend first, not luckiest. */
  campaigns: RoiCampaign[];
  /** Of everybody who was written to in the period. */
  optOuts: { people: number; optedOut: number };
  at: Date;
}

/** What did WhatsApp bring in that would not have come anyway, and what did it cost? (ux.md 5) */
export async function getRoi(ctx: Context, period: RoiPeriod): Promise<RoiView> {
  authorize(ctx, "roi.read");
  const length = period.to.getTime() - period.from.getTime();
  const before = { from: new Date(period.from.getTime() - length), to: period.from };
  const [[place], now, earlier, optOuts] = await Promise.all([
    ctx.db.execute<{ mode: string; currency: string; zone: string }>(
      sql`select mode, currency, time_zone as zone from installation`,
    ),
    readCampaigns(ctx, period),
    readCampaigns(ctx, before),
    readOptOuts(ctx, period),
  ]);
  const timeZone = place?.zone ?? "Europe/Madrid";
  const months = new Map<string, Row[]>();
  for (const row of now) {
    const month = localDate(row.startedAt, timeZone).slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), row]);
  }
  return {
    period,
    currency: place?.currency ?? "EUR",
    timeZone,
    isSandbox: place?.mode !== "live",
    totals: totalsOf(now),
    previous: { spendMicros: spendOf(earlier), incrementalChange: changeOf(now, earlier) },
    months: [...months]
      .sort(([one], [two]) => (one < two ? -1 : 1))
      .map(([month, rows]) => ({ month, spendMicros: spendOf(rows), incremental: incrementalOf(rows) })),
    campaigns: now.map(campaignView).sort((one, two) => two.spendMicros - one.spendMicros),
    optOuts,
    at: ctx.now(),
  };
}

interface Row {
  id: string;
  name: string;
  status: CampaignStatus;
  startedAt: Date;
  spendMicros: number;
  unpriced: number;
  attributedMicros: number;
  record: AnalysisRecord | null;
  decision: { decision: string; variant: string | null } | null;
}

interface Columns extends Record<string, unknown> {
  id: string;
  name: string;
  status: CampaignStatus;
  started: string;
  record: unknown;
  spend: string;
  unpriced: number;
  attributed: string;
  decision: string | null;
  variant: string | null;
}

/** Campaigns whose last look was taken answer from its stored record; the messages of the others are added up. */
async function readCampaigns(ctx: Context, { from, to }: RoiPeriod): Promise<Row[]> {
  const rows = await ctx.db.execute<Columns>(sql`
    select c.id, c.name, c.status, c.sending_started_at as started, l.record, d.decision, d.variant,
      coalesce(m.spend, 0)::text as spend, coalesce(m.unpriced, 0)::int as unpriced, coalesce(v.micros, 0)::text as attributed
    from campaigns c
    cross join installation i
    left join lateral (
      select record from looks where campaign_id = c.id and c.status <> 'measuring' order by n desc limit 1) l on true
    left join decisions d on d.campaign_id = c.id
    left join lateral (
      select sum(cost_micros) filter (where cost_currency = i.currency) as spend,
        count(*) filter (where delivered_at is not null and cost_micros is null) as unpriced
      from messages where campaign_id = c.id and l.record is null
    ) m on true
    left join lateral (
      select sum(amount_micros) filter (where currency = i.currency) as micros
      from campaign_conversions where campaign_id = c.id and via_click
    ) v on true
    where c.sending_started_at >= ${from}::timestamptz and c.sending_started_at < ${to}::timestamptz
    order by c.sending_started_at, c.id`);
  return rows.map((row) => {
    const record = row.record === null ? null : analysisRecord.parse(row.record);
    return {
      id: row.id,
      name: row.name,
      status: row.status,
      startedAt: new Date(row.started),
      spendMicros: record ? record.money.spendMicros : Number(row.spend),
      unpriced: record ? record.money.unpriced : row.unpriced,
      attributedMicros: Number(row.attributed),
      record,
      decision: row.decision === null ? null : { decision: row.decision, variant: row.variant },
    };
  });
}

/** Figures of a broken split, or without the data they need, are no measurement. */
function measured({ record }: Row) {
  const isTrusted = record && record.headline.code !== "INVALID_SRM" && record.headline.code !== "DATA_MISSING";
  return isTrusted ? record.money.incremental : null;
}

const spendOf = (rows: readonly Row[]): number => rows.reduce((sum, { spendMicros }) => sum + spendMicros, 0);

function sumOf(rows: readonly Row[]) {
  return addIncrementals(
    rows.map(measured).filter((one) => one !== null),
    ALPHA,
  );
}

function incrementalOf(rows: readonly Row[]): Interval | null {
  const sum = sumOf(rows);
  return sum && { estimate: sum.estimate, lower: sum.lower, upper: sum.upper };
}

function changeOf(now: readonly Row[], earlier: readonly Row[]): Interval | null {
  if (!sumOf(now) || !sumOf(earlier)) return null;
  const minus = earlier.map(measured).flatMap((one) => (one ? [{ ...one, estimate: -one.estimate }] : []));
  const both = addIncrementals([...now.map(measured).filter((one) => one !== null), ...minus], ALPHA);
  return both && { estimate: both.estimate, lower: both.lower, upper: both.upper };
}

function totalsOf(rows: readonly Row[]): RoiTotals {
  const spendMicros = spendOf(rows);
  const measuredSpendMicros = spendOf(rows.filter((row) => measured(row) !== null));
  const incremental = incrementalOf(rows);
  const perUnit = incremental && perUnitSpent(incremental, spendMicros);
  return {
    spendMicros,
    unpriced: rows.reduce((sum, { unpriced }) => sum + unpriced, 0),
    measuredShare: spendMicros > 0 ? measuredSpendMicros / spendMicros : null,
    measuredSpendMicros,
    incremental,
    perUnit,
    coversBreakEven: perUnit !== null && perUnit.lower <= 1 && perUnit.upper >= 1,
  };
}

function campaignView(row: Row): RoiCampaign {
  const { id, name, status, startedAt, spendMicros, unpriced, record, decision } = row;
  const verdict = record?.headline.code ?? null;
  return { campaignId: id, name, status, startedAt, spendMicros, unpriced, measure: measureOf(row), verdict, decision };
}

function measureOf(row: Row): RoiCampaign["measure"] {
  const found = measured(row);
  if (found) {
    const { estimate, lower, upper } = found;
    const incremental = { estimate, lower, upper };
    return { kind: "measured", incremental, perUnit: perUnitSpent(incremental, row.spendMicros) };
  }
  const { record, status, attributedMicros } = row;
  if (!record && status !== "stopped" && status !== "archived") return { kind: "collecting" };
  const reason = record ? (record.money.incremental ? record.headline.code : record.money.reason) : null;
  return { kind: "unmeasured", reason: reason ?? "stopped", attributedMicros };
}

async function readOptOuts(ctx: Context, { from, to }: RoiPeriod): Promise<RoiView["optOuts"]> {
  const [row] = await ctx.db.execute<{ people: number; opted_out: number }>(sql`
    select count(*) filter (where m.accepted_at is not null)::int as people,
      count(*) filter (where m.opted_out_at is not null)::int as opted_out
    from messages m join campaigns c on c.id = m.campaign_id
    where c.sending_started_at >= ${from}::timestamptz and c.sending_started_at < ${to}::timestamptz`);
  return { people: row?.people ?? 0, optedOut: row?.opted_out ?? 0 };
}
