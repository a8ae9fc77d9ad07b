import * as z from "zod";
import { correctContact } from "@/lib/audience/commands/correct-contact";
import { restrictContact } from "@/lib/audience/commands/restrict-contact";
import { meetCorrected } from "@/lib/consent/commands/meet-corrected";
import { withdrawConsent } from "@/lib/consent/commands/withdraw-consent";
import { laneOf, newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { appendEntry } from "@/lib/ledger/append";
import { requestCan } from "../request";
import { personOf, type RequestRow, requestForUpdate, setRequest } from "../store";

export const RectifyInput = z.object({
  requestId: z.uuid(),
  what: z.enum(["name", "phone", "email", "external"]),
  value: z.string().trim().min(1).max(320),
});

/** Limits what is done with the person: at once, and until it is lifted. */
export async function applyRestriction(ctx: Context, { requestId }: { requestId: string }): Promise<void> {
  authorize(ctx, "rights.handle");
  await transaction(ctx, async (tx) => {
    const row = await requestForUpdate(tx, requestId, requestCan.restrict);
    await restrictContact(tx, { contactId: row.contactId, isRestricted: true });
    await logForPerson(tx, row.contactId, "contact.restricted");
    await done(tx, row);
  });
}

/** The limit ends: the person agreed, or the dispute is settled; they are told before (GDPR 18.3). */
export async function liftRestriction(ctx: Context, { contactId }: { contactId: string }): Promise<void> {
  authorize(ctx, "rights.handle");
  await transaction(ctx, async (tx) => {
    if (!(await restrictContact(tx, { contactId, isRestricted: false }))) return;
    await logForPerson(tx, contactId, "contact.restriction_lifted");
    await audit(tx, "rights.restriction_lifted", {}, contactId);
  });
}

/** To object to marketing is to refuse all of it; no argument is asked for (GDPR 21.3). */
export async function applyObjection(ctx: Context, { requestId }: { requestId: string }): Promise<void> {
  authorize(ctx, "rights.handle");
  await transaction(ctx, async (tx) => {
    const row = await requestForUpdate(tx, requestId, requestCan.object);
    const { contactId, receivedAt } = row;
    const by = null; // the officer who writes it down
    const idempotencyKey = `objection ${requestId}`;
    const withdrawal = { contactId, occurredAt: receivedAt, source: "agent_attest" as const, idempotencyKey, by };
    await withdrawConsent(tx, { withdrawals: [withdrawal] });
    await done(tx, row);
  });
}

/** Puts right what we hold. What it was stays as former where it is an identifier; what it is, is in no log. */
export async function applyRectification(
  ctx: Context,
  { requestId, what, value }: z.output<typeof RectifyInput>,
): Promise<void> {
  authorize(ctx, "rights.handle");
  await transaction(ctx, async (tx) => {
    const row = await requestForUpdate(tx, requestId, requestCan.rectify);
    const { contactId, jurisdiction } = row;
    const country = jurisdiction === null ? {} : { country: jurisdiction };
    await correctContact(tx, {
      contactId,
      correction:
        what === "name" ? { what, name: { full: value } } : { what: "identifier", kind: what, value, ...country },
    });
    if (what !== "name") await meetCorrected(tx, contactId);
    await logForPerson(tx, contactId, "contact.rectified", { what });
    await done(tx, row, { what });
  });
}

async function done(tx: Context, { id, kind }: RequestRow, data: Record<string, string> = {}): Promise<void> {
  await setRequest(tx, id, {
    status: "closed",
    executedAt: tx.now(),
    closedAt: tx.now(),
    closedBy: personOf(tx),
    detailsSealed: null,
  });
  await audit(tx, "rights.done", { kind, ...data }, id);
}

/** An entry of the person's own, sealed under their key: it is part of what happened to them. */
async function logForPerson(
  tx: Context,
  contactId: string,
  type: string,
  data: Record<string, string> = {},
): Promise<void> {
  const key = (await tx.keys.keysOf([contactId])).get(contactId);
  if (!key) return; // erased meanwhile: nothing is left to say about them
  const id = newId();
  const payload = { id, contact: contactId, ...data };
  const head = { lane: laneOf(contactId), type, ref: id, subject: contactId, by: tx.actor.kind, at: tx.now() };
  await appendEntry(tx.db, { ...head, key, payload });
}
