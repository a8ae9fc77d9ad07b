import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { addVerifications, nothingVerified, storedVerification, type VerificationCause } from "../send-verification";
import { type SendsVerification, verifySends } from "./verify-sends";

/** So many sends are judged while somebody waits for the page; more wait for the next verification. */
const JUDGED_AT_ONCE = 5_000;

export interface VerificationState {
  /** When every send up to then was recomputed last; null: never yet. Business time. */
  checkedAt: Date | null;
  cause: VerificationCause | null;
  /** Sends since then that are too many to judge while somebody waits. */
  waiting: number;
  /** One is under way. */
  running: { checked: number; total: number } | null;
  /** The last one came to no end. */
  hasFailed: boolean;
}

interface Row extends Record<string, unknown> {
  cause: VerificationCause | null;
  result: unknown;
  waiting: number;
  failed: boolean;
  running: boolean;
  checked: string | null;
  total: string | null;
}

/** What the last verification of all sends found, together with the sends since then, judged now where they are few. */
export async function getSendsVerification(ctx: Context): Promise<VerificationState & { sends: SendsVerification }> {
  authorize(ctx, "ledger.read");
  const [row] = await ctx.db.execute<Row>(sql`
    select last.cause, last.result, coalesce(latest.state = 'failed', false) as failed,
      open.id is not null as running, open.checked::text, open.total::text,
      (select count(*)::int from send_attempts where basis = 'consent'
        and authorised_at > coalesce((last.result->>'at')::timestamptz, '-infinity'::timestamptz)) as waiting
    from (select 1) as one
    left join lateral (
      select cause, result from send_verifications where state = 'done' order by ended_at desc, id desc limit 1
    ) as last on true
    left join lateral (
      select state from send_verifications where ended_at is not null order by ended_at desc, id desc limit 1
    ) as latest on true
    left join send_verifications as open on open.ended_at is null`);
  if (!row) throw new Error("A select of one row answers one row");
  const stored = row.result === null ? null : storedVerification.parse(row.result);
  const isFew = row.waiting > 0 && row.waiting <= JUDGED_AT_ONCE;
  const fresh = isFew ? await verifySends(ctx, stored ? { after: stored.at } : {}) : nothingVerified(ctx.now());
  return {
    sends: stored ? addVerifications(stored, fresh) : fresh,
    checkedAt: stored?.at ?? null,
    cause: row.cause,
    waiting: isFew ? 0 : row.waiting,
    running: row.running ? { checked: Number(row.checked ?? 0), total: Number(row.total ?? 0) } : null,
    hasFailed: row.failed,
  };
}
