import { sql } from "drizzle-orm";
import type { CampaignStatus } from "@/lib/campaigns/campaign";
import { HOLDOUT } from "@/lib/experiments/allocation";
import { AppError } from "@/lib/foundation/errors";
import { LANES } from "@/lib/foundation/ids";
import { authorize, may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { openStates, type StateCounts, sentStates } from "../message";
import { getBooks } from "./get-books";

/** The rate is that of the last so many real seconds. */
const RATE_SECONDS = 10;
const SHOWN_REASONS = 8;

/** One bar: where the people of a variant stand, in five groups that add up to `people`. */
export interface ProgressPart {
  key: string;
  people: number;
  /** Left our side: taken by Meta, or may have been. */
  sent: number;
  delivered: number;
  /** Taken by Meta, nothing heard of yet. */
  inFlight: number;
  failed: number;
  /** Left out by a check, cancelled, too late. */
  skipped: number;
  /** Still to come: planned, queued, being sent. */
  open: number;
  states: StateCounts;
}

/** Live progress (ux.md 1.5): how sending goes. Nothing about what people did with their messages. */
export interface Progress {
  campaignId: string;
  name: string;
  status: CampaignStatus;
  frozenReason: string | null;
  mayPause: boolean;
  /** Without the holdout, who get nothing. */
  people: number;
  heldOut: number;
  sent: number;
  open: number;
  /** Settled of those who are written to, 0 to 1. */
  share: number;
  parts: ProgressPart[];
  /** Messages a second of business time now; null while nothing is being sent. */
  ratePerSecond: number | null;
  /** What the number may send at most, a second; null while no number is chosen. */
  limitPerSecond: number | null;
  /** When the last one leaves at this rate, business time; null when there is no rate or nothing left. */
  expectedEndAt: Date | null;
  /** Why people got nothing, most frequent first: codes with the state they led to, by variant. */
  reasons: { reason: string; state: string; total: number; byPart: Record<string, number> }[];
  /** Who is not written to yet, and why: most people first, with the moment at which the first of them may be. */
  waiting: { reason: string; total: number; nextAt: Date }[];
  startsAt: Date | null;
  /** Since when it waits for a person because its start was missed. */
  lateSince: Date | null;
  graceUntil: Date | null;
  sendingStartedAt: Date | null;
  sendingEndedAt: Date | null;
  measuringUntil: Date | null;
  /** Business time of these figures. */
  at: Date;
}

interface CampaignRow extends Record<string, unknown> {
  name: string;
  status: CampaignStatus;
  frozen_reason: string | null;
  created_by: string | null;
  starts_at: string | null;
  late_since: string | null;
  grace_until: string | null;
  sending_started_at: string | null;
  sending_ended_at: string | null;
  measuring_until: string | null;
  throughput: number | null;
  speed: number;
}

/** @throws AppError("not_found") */
export async function getProgress(ctx: Context, { campaignId }: { campaignId: string }): Promise<Progress> {
  authorize(ctx, "campaign.read");
  const [row] = await ctx.db.execute<CampaignRow>(sql`
    select c.name, c.status, c.frozen_reason, c.created_by, c.starts_at, c.late_since, c.grace_until, c.sending_started_at,
      c.sending_ended_at, c.measuring_until, n.messages_per_second as throughput,
      coalesce((select speed from app_clock), 1) as speed
    from campaigns c left join phone_numbers n on n.id = c.number_id where c.id = ${campaignId}::uuid`);
  if (!row) throw new AppError("not_found", { campaignId });
  const books = await getBooks(ctx, { campaignId });
  const parts = books.parts.filter(({ key }) => key !== HOLDOUT).map(progressPart);
  const total = (key: "people" | "sent" | "open") => parts.reduce((sum, part) => sum + part[key], 0);
  const [people, sent, open] = [total("people"), total("sent"), total("open")];
  const isSending = row.status === "sending";
  const ratePerSecond = isSending ? await rateNow(ctx, campaignId, row.speed) : null;
  const at = ctx.now();
  return {
    campaignId,
    name: row.name,
    status: row.status,
    frozenReason: row.frozen_reason,
    mayPause: may(ctx.actor, "campaign.pause", { ownedBy: row.created_by }),
    people,
    heldOut: books.recipients - people,
    sent,
    open,
    share: people === 0 ? 0 : (people - open) / people,
    parts,
    ratePerSecond,
    limitPerSecond: row.throughput,
    expectedEndAt: ratePerSecond && open > 0 ? new Date(at.getTime() + (open / ratePerSecond) * 1_000) : null,
    reasons: await topReasons(ctx, campaignId),
    waiting: await whoWaits(ctx, campaignId),
    startsAt: instant(row.starts_at),
    lateSince: instant(row.late_since),
    graceUntil: instant(row.grace_until),
    sendingStartedAt: instant(row.sending_started_at),
    sendingEndedAt: instant(row.sending_ended_at),
    measuringUntil: instant(row.measuring_until),
    at,
  };
}

function progressPart({ key, people, states }: { key: string; people: number; states: StateCounts }): ProgressPart {
  const sumOf = (names: readonly (keyof StateCounts)[]) => names.reduce((sum, name) => sum + states[name], 0);
  return {
    key,
    people,
    sent: sumOf(sentStates),
    delivered: sumOf(["delivered", "read"]),
    inFlight: sumOf(["accepted", "sent", "no_status", "unknown", "unknown_final"]),
    failed: sumOf(["failed", "rejected"]),
    skipped: sumOf(["skipped", "cancelled", "missed_deadline"]),
    open: sumOf(openStates),
    states,
  };
}

/**
 * Attempts of the last real seconds. Their ids are ordered by real time and are the primary key within a lane, so this reads
 * only the newest rows however large the campaign is.
 */
async function rateNow(ctx: Context, campaignId: string, speed: number): Promise<number | null> {
  const [row] = await ctx.db.execute<{ count: number; seconds: number | null }>(sql`
    select count(*)::int as count,
      extract(epoch from clock_timestamp() - min(a.start_before) + interval '2 seconds')::float8 as seconds
    from generate_series(0, ${LANES - 1}::int) as l(lane)
    join send_attempts a on a.lane = l.lane and a.id >= (lpad(to_hex(
      (extract(epoch from clock_timestamp() - make_interval(secs => ${RATE_SECONDS}::int)) * 1000)::bigint), 12, '0')
      || repeat('0', 20))::uuid
    where a.campaign_id = ${campaignId}::uuid`);
  if (!row || row.count === 0 || row.seconds === null) return null;
  return row.count / Math.max(1, row.seconds) / speed;
}

async function topReasons(ctx: Context, campaignId: string): Promise<Progress["reasons"]> {
  const rows = await ctx.db.execute<{ reason: string; state: string; variant: string; count: number }>(sql`
    select coalesce(reason, state) as reason, state, variant, count(*)::int as count from messages
    where campaign_id = ${campaignId}::uuid
      and state in ('failed','rejected','skipped','cancelled','missed_deadline','unknown','unknown_final')
    group by coalesce(reason, state), state, variant`);
  const reasons = new Map<string, Progress["reasons"][number]>();
  for (const { reason, state, variant, count } of rows) {
    const key = `${state} ${reason}`;
    const found = reasons.get(key) ?? { reason, state, total: 0, byPart: {} };
    reasons.set(key, { ...found, total: found.total + count, byPart: { ...found.byPart, [variant]: count } });
  }
  return [...reasons.values()].sort((one, two) => two.total - one.total).slice(0, SHOWN_REASONS);
}

async function whoWaits(ctx: Context, campaignId: string): Promise<Progress["waiting"]> {
  const rows = await ctx.db.execute<{ reason: string; total: number; next_at: string }>(sql`
    select reason, count(*)::int as total, min(not_before) as next_at from messages
    where campaign_id = ${campaignId}::uuid and state = 'queued' and reason is not null
    group by reason order by total desc, reason limit ${SHOWN_REASONS}::int`);
  return rows.map(({ reason, total, next_at }) => ({ reason, total, nextAt: new Date(next_at) }));
}

function instant(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
