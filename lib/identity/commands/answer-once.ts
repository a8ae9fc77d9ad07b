import { sql } from "drizzle-orm";
import { AppError } from "@/lib/foundation/errors";
import { open, seal } from "@/lib/keystore/cipher";
import { installationKey } from "@/lib/keystore/installation-key";
import { authorize } from "../authorize";
import { type Context, transaction } from "../context";

/** A write of a program, as its key named it. */
export interface NamedRequest {
  keyId: string;
  idempotencyKey: string;
  /** SHA-256 of method, address and body. */
  requestHash: Buffer;
}

export interface Answer {
  status: number;
  /** JSON text. */
  body: string;
}

/**
 * Does `work` once for an Idempotency-Key: for a day the same request under the same key gets the first answer again, also
 * when both arrive at once. `work` and the memory of it commit together; a refusal leaves no memory, so that it may be tried
 * again. `work` gets the transaction and does everything in it.
 *
 * @throws AppError("idempotency_key_reused") for another request under the same key, and what `work` throws
 */
export async function answerOnce(
  ctx: Context,
  request: NamedRequest,
  work: (tx: Context) => Promise<Answer>,
): Promise<Answer & { isRepeat: boolean }> {
  authorize(ctx, "actor.identify");
  return transaction(ctx, async (tx) => {
    if (!(await claim(tx, request))) return { ...(await remembered(tx, request)), isRepeat: true };
    const answer = await work(tx);
    const sealedBody = seal(installationKey(tx.secrets.keyEncryptionKey), answer.body, aad(request));
    await tx.db.execute(sql`
      update api_answers set status = ${answer.status}, sealed_body = ${sealedBody}
      where key_id = ${request.keyId} and idempotency_key = ${request.idempotencyKey}`);
    return { ...answer, isRepeat: false };
  });
}

/** True when the key is free, and then it is ours. Waits for whoever is using it at this moment. */
async function claim(tx: Context, { keyId, idempotencyKey, requestHash }: NamedRequest): Promise<boolean> {
  await tx.db.execute(sql`
    delete from api_answers where (key_id, idempotency_key) in (
      select key_id, idempotency_key from api_answers where at < now() - interval '1 day' limit 100 for update skip locked)`);
  const claimed = await tx.db.execute(sql`
    insert into api_answers as held (key_id, idempotency_key, request_hash, at)
    values (${keyId}, ${idempotencyKey}, ${requestHash}, now())
    on conflict (key_id, idempotency_key) do update
      set request_hash = excluded.request_hash, status = null, sealed_body = null, at = now()
      where held.at < now() - interval '1 day'
    returning key_id`);
  return claimed.length > 0;
}

async function remembered(tx: Context, request: NamedRequest): Promise<Answer> {
  const [row] = await tx.db.execute<{ isSame: boolean; status: number; body: string }>(sql`
    select request_hash = ${request.requestHash} as "isSame", status, encode(sealed_body, 'base64') as body
    from api_answers where key_id = ${request.keyId} and idempotency_key = ${request.idempotencyKey}`);
  if (!row) throw new Error("an answer that was just there is gone");
  if (!row.isSame) throw new AppError("idempotency_key_reused");
  const sealed = Buffer.from(row.body, "base64");
  const body = open(installationKey(tx.secrets.keyEncryptionKey), sealed, aad(request)).toString();
  return { status: row.status, body };
}

function aad({ keyId, idempotencyKey }: NamedRequest): string {
  return `api_answers|sealed_body|${keyId}|${idempotencyKey}`;
}
