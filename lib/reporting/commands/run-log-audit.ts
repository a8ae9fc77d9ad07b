import { sql } from "drizzle-orm";
import { countProjectionFaults } from "@/lib/consent/queries/count-projection-faults";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { installationKey } from "@/lib/keystore/installation-key";
import { verifyLog } from "@/lib/ledger/verify-log";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import { engageKillSwitch } from "@/lib/numbers/commands/engage-kill-switch";
import { LOG_BROKEN, type LogAuditResult } from "../log-audit";
import { readVerifierKeys } from "../store";

class Cancelled extends Error {}

/**
 * The audit of the database that was asked for: the log from its rows to its root, every readable payload, the projection of
 * consent against its events, and that every attempt has a basis and an entry. Whatever does not hold stops all sending and is
 * told. False: nothing was asked for. Real time.
 */
export async function runLogAudit(ctx: Context, { signal }: { signal?: AbortSignal } = {}): Promise<boolean> {
  authorize(ctx, "job.run");
  const [open] = await ctx.db.execute<{ id: string }>(sql`
    update log_audits set state = 'running', checked = 0, size = (select coalesce(max(idx) + 1, 0) from log_sequence)
    where ended_at is null returning id`);
  if (!open) return false;
  try {
    await keep(ctx, open.id, await recompute(ctx, open.id, signal));
  } catch (error) {
    if (signal?.aborted) throw error; // the worker stops: it begins again
    await end(ctx, open.id, error instanceof Cancelled ? "cancelled" : "failed");
    if (!(error instanceof Cancelled)) throw error;
  }
  return true;
}

async function recompute(ctx: Context, id: string, signal: AbortSignal | undefined): Promise<LogAuditResult> {
  let checked = 0;
  const goOn = async (entries = checked) => {
    checked = entries;
    signal?.throwIfAborted();
    const [row] = await ctx.db.execute<{ isCancelled: boolean }>(sql`
      update log_audits set checked = ${checked}::bigint where id = ${id}
      returning cancel_asked_at is not null as "isCancelled"`);
    if (row?.isCancelled) throw new Cancelled();
  };
  const payloadKeys = { keystore: ctx.keys, installationKey: installationKey(ctx.secrets.keyEncryptionKey) };
  const { root, ...found } = await verifyLog(ctx.db, await readVerifierKeys(ctx.db), { payloadKeys, onProgress: goOn });
  const projectionFaults = await countProjectionFaults(ctx, goOn);
  const [row] = await ctx.db.execute<{ n: string }>(sql`
    select count(*) as n from send_attempts a
    where a.basis_event_id is null
      or not exists (select from log_entries e where e.lane = a.lane and e.id = a.entry_id)`);
  return { ...found, rootHex: root.toString("hex"), projectionFaults, baselessAttempts: Number(row?.n ?? 0) };
}

async function keep(ctx: Context, id: string, result: LogAuditResult): Promise<void> {
  const count = result.problemCount + result.projectionFaults + result.baselessAttempts;
  await transaction(ctx, async (tx) => {
    await tx.db.execute(sql`
      update log_audits set state = ${count === 0 ? "intact" : "broken"}, ended_at = now(), checked = ${result.size}::bigint,
        size = ${result.size}::bigint, problem_count = ${count}, result = ${JSON.stringify(result)}::jsonb
      where id = ${id}`);
    if (count === 0) return void (await resolveNotice(tx, LOG_BROKEN));
    await raiseNotice(tx, { kind: LOG_BROKEN, key: LOG_BROKEN, params: { count } });
    const stopped = await tx.db.execute(sql`
      select 1 from kill_switches where level = 'installation' and reason = ${LOG_BROKEN} and released_at is null`);
    if (stopped.length === 0) await engageKillSwitch(tx, { level: "installation", reason: LOG_BROKEN });
  });
}

async function end(ctx: Context, id: string, state: "cancelled" | "failed"): Promise<void> {
  await ctx.db.execute(sql`update log_audits set state = ${state}, ended_at = now() where id = ${id}`);
}
