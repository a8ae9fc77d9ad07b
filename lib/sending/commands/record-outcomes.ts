import { hash } from "node:crypto";
import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { newId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { installationKey } from "@/lib/keystore/installation-key";
import { appendBatch } from "@/lib/ledger/append";
import { outcomePayload } from "../entries";
import { MAX_ATTEMPTS, type OutcomeRecord, reconciledRecord } from "../outcome";
import { freezeHeld } from "./freeze-held";

/** Writes what became of attempts of one lane: rows, message states and one log entry, together. */
export async function recordOutcomes(ctx: Context, lane: number, outcomes: readonly OutcomeRecord[]): Promise<void> {
  authorize(ctx, "job.run");
  if (outcomes.length === 0) return;
  const at = ctx.now();
  const keys = await ctx.keys.keysOf(outcomes.map((outcome) => outcome.contactId));
  const fallback = installationKey(ctx.secrets.keyEncryptionKey);
  await transaction(ctx, async (tx) => {
    const entryId = newId();
    const column = <Key extends keyof OutcomeRecord>(key: Key) => outcomes.map((outcome) => outcome[key]);
    await tx.db.execute(sql`
      select record_outcomes(${lane}::smallint, ${array(column("attemptId"), "uuid")}, ${array(column("kind"), "text")},
        ${array(column("wamid"), "text")}, ${array(column("code"), "int")}, ${array(column("reason"), "text")},
        ${array(
          outcomes.map(({ retryAfterMs }) => (retryAfterMs === null ? null : new Date(at.getTime() + retryAfterMs))),
          "timestamptz",
        )},
        ${array(
          outcomes.map(({ wamid }) => (wamid === null ? null : wamidHash(wamid))),
          "bytea",
        )},
        ${MAX_ATTEMPTS}::int, ${at}::timestamptz, ${entryId}::uuid)`);
    await appendBatch(tx.db, {
      lane,
      type: "send.outcome",
      ref: entryId,
      by: "system",
      at,
      entryId,
      items: outcomes.map((outcome) => ({
        id: outcome.attemptId,
        subject: outcome.contactId,
        payload: outcomePayload(outcome, at),
        key: keys.get(outcome.contactId) ?? fallback,
      })),
      payloads: "derived",
    });
    await recordOutcomes(tx, lane, await toldBefore(tx, lane, outcomes));
  });
  const held = outcomes.filter(({ kind }) => kind === "held").map(({ attemptId }) => attemptId);
  await freezeHeld(ctx, lane, held);
}

/** What a status had told before the ambiguous outcome was written is no longer unknown: it is settled at once. */
async function toldBefore(tx: Context, lane: number, outcomes: readonly OutcomeRecord[]): Promise<OutcomeRecord[]> {
  const attemptIds = outcomes.filter(({ kind }) => kind === "ambiguous").map(({ attemptId }) => attemptId);
  if (attemptIds.length === 0) return [];
  const rows = await tx.db.execute<{ attempt_id: string; contact_id: string; wamid: string }>(sql`
    select a.id as attempt_id, m.contact_id, m.wamid
    from send_attempts a join messages m on m.lane = a.lane and m.id = a.message_id and m.attempt_id = a.id
    where a.lane = ${lane}::smallint and a.id = any(${array(attemptIds, "uuid")}) and m.wamid is not null
      and m.state not in ('sending', 'unknown', 'unknown_final')
    order by a.id`);
  return rows.map((row) => reconciledRecord({ attemptId: row.attempt_id, contactId: row.contact_id }, row.wamid));
}

/** Rows that know a message only by Meta's id are found by this; the first byte names the lane. */
export function wamidHash(wamid: string): Buffer {
  return Buffer.from(hash("sha256", wamid, "hex"), "hex");
}
