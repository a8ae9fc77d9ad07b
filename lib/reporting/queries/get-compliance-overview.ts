import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { latestCheckpoint } from "@/lib/ledger/prove";
import { getSendsVerification, type VerificationState } from "./get-sends-verification";
import { type ApprovalKind, countApprovals } from "./list-approvals";
import { withinWindow } from "./list-window-sends";
import type { SendsVerification } from "./verify-sends";

const EXPIRY_DAYS = 30;
const WINDOW_DAYS = 30;
const DAY_MS = 86_400_000;

export interface ComplianceOverview {
  isSandbox: boolean;
  /** The last recomputation, and every send since then. */
  sends: SendsVerification;
  verification: VerificationState;
  /** Newest first. `refused`: the gate did not let them out; `topReason`: why, most often. */
  campaigns: {
    campaignId: string;
    name: string;
    attempts: number;
    proven: number;
    refused: number;
    topReason: string | null;
    sendingStartedAt: Date | null;
  }[];
  /** What somebody should look at, beside sends without consent. */
  unknownOutcomes: number;
  refusals: { reason: string; count: number }[];
  consents: { granted: number; expiringSoon: number; expiringWithinDays: number };
  optOuts: {
    total: number;
    last30Days: number;
    /** From the person's act to our commit, over the last 30 days, acts that we captured ourselves; null: there were none. */
    honoured: { p50Ms: number; p95Ms: number } | null;
  };
  ledger: {
    /** Null until the first checkpoint is signed. Real time, unlike the rest. */
    checkpoint: { size: number; rootHex: string; signedAt: Date; ageSeconds: number } | null;
    /** The newest checkpoint that a witness signed too; null: none has. */
    witness: { size: number; ageSeconds: number } | null;
    entries: number;
    /** Committed, not yet in the sequence: under a second normally. */
    pending: number;
  };
  /** Requests of people about their own data that are open; `daysLeft` of the most urgent, negative when overdue. */
  requests: { open: number; daysLeft: number | null };
  approvals: Record<ApprovalKind, number>;
  anomalies: { kind: AnomalyKind; count: number }[];
}

/** What is not as it should be, each where somebody can do something about it. */
export const anomalyKinds = [
  "verification_failed",
  "checkpoint_late",
  "log_broken",
  "kill_switch",
  "dead_webhook",
  "within_window",
] as const;
export type AnomalyKind = (typeof anomalyKinds)[number];

/** A checkpoint is due every minute while something happens (I4). */
const LATE_SECONDS = 120;

/** "Can we prove the consent of everything that was sent?" with what else an officer looks at first (compliance 4, page 1). */
export async function getComplianceOverview(ctx: Context): Promise<ComplianceOverview> {
  authorize(ctx, "ledger.read");
  const [{ sends, ...verification }, campaigns, refusals, counts, ledger, approvals] = await Promise.all([
    getSendsVerification(ctx),
    campaignRows(ctx),
    ctx.db.execute<{ reason: string; count: number }>(sql`
      select reason, count(*)::int as count from gate_refusals group by reason order by count desc, reason`),
    countRows(ctx),
    ledgerFacts(ctx),
    countApprovals(ctx),
  ]);
  const attemptsOf = new Map(sends.byCampaign.map((row) => [row.campaignId, row]));
  return {
    isSandbox: counts.is_sandbox,
    sends,
    verification,
    campaigns: campaigns.map(({ id, name, refused, reason, started }) => {
      const { attempts, withoutConsent } = attemptsOf.get(id) ?? { attempts: 0, withoutConsent: 0 };
      const sendingStartedAt = started === null ? null : new Date(started);
      return {
        campaignId: id,
        name,
        attempts,
        proven: attempts - withoutConsent,
        refused,
        topReason: reason,
        sendingStartedAt,
      };
    }),
    unknownOutcomes: counts.unknown,
    refusals: [...refusals],
    consents: { granted: counts.granted, expiringSoon: counts.expiring, expiringWithinDays: EXPIRY_DAYS },
    optOuts: {
      total: counts.opt_outs,
      last30Days: counts.recent_opt_outs,
      honoured: counts.p50 === null || counts.p95 === null ? null : { p50Ms: counts.p50, p95Ms: counts.p95 },
    },
    ledger,
    requests: { open: counts.requests, daysLeft: counts.days_left },
    approvals,
    anomalies: anomaliesOf(verification, counts, ledger),
  };
}

function anomaliesOf(
  { hasFailed }: VerificationState,
  counts: CountRow,
  { checkpoint, pending, entries }: ComplianceOverview["ledger"],
): ComplianceOverview["anomalies"] {
  const unsigned = entries + pending - (checkpoint?.size ?? 0);
  const found: Record<AnomalyKind, number> = {
    verification_failed: hasFailed ? 1 : 0,
    checkpoint_late: unsigned > 0 && (checkpoint?.ageSeconds ?? Number.POSITIVE_INFINITY) > LATE_SECONDS ? unsigned : 0,
    log_broken: counts.log_problems,
    kill_switch: counts.switches,
    dead_webhook: counts.dead_items,
    within_window: counts.within_window,
  };
  return anomalyKinds.flatMap((kind) => (found[kind] > 0 ? [{ kind, count: found[kind] }] : []));
}

