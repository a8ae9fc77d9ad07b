import { sql } from "drizzle-orm";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import type { DeadItemRef } from "../dead-item";
import { resolveQuarantineNotice } from "./put-aside";

/**
 * Closes an item of the quarantine without applying it; its body is kept as long as every other.
 *
 * @throws AppError("not_found") when it is not open
 */
export async function dismissDeadItem(ctx: Context, { inboxId, position }: DeadItemRef): Promise<void> {
  authorize(ctx, "number.manage");
  await transaction(ctx, async (tx) => {
    const by = tx.actor.kind === "user" ? tx.actor.userId : null;
    const rows = await tx.db.execute<{ kind: string }>(sql`
      update webhook_dead_items set resolution = 'dismissed', resolved_at = ${tx.now()}::timestamptz,
        resolved_by = ${by}::uuid, replay_asked_at = null
      where resolved_at is null and inbox_id = ${inboxId}::uuid and position = ${position}::int returning kind`);
    const [row] = rows;
    if (!row) throw new AppError("not_found");
    await audit(tx, "webhook.dismissed", { inboxId, position, kind: row.kind });
    await resolveQuarantineNotice(tx);
  });
}
