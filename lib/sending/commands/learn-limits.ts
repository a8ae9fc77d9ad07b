import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { log } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { stopSending } from "@/lib/numbers/commands/stop-sending";
import { stopOf } from "@/lib/numbers/stops";
import type { RetryScope } from "@/lib/whatsapp/error-codes";
import { rateShare } from "./lease-tokens";

/** A refusal that says something beyond the message which met it. */
export interface LimitAnswer {
  code: number;
  scope: RetryScope;
  afterMs: number;
  contactId: string;
  /** When this message is due again. */
  retryAfterMs: number;
}

const THROUGHPUT_CODES = new Set([130429, 429]);
/** 100 comes with scope `number` only for an id that is not ours (subcode 33). */
const UNKNOWN_ID = 100;
const UNKNOWN_ID_SUBCODE = 33;

/** The rate never falls below this share by itself. */
const LOWEST_SHARE = 0.1;
/** Refusals of requests that were under way at the same moment are one lesson. */
const LESSON_SECONDS = 2;
/** A wait that follows another within so long is twice as long. */
const HOLD_MEMORY_SECONDS = 600;
const LONGEST_HOLD_SECONDS = 24 * 3_600;
/** From this on, people are told that a number waits. */
const TOLD_FROM_SECONDS = 600;
/** From this share on, people are told that a number is slowed down. */
const TOLD_FROM_SHARE = 0.3;

/**
 * What the refusals of one claim say about its number (cloud-api 13 and 16): less throughput for a while, a wait of number
 * or account, more time between messages to one person, or a stop until a person has acted. Once per claim, not per message.
 */
export async function learnLimits(
  ctx: Context,
  { numberId, lane, answers }: { numberId: string; lane: number; answers: readonly LimitAnswer[] },
): Promise<void> {
  authorize(ctx, "job.run");
  if (answers.length === 0) return;
  await spacePairs(ctx, { numberId, lane, pairs: answers.filter(({ scope }) => scope === "pair") });
  const wide = new Map(answers.filter(({ scope }) => scope !== "pair").map((answer) => [answer.code, answer]));
  for (const answer of wide.values()) {
    const stop = stopOf(answer.code, answer.code === UNKNOWN_ID ? UNKNOWN_ID_SUBCODE : undefined);
    if (stop) await stopSending(ctx, { numberId, ...stop, code: answer.code });
    else if (THROUGHPUT_CODES.has(answer.code)) await lowerRate(ctx, numberId);
    else await hold(ctx, numberId, answer);
  }
}

/** Other messages that wait for the same people wait as long; everybody else is not concerned. */
async function spacePairs(
  ctx: Context,
  { numberId, lane, pairs }: { numberId: string; lane: number; pairs: readonly LimitAnswer[] },
): Promise<void> {
  if (pairs.length === 0) return;
  const due = (answer: LimitAnswer) => new Date(ctx.now().getTime() + answer.retryAfterMs);
  await ctx.db.execute(sql`
    select space_messages(${lane}::smallint, ${numberId}::uuid, ${array(
      pairs.map(({ contactId }) => contactId),
      "uuid",
    )}, ${array(pairs.map(due), "timestamptz")})`);
}

/** Half of the rate in use, from where it grows back; at once nothing is leased for a second. */
async function lowerRate(ctx: Context, numberId: string): Promise<void> {
  const [row] = await ctx.db.execute<{ share: number; name: string }>(sql`
    update number_tokens t set rate_factor = greatest(${LOWEST_SHARE}::float8, ${rateShare} / 2), lowered_at = clock_timestamp(),
      hold_until = greatest(t.hold_until, clock_timestamp() + interval '1 second'), hold_code = 130429
    from phone_numbers p where p.id = t.number_id and t.number_id = ${numberId}::uuid
      and (t.lowered_at is null or t.lowered_at < clock_timestamp() - make_interval(secs => ${LESSON_SECONDS}))
    returning t.rate_factor as share, p.display_number as name`);
  if (!row) return;
  log.warn("number.slowed", { numberId, share: row.share });
  if (row.share > TOLD_FROM_SHARE) return;
  await raiseNotice(ctx, {
    kind: "number_slowed",
    key: `number_slowed ${numberId}`,
    subject: { type: "number", id: numberId },
    params: { name: row.name, percent: Math.round(row.share * 100) },
  });
}

/** The number, or every number of its account, leases nothing for a while: each wait in a row is twice as long. */
async function hold(ctx: Context, numberId: string, { code, scope, afterMs }: LimitAnswer): Promise<void> {
  const rows = await ctx.db.execute<{ number_id: string; seconds: number; name: string }>(sql`
    update number_tokens t set hold_code = ${code}::int,
      holds = case when t.hold_until > clock_timestamp() - make_interval(secs => ${HOLD_MEMORY_SECONDS})
        then least(t.holds + 1, 12) else 1 end,
      hold_until = clock_timestamp() + make_interval(secs => least(${LONGEST_HOLD_SECONDS}::float8,
        ${afterMs}::float8 / 1000 * case when t.hold_until > clock_timestamp() - make_interval(secs => ${HOLD_MEMORY_SECONDS})
          then 2 ^ least(t.holds, 11) else 1 end))
    from phone_numbers p, phone_numbers own
    where own.id = ${numberId}::uuid and p.id = t.number_id
      and (p.id = own.id or (${scope} = 'account' and p.waba_id = own.waba_id))
      and (t.hold_until is null or t.hold_until < clock_timestamp())
    returning t.number_id, extract(epoch from t.hold_until - clock_timestamp())::float8 as seconds, p.display_number as name`);
  for (const row of rows) {
    log.warn("number.waits", { numberId: row.number_id, code, seconds: Math.round(row.seconds) });
    if (row.seconds < TOLD_FROM_SECONDS) continue;
    await raiseNotice(ctx, {
      kind: "number_waits",
      key: `number_waits ${row.number_id}`,
      subject: { type: "number", id: row.number_id },
      params: { name: row.name, minutes: Math.round(row.seconds / 60), code },
    });
  }
}
