import { type SQL, sql } from "drizzle-orm";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { enqueue } from "@/lib/jobs/enqueue";
import type { DeadItemRef } from "../dead-item";
import { applyReplaysJob } from "../jobs";

/** Asks the worker to apply an item of the quarantine again. One that is resolved already stays as it is. */
export async function replayDeadItem(ctx: Context, { inboxId, position }: DeadItemRef): Promise<{ asked: number }> {
  authorize(ctx, "number.manage");
  return ask(ctx, sql`inbox_id = ${inboxId}::uuid and position = ${position}::int`, { inboxId, position });
}

/** The same for everything of one kind. */
export async function replayDeadKind(ctx: Context, { kind }: { kind: string }): Promise<{ asked: number }> {
  authorize(ctx, "number.manage");
  return ask(ctx, sql`kind = ${kind}`, { kind });
}

async function ask(ctx: Context, which: SQL, what: Record<string, string | number>): Promise<{ asked: number }> {
  return transaction(ctx, async (tx) => {
    const rows = await tx.db.execute(sql`
      update webhook_dead_items set replay_asked_at = ${tx.now()}::timestamptz
      where resolved_at is null and ${which} returning position`);
    if (rows.length === 0) return { asked: 0 };
    await audit(tx, "webhook.replay_asked", { ...what, count: rows.length });
    await enqueue(tx.db, applyReplaysJob, {}, { key: "intake.apply_replays" });
    return { asked: rows.length };
  });
}
