import { createHash, randomInt, timingSafeEqual } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { array } from "@/db/client";
import { rightsIdentityCodes } from "@/db/schema/rights";
import { openIdentifier } from "@/lib/audience/identifier";
import { AppError } from "@/lib/foundation/errors";
import { laneOf } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { requestCan } from "../request";
import { contactsOf, personOf, type RequestRow, requestForUpdate, setRequest } from "../store";

/** A message counts as the person's own word on who asks for so long before the request, and at any time after it. */
export const EVIDENCE_DAYS = 7;
const CODE_HOURS = 24;
const CODE_TRIES = 5;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * Whoever wrote to us over the contact's own WhatsApp identity is that person. What WhatsApp tells about them they did not write.
 *
 * @throws AppError invalid_input when the message is not theirs or too old
 */
export async function checkIdentityByMessage(
  ctx: Context,
  { requestId, inboundId }: { requestId: string; inboundId: string },
): Promise<void> {
  authorize(ctx, "rights.handle");
  await transaction(ctx, async (tx) => {
    const row = await requestForUpdate(tx, requestId, requestCan.checkIdentity);
    const since = new Date(row.receivedAt.getTime() - EVIDENCE_DAYS * DAY_MS);
    const ids = await contactsOf(tx, row.contactId);
    const [message] = await tx.db.execute(sql`
      select 1 from inbound_messages where lane = any(${array(ids.map(laneOf), "smallint")}) and id = ${inboundId}::uuid
        and contact_id = any(${array(ids, "uuid")}) and provider_at >= ${since}::timestamptz and classification <> 'system'`);
    if (!message) throw new AppError("invalid_input", { field: "inboundId", reason: "not_theirs_or_too_old" });
    await checked(tx, row, { identityMethod: "whatsapp", identityInboundId: inboundId });
  });
}

/**
 * A one-time code for the e-mail address that we have of the person. Without SMTP the officer sends it by hand (decision 15);
 * it is shown this once. A new one replaces the last.
 *
 * @throws AppError invalid_input when we know no address of theirs
 */
export async function issueIdentityCode(
  ctx: Context,
  { requestId }: { requestId: string },
): Promise<{ email: string; code: string }> {
  authorize(ctx, "rights.handle");
  return transaction(ctx, async (tx) => {
    const row = await requestForUpdate(tx, requestId, requestCan.checkIdentity);
    const email = await emailOf(tx, row.contactId);
    if (!email) throw new AppError("invalid_input", { field: "email", reason: "no_email" });
    const code = String(randomInt(0, 100_000_000)).padStart(8, "0");
    const expiresAt = new Date(tx.now().getTime() + CODE_HOURS * HOUR_MS);
    await tx.db.delete(rightsIdentityCodes).where(eq(rightsIdentityCodes.requestId, requestId));
    const hashed = { requestId, codeHash: hashOf(requestId, code), createdAt: tx.now(), expiresAt };
    await tx.db.insert(rightsIdentityCodes).values(hashed);
    await audit(tx, "rights.identity_code_issued", {}, requestId);
    return { email, code };
  });
}

/** What the person answered from their mailbox. Five tries, a day. Two statements: a wrong try must count. */
export async function confirmIdentityCode(
  ctx: Context,
  { requestId, code }: { requestId: string; code: string },
): Promise<{ kind: "checked" } | { kind: "wrong"; triesLeft: number } | { kind: "expired" }> {
  authorize(ctx, "rights.handle");
  return transaction(ctx, async (tx) => {
    const row = await requestForUpdate(tx, requestId, requestCan.checkIdentity);
    const codes = rightsIdentityCodes;
    const [held] = await tx.db.select().from(codes).where(eq(codes.requestId, requestId)).for("update");
    if (!held || held.usedAt || held.expiresAt <= tx.now() || held.failures >= CODE_TRIES) return { kind: "expired" };
    if (!timingSafeEqual(held.codeHash, hashOf(requestId, code.trim()))) {
      const failures = held.failures + 1;
      await tx.db.update(codes).set({ failures }).where(eq(codes.requestId, requestId));
      await audit(tx, "rights.identity_code_wrong", { failures }, requestId);
      return { kind: "wrong", triesLeft: CODE_TRIES - failures };
    }
    await tx.db.update(codes).set({ usedAt: tx.now() }).where(eq(codes.requestId, requestId));
    await checked(tx, row, { identityMethod: "email_code" });
    return { kind: "checked" };
  });
}

async function checked(
  tx: Context,
  { id }: RequestRow,
  how: Pick<RequestRow, "identityMethod"> & Partial<Pick<RequestRow, "identityInboundId">>,
): Promise<void> {
  const by = personOf(tx);
  await setRequest(tx, id, { ...how, status: "identity_checked", identityCheckedAt: tx.now(), identityCheckedBy: by });
  await audit(
    tx,
    "rights.identity_checked",
    { method: how.identityMethod, inbound: how.identityInboundId ?? null },
    id,
  );
}

async function emailOf(tx: Context, contactId: string): Promise<string | undefined> {
  const [row] = await tx.db.execute<{ kind: string; sealed: Buffer }>(sql`
    select kind, sealed from contact_identifiers where lane = ${laneOf(contactId)}::smallint
      and contact_id = ${contactId}::uuid and kind = 'email' and former_at is null order by created_at desc limit 1`);
  const key = (await tx.keys.keysOf([contactId])).get(contactId);
  return row && key && openIdentifier(key, contactId, row);
}

/** Eight digits for a day and five tries: the hash only keeps the code out of backups, the limits keep it safe. */
function hashOf(requestId: string, code: string): Buffer {
  return createHash("sha256").update(`${requestId} ${code}`).digest();
}
