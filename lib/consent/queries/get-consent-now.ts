import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { ConsentStatus } from "../consent";
import { statusAt } from "../projection";
import { contactPairs } from "../store";

export interface ConsentNow {
  status: ConsentStatus;
  /** Under an active suppression, whatever the status. */
  isBlocked: boolean;
}

interface Row extends Record<string, unknown> {
  id: string;
  status: ConsentStatus | null;
  expires: string | null;
  pending: string | null;
  blocked: boolean;
}

/** Where these contacts stand for a purpose now. */
export async function getConsentNow(
  ctx: Context,
  { contactIds, purposeId }: { contactIds: readonly string[]; purposeId: string },
): Promise<Map<string, ConsentNow>> {
  authorize(ctx, "import.read");
  if (contactIds.length === 0) return new Map();
  const rows = await ctx.db.execute<Row>(sql`
    select wanted.id, state.status, state.expires_at as expires, state.pending_until as pending,
      exists (select from contact_suppressions as block
        where block.lane = wanted.lane and block.contact_id = wanted.id and block.lifted_at is null
          and (block.until is null or block.until > ${ctx.now()}::timestamptz)) as blocked
    from ${contactPairs(contactIds)} as wanted (lane, id)
    left join consent_state as state
      on state.lane = wanted.lane and state.contact_id = wanted.id and state.purpose_id = ${purposeId}::uuid`);
  return new Map(
    rows.map(({ id, status, expires, pending, blocked }) => {
      const expiresAt = expires === null ? null : new Date(expires);
      const pendingUntil = pending === null ? null : new Date(pending);
      return [
        id,
        { status: statusAt({ status: status ?? "none", expiresAt, pendingUntil }, ctx.now()), isBlocked: blocked },
      ];
    }),
  );
}

/** Which of these keyed hashes are blocked, in hex: a person who was erased or withdrew and comes back in a file. */
export async function findBlockedLookups(ctx: Context, lookups: readonly Buffer[]): Promise<Set<string>> {
  authorize(ctx, "import.read");
  if (lookups.length === 0) return new Set();
  const rows = await ctx.db.execute<{ lookup: string }>(sql`
    select distinct encode(block.lookup, 'hex') as lookup
    from unnest(${array(lookups, "bytea")}) as wanted (lookup)
    join suppression_lookups as block on block.lane = lane_of_hash(wanted.lookup) and block.lookup = wanted.lookup
    where block.lifted_at is null and (block.until is null or block.until > ${ctx.now()}::timestamptz)`);
  return new Set(rows.map(({ lookup }) => lookup));
}