interface CampaignRow extends Record<string, unknown> {
  id: string;
  name: string;
  refused: number;
  reason: string | null;
  started: string | null;
}

async function campaignRows(ctx: Context): Promise<CampaignRow[]> {
  return ctx.db.execute<CampaignRow>(sql`
    select c.id, c.name, c.sending_started_at as started, coalesce(r.refused, 0)::int as refused, r.reason
    from campaigns c
    left join (
      select campaign_id, sum(n)::int as refused, (array_agg(reason order by n desc, reason))[1] as reason
      from (select campaign_id, reason, count(*) as n from gate_refusals group by campaign_id, reason) by_reason
      group by campaign_id
    ) r on r.campaign_id = c.id
    where c.sending_started_at is not null
    order by c.sending_started_at desc, c.id limit 200`);
}

interface CountRow extends Record<string, unknown> {
  is_sandbox: boolean;
  unknown: number;
  granted: number;
  expiring: number;
  opt_outs: number;
  recent_opt_outs: number;
  p50: number | null;
  p95: number | null;
  requests: number;
  days_left: number | null;
  log_problems: number;
  switches: number;
  dead_items: number;
  within_window: number;
}

async function countRows(ctx: Context): Promise<CountRow> {
  const now = sql`${ctx.now()}::timestamptz`;
  const [row] = await ctx.db.execute<CountRow>(sql`
    select
      (select mode = 'sandbox' from installation) as is_sandbox,
      (select count(*)::int from messages where state in ('unknown','unknown_final')) as unknown,
      (select count(*)::int from consent_state where status = 'granted' and expires_at > ${now}) as granted,
      (select count(*)::int from consent_state where status = 'granted' and expires_at > ${now}
        and expires_at <= ${now} + make_interval(days => ${EXPIRY_DAYS}::int)) as expiring,
      (select count(*)::int from consent_events where type = 'withdrawn') as opt_outs,
      recent.count as recent_opt_outs, recent.p50, recent.p95,
      (select count(*)::int from rights_requests where closed_at is null) as requests,
      (select floor(extract(epoch from min(due_at) - ${now}) / 86400)::int from rights_requests
        where closed_at is null) as days_left,
      coalesce((select problem_count from log_audits where ended_at is not null and state in ('intact', 'broken')
        order by ended_at desc limit 1), 0) as log_problems,
      (select count(*)::int from kill_switches where released_at is null) as switches,
      (select count(*)::int from webhook_dead_items where resolved_at is null) as dead_items,
      (select count(*)::int from (${withinWindow(new Date(ctx.now().getTime() - WINDOW_DAYS * DAY_MS))}) as sent) as within_window
    from (
      select count(*)::int as count,
        percentile_cont(0.5) within group (order by delay) filter (where source_class = 'A') as p50,
        percentile_cont(0.95) within group (order by delay) filter (where source_class = 'A') as p95
      from (
        select source_class, greatest(0, extract(epoch from recorded_at - occurred_at) * 1000)::float8 as delay
        from consent_events where type = 'withdrawn' and recorded_at > ${now} - interval '30 days'
      ) as withdrawal
    ) as recent`);
  if (!row) throw new Error("A select without a table answers one row");
  return row;
}

async function ledgerFacts(ctx: Context): Promise<ComplianceOverview["ledger"]> {
  const checkpoint = await latestCheckpoint(ctx.db);
  const [row] = await ctx.db.execute<{
    entries: string;
    pending: number;
    age: number | null;
    witness_size: string | null;
    witness_age: number | null;
  }>(sql`
    select coalesce((select max(idx) + 1 from log_sequence), 0)::text as entries,
      (select count(*)::int from log_pending) as pending,
      (select extract(epoch from clock_timestamp() - max(signed_at))::float8 from log_checkpoints) as age,
      witness.size::text as witness_size, witness.age as witness_age
    from (select 1) as one left join lateral (
      select size, extract(epoch from clock_timestamp() - cosigned_at)::float8 as age
      from log_cosignatures order by size desc, cosigned_at desc limit 1
    ) as witness on true`);
  return {
    checkpoint: checkpoint
      ? {
          size: checkpoint.size,
          rootHex: checkpoint.root.toString("hex"),
          signedAt: checkpoint.signedAt,
          ageSeconds: Math.max(0, row?.age ?? 0),
        }
      : null,
    witness:
      row?.witness_size == null
        ? null
        : { size: Number(row.witness_size), ageSeconds: Math.max(0, row.witness_age ?? 0) },
    entries: Number(row?.entries ?? 0),
    pending: row?.pending ?? 0,
  };
}
