import { sql } from "drizzle-orm";
import { AppError } from "@/lib/foundation/errors";
import { laneOf, newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { requireRecentFactor } from "@/lib/identity/recent-factor";
import { open, seal } from "@/lib/keystore/cipher";
import type { ConsentStatus } from "../consent";
import { type DecideInvalidation, type RequestInvalidation, reasonPlace } from "../invalidation";
import { statusAt } from "../projection";
import { isSolo, lockContacts } from "../store";
import { recordConsentEvents } from "./record-consent-events";

/**
 * The first of two officers: why one consent of a person never was, or no longer is, valid (compliance/design.md 1.4, 5.2). It
 * stands until another officer has agreed; in solo mode the only person there is ends it with this, and the log says so.
 *
 * @throws AppError("not_found") nothing stands there; AppError("conflict") asked for already; AppError("contact_erased")
 */
export async function requestInvalidation(
  ctx: Context,
  asked: RequestInvalidation,
): Promise<{ invalidationId: string }> {
  authorize(ctx, "consent.invalidate");
  await requireRecentFactor(ctx);
  const askedBy = personId(ctx);
  return transaction(ctx, async (tx) => {
    const { purposeId, reason } = asked;
    const contactId = (await lockContacts(tx.db, [asked.contactId])).current(asked.contactId);
    const standing = await standingConsent(tx, { contactId, purposeId });
    if (!standing) throw new AppError("not_found", { what: "consent" });
    const key = await keyOf(tx, contactId);
    const id = newId();
    const added = await tx.db.execute(sql`
      insert into consent_invalidations (id, lane, contact_id, purpose_id, basis_event_id, reason_sealed, asked_by, asked_at)
      values (${id}, ${laneOf(contactId)}::smallint, ${contactId}, ${purposeId}, ${standing.basisEventId},
        ${seal(key, reason, reasonPlace(id))}, ${askedBy}, ${tx.now()}::timestamptz)
      on conflict do nothing returning id`);
    if (added.length === 0) throw new AppError("conflict", { what: "consent" });
    await audit(tx, "consent.invalidation_asked", { invalidation: id, purpose: purposeId }, contactId);
    if (await isSolo(tx.db)) {
      await invalidate(tx, { id, contactId, purposeId, askedBy, reason, ...standing, signedBy: "solo" });
    }
    return { invalidationId: id };
  });
}

interface AskedRow extends Record<string, unknown> {
  contact: string;
  purpose: string;
  basis: string | null;
  reason: Buffer;
  asked_by: string;
  decision: string | null;
}

/**
 * The second of two officers agrees, and the consent is invalid from now on; or disagrees, and it stands. Never whoever asked,
 * nor whoever recorded the consent. What was asked meant the consent of then: where the person agreed anew meanwhile, or
 * nothing stands any more, there is nothing left to invalidate.
 *
 * @throws AppError("not_found"); AppError("conflict") decided before, or the consent is another by now;
 *   AppError("second_person_required"); AppError("contact_erased")
 */
export async function decideInvalidation(
  ctx: Context,
  { invalidationId: id, decision }: DecideInvalidation,
): Promise<void> {
  authorize(ctx, "consent.invalidate");
  await requireRecentFactor(ctx);
  const decidedBy = personId(ctx);
  await transaction(ctx, async (tx) => {
    const [named] = await tx.db.execute<{ contact: string }>(
      sql`select contact_id as contact from consent_invalidations where id = ${id}`,
    );
    if (!named) throw new AppError("not_found", { invalidationId: id });
    // The contact first, as everybody who restricts somebody: whoever asks holds it while writing the request.
    const contactId = (await lockContacts(tx.db, [named.contact])).current(named.contact);
    const row = await lockRequest(tx, id);
    if (row.decision !== null) throw new AppError("conflict", { decision: row.decision });
    if (row.asked_by === decidedBy) throw new AppError("second_person_required", { reason: "own_request" });
    const purposeId = row.purpose;
    if (decision === "refused") {
      await close(tx, id, "refused");
      return audit(tx, "consent.invalidation_refused", { invalidation: id, purpose: purposeId }, contactId);
    }
    if (await hasRecorded(tx, { contactId, purposeId, userId: decidedBy })) {
      throw new AppError("second_person_required", { reason: "own_record" });
    }
    const standing = await standingConsent(tx, { contactId, purposeId });
    if (!standing || standing.basisEventId !== row.basis) throw new AppError("conflict", { what: "consent" });
    const reason = open(await keyOf(tx, named.contact), row.reason, reasonPlace(id)).toString("utf8");
    await invalidate(tx, {
      id,
      contactId,
      purposeId,
      askedBy: row.asked_by,
      reason,
      ...standing,
      signedBy: "two_people",
    });
  });
}

async function lockRequest(tx: Context, id: string): Promise<AskedRow> {
  const [row] = await tx.db.execute<AskedRow>(sql`
    select contact_id as contact, purpose_id as purpose, basis_event_id as basis, reason_sealed as reason, asked_by, decision
    from consent_invalidations where id = ${id} for update`);
  if (!row) throw new Error("The request was read a moment ago and requests are never deleted");
  return row;
}

interface Standing {
  /** What the consent rests on; null while the question is open. */
  basisEventId: string | null;
  wordingVersionId: string | null;
}

/** What there is to invalidate now: a consent in force, or a question that is open (rule 10). */
async function standingConsent(
  tx: Context,
  { contactId, purposeId }: { contactId: string; purposeId: string },
): Promise<Standing | undefined> {
  const [row] = await tx.db.execute<{
    status: ConsentStatus;
    basis: string | null;
    wording: string | null;
    expires: string | null;
    pending: string | null;
  }>(sql`
    select status, basis_event_id as basis, wording_version_id as wording, expires_at as expires, pending_until as pending
    from consent_state where lane = ${laneOf(contactId)}::smallint and contact_id = ${contactId}::uuid
      and purpose_id = ${purposeId}::uuid`);
  if (!row) return undefined;
  const instant = (text: string | null) => (text === null ? null : new Date(text));
  const state = { status: row.status, expiresAt: instant(row.expires), pendingUntil: instant(row.pending) };
  const status = statusAt(state, tx.now());
  return status === "granted" || status === "pending"
    ? { basisEventId: row.basis, wordingVersionId: row.wording }
    : undefined;
}

/** Whether this person wrote down any part of the consent, by hand or with a file of theirs. */
async function hasRecorded(
  tx: Context,
  { contactId, purposeId, userId }: { contactId: string; purposeId: string; userId: string },
): Promise<boolean> {
  const found = await tx.db.execute(sql`
    select 1 from consent_events event left join imports on imports.id = event.import_id
    where event.lane = ${laneOf(contactId)}::smallint and event.contact_id = ${contactId}::uuid
      and event.purpose_id = ${purposeId}::uuid and event.type in ('requested', 'confirmed', 'granted', 'renewed')
      and ((event.actor_kind = 'user' and event.actor_id = ${userId}) or imports.created_by = ${userId}::uuid)
    limit 1`);
  return found.length > 0;
}

interface Signed extends Standing {
  id: string;
  contactId: string;
  purposeId: string;
  askedBy: string;
  reason: string;
  signedBy: "two_people" | "solo";
}

async function invalidate(tx: Context, signed: Signed): Promise<void> {
  const { id, contactId, purposeId, signedBy, askedBy, reason, basisEventId, wordingVersionId } = signed;
  await close(tx, id, "invalidated");
  await recordConsentEvents(tx, {
    events: [
      {
        contactId,
        type: "invalidated",
        purposeId,
        scope: "purpose",
        source: "agent_attest",
        occurredAt: tx.now(),
        isComplete: false,
        idempotencyKey: `invalidation ${id}`,
        wordingVersionId,
        evidence: { note: reason, invalidates: basisEventId, askedBy, signedBy },
      },
    ],
  });
  await audit(tx, "consent.invalidation_signed", { invalidation: id, purpose: purposeId, signedBy }, contactId);
}

async function close(tx: Context, id: string, decision: DecideInvalidation["decision"]): Promise<void> {
  await tx.db.execute(sql`
    update consent_invalidations set decision = ${decision}, decided_by = ${personId(tx)}, decided_at = ${tx.now()}::timestamptz
    where id = ${id}`);
}

async function keyOf(tx: Context, contactId: string): Promise<Buffer> {
  const key = (await tx.keys.keysOf([contactId])).get(contactId);
  if (!key) throw new AppError("contact_erased");
  return key;
}

/** Only people sign; who else gets this far is a program. */
function personId(ctx: Context): string {
  if (ctx.actor.kind !== "user") throw new AppError("forbidden", { permission: "consent.invalidate" });
  return ctx.actor.userId;
}
