import type { SQL } from "drizzle-orm";
import { newId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { installationKey } from "@/lib/keystore/installation-key";
import { appendBatch } from "@/lib/ledger/append";
import { refusalPayload } from "../entries";

interface RefusedRow extends Record<string, unknown> {
  message_id: string;
  contact_id: string;
  campaign_id: string | null;
  check_number: number;
  reason: string;
  at: string;
}

/**
 * Ends messages of one lane that have not left, by `statement`, which answers `RefusedRow`s, and logs them like refusals of the
 * gate: as one entry, in one transaction. Answers how many.
 */
export async function logRefusals(ctx: Context, lane: number, statement: (entryId: string) => SQL): Promise<number> {
  authorize(ctx, "job.run");
  return transaction(ctx, async (tx) => {
    const entryId = newId();
    const rows = await tx.db.execute<RefusedRow>(statement(entryId));
    const [first] = rows;
    if (!first) return 0;
    const keys = await tx.keys.keysOf(rows.map((row) => row.contact_id));
    const fallback = installationKey(tx.secrets.keyEncryptionKey);
    await appendBatch(tx.db, {
      lane,
      type: "send.gate",
      ref: entryId,
      by: "system",
      at: new Date(first.at),
      entryId,
      items: rows.map((row) => ({
        id: row.message_id,
        subject: row.contact_id,
        payload: refusalPayload({
          messageId: row.message_id,
          campaignId: row.campaign_id,
          checkNumber: row.check_number,
          reason: row.reason,
          at: new Date(row.at),
        }),
        key: keys.get(row.contact_id) ?? fallback,
      })),
      payloads: "derived",
    });
    return rows.length;
  });
}
