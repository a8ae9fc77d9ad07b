import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { latestCheckpoint } from "@/lib/ledger/prove";
import { type SendsVerification, verifySends } from "./verify-sends";

const EXPIRY_DAYS = 30;

export interface ComplianceOverview {
  isSandbox: boolean;
  /** Recomputed now. */
  sends: SendsVerification;
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
  optOuts: { total: number; last30Days: number };
  ledger: {
    /** Null until the first checkpoint is signed. Real time, unlike the rest. */
    checkpoint: { size: number; rootHex: string; signedAt: Date; ageSeconds: number } | null;
    entries: number;
    /** Committed, not yet in the sequence: under a second normally. */
    pending: number;
  };
  approvals: { imports: number; campaigns: number };
}

/** "Can we prove the consent of everything that was sent?" with what else an officer looks at first (compliance 4, page 1). */
export async function getComplianceOverview(ctx: Context): Promise<ComplianceOverview> {
  authorize(ctx, "ledger.read");
  const sends = await verifySends(ctx);
  const [campaigns, refusals, counts, ledger] = await Promise.all([
    campaignRows(ctx),
    ctx.db.execute<{ reason: string; count: number }>(sql`
      select reason, count(*)::int as count from gate_refusals group by reason order by count desc, reason`),
    countRows(ctx),
    ledgerFacts(ctx),
  ]);
  const attemptsOf = new Map(sends.byCampaign.map((row) => [row.campaignId, row]));
  return {
    isSandbox: counts.is_sandbox,
    sends,
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
    optOuts: { total: counts.opt_outs, last30Days: counts.recent_opt_outs },
    ledger,
    approvals: { imports: counts.imports, campaigns: counts.campaigns },
  };
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
  imports: number;
  campaigns: number;
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
      (select count(*)::int from consent_events where type = 'withdrawn'
        and recorded_at > ${now} - interval '30 days') as recent_opt_outs,
      (select count(*)::int from imports where status = 'awaiting_approval') as imports,
      (select count(*)::int from campaigns where status = 'in_review') as campaigns`);
  if (!row) throw new Error("A select without a table answers one row");
  return row;
}

async function ledgerFacts(ctx: Context): Promise<ComplianceOverview["ledger"]> {
  const checkpoint = await latestCheckpoint(ctx.db);
  const [row] = await ctx.db.execute<{ entries: string; pending: number; age: number | null }>(sql`
    select coalesce((select max(idx) + 1 from log_sequence), 0)::text as entries,
      (select count(*)::int from log_pending) as pending,
      (select extract(epoch from clock_timestamp() - max(signed_at))::float8 from log_checkpoints) as age`);
  return {
    checkpoint: checkpoint
      ? {
          size: checkpoint.size,
          rootHex: checkpoint.root.toString("hex"),
          signedAt: checkpoint.signedAt,
          ageSeconds: Math.max(0, row?.age ?? 0),
        }
      : null,
    entries: Number(row?.entries ?? 0),
    pending: row?.pending ?? 0,
  };
}
