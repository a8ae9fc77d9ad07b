import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type Health, readHealth } from "../health";
import { isStopCause, type StopCause } from "../stops";

/** A kill switch that is engaged for a number: its own or the installation's. */
export interface EngagedStop {
  id: string;
  level: "installation" | "number";
  /** Null where a person engaged it: then `reason` is their words. */
  cause: StopCause | null;
  reason: string;
  engagedBy: string | null;
  engagedAt: Date;
  release: { askedBy: string; askedById: string; reason: string } | null;
}

export interface NumberView {
  id: string;
  wabaId: string;
  phoneNumberId: string;
  appId: string | null;
  portfolioId: string | null;
  displayNumber: string;
  verifiedName: string;
  username: string | null;
  nameStatus: string;
  status: string;
  qualityRating: string;
  messagingLimit: string;
  throughputLevel: string;
  messagesPerSecond: number;
  endpoint: "messages" | "marketing_messages";
  productPolicy: "CLOUD_API_FALLBACK" | "STRICT";
  baseUrl: string;
  apiVersion: string;
  isSandbox: boolean;
  health: Health;
  checkedAt: Date | null;
  lastWebhookAt: Date | null;
  webhookRefusedAt: Date | null;
  /** People of the portfolio's 24 h, counted while it has a limit. */
  peopleUsed: number | null;
  /** Share of its rate that it uses after Meta slowed it down; 1 for all of it. */
  rateShare: number;
  /** Seconds that it still waits because Meta said so; 0 for none. */
  waitSeconds: number;
  stops: EngagedStop[];
}

interface Row extends Record<string, unknown> {
  id: string;
  health: string;
  checked_at: string | null;
  last_webhook_at: string | null;
  webhook_refused_at: string | null;
  stops: StopRow[];
  people_used: number | null;
  rate_share: number;
  wait_seconds: number;
}

interface StopRow {
  id: string;
  level: EngagedStop["level"];
  cause: string | null;
  reason: string;
  engagedBy: string | null;
  engagedAt: string;
  askedById: string | null;
  askedBy: string | null;
  askedReason: string | null;
}

/** The numbers we send from, oldest first, with what holds them up. Without tokens and secrets. */
export async function listNumbers(ctx: Context, only: { numberId?: string } = {}): Promise<NumberView[]> {
  authorize(ctx, "number.read");
  const rows = await ctx.db.execute<Row & Omit<NumberView, "stops">>(sql`
    select p.id, p.waba_id as "wabaId", p.phone_number_id as "phoneNumberId", p.app_id as "appId",
      p.portfolio_id as "portfolioId", p.display_number as "displayNumber", p.verified_name as "verifiedName", p.username,
      p.name_status as "nameStatus", p.status, p.quality_rating as "qualityRating", p.messaging_limit as "messagingLimit",
      p.throughput_level as "throughputLevel", p.messages_per_second as "messagesPerSecond", p.endpoint,
      p.product_policy as "productPolicy", p.base_url as "baseUrl", p.api_version as "apiVersion",
      p.is_sandbox as "isSandbox", p.health, p.checked_at, p.last_webhook_at, p.webhook_refused_at,
      (select u.used from portfolio_usage u where u.portfolio = coalesce(p.portfolio_id, 'account ' || p.waba_id)) as people_used,
      coalesce((select least(1, t.rate_factor + coalesce(extract(epoch from clock_timestamp() - t.lowered_at), 0) / 600)
        from number_tokens t where t.number_id = p.id), 1)::float8 as rate_share,
      coalesce((select greatest(0, extract(epoch from t.hold_until - clock_timestamp()))
        from number_tokens t where t.number_id = p.id), 0)::float8 as wait_seconds,
      (select coalesce(json_agg(json_build_object('id', s.id, 'level', s.level, 'cause', s.cause, 'reason', s.reason,
          'engagedBy', e.name, 'engagedAt', s.engaged_at, 'askedById', s.release_asked_by, 'askedBy', a.name,
          'askedReason', s.release_reason) order by s.engaged_at, s.id), '[]'::json)
        from kill_switches s left join users e on e.id = s.engaged_by left join users a on a.id = s.release_asked_by
        where s.released_at is null and (s.level = 'installation' or (s.level = 'number' and s.target_id = p.id))) as stops
    from phone_numbers p where ${only.numberId ?? null}::uuid is null or p.id = ${only.numberId ?? null}::uuid
    order by p.created_at, p.id`);
  return rows.map(
    ({ checked_at, last_webhook_at, webhook_refused_at, people_used, rate_share, wait_seconds, stops, ...row }) => ({
      ...row,
      health: readHealth(row.health),
      checkedAt: instant(checked_at),
      lastWebhookAt: instant(last_webhook_at),
      webhookRefusedAt: instant(webhook_refused_at),
      peopleUsed: people_used,
      rateShare: rate_share,
      waitSeconds: wait_seconds,
      stops: stops.map(stopOf),
    }),
  );
}

function stopOf({ askedById, askedBy, askedReason, cause, engagedAt, ...row }: StopRow): EngagedStop {
  return {
    ...row,
    cause: isStopCause(cause) ? cause : null,
    engagedAt: new Date(engagedAt),
    release: askedById ? { askedById, askedBy: askedBy ?? "–", reason: askedReason ?? "" } : null,
  };
}

function instant(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
