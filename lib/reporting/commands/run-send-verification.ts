import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import { type SendsVerification, verifySends } from "../queries/verify-sends";

const NOTICE = "sends_unproven";

/**
 * Verifies every send that was asked to be verified, from the beginning where an earlier try stopped, and keeps what it found.
 * Sends without a proven consent are told to the officers. False: nothing was asked for.
 */
export async function runSendVerification(ctx: Context, { signal }: { signal?: AbortSignal } = {}): Promise<boolean> {
  authorize(ctx, "job.run");
  const until = ctx.now();
  const [open] = await ctx.db.execute<{ id: string }>(sql`
    update send_verifications set state = 'running', checked = 0, total = (
      select count(*) from send_attempts where basis = 'consent' and authorised_at <= ${until}::timestamptz)
    where ended_at is null returning id`);
  if (!open) return false;
  const { id } = open;
  const onProgress = async (judged: number) => {
    await ctx.db.execute(sql`update send_verifications set checked = ${judged}::bigint where id = ${id}`);
  };
  try {
    await keep(ctx, id, await verifySends(ctx, { until, onProgress, ...(signal ? { signal } : {}) }));
  } catch (error) {
    if (!signal?.aborted) await end(ctx, id, "failed");
    throw error;
  }
  return true;
}

async function keep(ctx: Context, id: string, found: SendsVerification): Promise<void> {
  await transaction(ctx, async (tx) => {
    await tx.db.execute(sql`
      update send_verifications set state = 'done', ended_at = ${tx.now()}::timestamptz, checked = ${found.attempts}::bigint,
        total = ${found.attempts}::bigint, result = ${JSON.stringify(found)}::jsonb
      where id = ${id}`);
    const { withoutConsent } = found;
    if (withoutConsent === 0) return resolveNotice(tx, NOTICE);
    await raiseNotice(tx, { kind: NOTICE, key: NOTICE, params: { count: withoutConsent } });
  });
}

async function end(ctx: Context, id: string, state: "failed"): Promise<void> {
  await ctx.db.execute(sql`
    update send_verifications set state = ${state}, ended_at = ${ctx.now()}::timestamptz where id = ${id}`);
}
