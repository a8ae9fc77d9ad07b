import { type SQL, sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { leasePeople, type PeopleLease, settlePeople } from "./lease-people";

/** A lease may reach this far ahead of real time, so that what is claimed under it can begin inside the claim's two seconds. */
const HORIZON_MS = 500;

/** What we use of the throughput Meta allows: what people write to the number counts against it too (cloud-api 13). */
const HEAD_ROOM = 0.75;

/** After Meta said it was too much, the rate grows back to its whole in so long. */
const RECOVERY_SECONDS = 600;

export interface TokenLease {
  /** 0 when the number's throughput or its portfolio's limit is used up for the moment, or the number has to wait. */
  tokens: number;
  /** Milliseconds to wait before the first may be used. */
  waitMs: number;
  /** Head-room of the portfolio's messaging limit held for these tokens; undefined where it has no limit. */
  people?: PeopleLease;
}

/** Share of the rate that a row of number_tokens `t` leaves now. */
export const rateShare: SQL<number> = sql`least(1, t.rate_factor
  + coalesce(extract(epoch from clock_timestamp() - t.lowered_at), 0) / ${RECOVERY_SECONDS}::float8)::float8`;

interface LeaseRow extends Record<string, unknown> {
  wait_ms: number;
  messaging_limit: string;
  portfolio: string;
}

/**
 * Leases up to `wanted` sends of a number, shared by all workers (compliance 3.1, "tokens before claims"): a leaky bucket
 * in one row that is touched once per block, outside the gate, and people of the portfolio's 24 h where they are limited.
 * Real time.
 */
export async function leaseTokens(ctx: Context, numberId: string, wanted: number): Promise<TokenLease> {
  authorize(ctx, "job.run");
  const [row] = await ctx.db.execute<LeaseRow>(sql`
    insert into number_tokens as t (number_id, available_at)
    select id, statement_timestamp() + make_interval(secs => ${wanted}::float8 / (messages_per_second * ${HEAD_ROOM}::float8))
    from phone_numbers where id = ${numberId}::uuid
    on conflict (number_id) do update set available_at = greatest(t.available_at, statement_timestamp())
      + (excluded.available_at - statement_timestamp()) / ${rateShare}
    where t.available_at < clock_timestamp() + make_interval(secs => ${HORIZON_MS}::float8 / 1000)
      and (t.hold_until is null or t.hold_until <= clock_timestamp())
    returning
      (select greatest(0, 1000 * (extract(epoch from t.available_at - clock_timestamp())
        - ${wanted}::float8 / (p.messages_per_second * ${HEAD_ROOM}::float8 * ${rateShare})))::float8
        from phone_numbers p where p.id = t.number_id) as wait_ms,
      (select p.messaging_limit from phone_numbers p where p.id = t.number_id) as messaging_limit,
      (select coalesce(p.portfolio_id, 'account ' || p.waba_id) from phone_numbers p where p.id = t.number_id) as portfolio`);
  if (!row) return { tokens: 0, waitMs: HORIZON_MS };
  const waitMs = Math.ceil(row.wait_ms);
  const people = await leasePeople(ctx, { portfolio: row.portfolio, limit: row.messaging_limit, wanted });
  if (!people) return { tokens: wanted, waitMs };
  await returnTokens(ctx, numberId, wanted - people.people);
  // Others hold what is left: asking again at once would not find more.
  if (people.people === 0) return { tokens: 0, waitMs: HORIZON_MS };
  return { tokens: people.people, waitMs, people };
}

/** Gives back what a claim did not use, and counts the people it is about to write to, before they are written to. */
export async function settleLease(
  ctx: Context,
  lease: TokenLease,
  claim: { numberId: string; lane: number; contactIds: readonly string[] },
): Promise<void> {
  authorize(ctx, "job.run");
  await returnTokens(ctx, claim.numberId, lease.tokens - claim.contactIds.length);
  if (lease.people) await settlePeople(ctx, lease.people, claim);
}

async function returnTokens(ctx: Context, numberId: string, unused: number): Promise<void> {
  if (unused <= 0) return;
  await ctx.db.execute(sql`
    update number_tokens t set available_at = t.available_at
      - make_interval(secs => ${unused}::float8 / (p.messages_per_second * ${HEAD_ROOM}::float8 * ${rateShare}))
    from phone_numbers p where p.id = t.number_id and t.number_id = ${numberId}::uuid`);
}
