import type * as z from "zod";
import { rightsRequests } from "@/db/schema/rights";
import { AppError } from "@/lib/foundation/errors";
import { laneOf, newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { seal } from "@/lib/keystore/cipher";
import { dueAt, type OpenRequestInput } from "../request";
import { contactFacts, personOf, wordsPlace } from "../store";

/**
 * Writes down what a person asks for, with their words sealed under their key; its clock runs from when they asked.
 *
 * @throws AppError not_found; contact_erased; invalid_input for a time that is still to come
 */
export async function openRequest(
  ctx: Context,
  { contactId: asked, kind, receivedAt, words }: z.output<typeof OpenRequestInput>,
): Promise<{ requestId: string }> {
  authorize(ctx, "rights.handle");
  return transaction(ctx, async (tx) => {
    const since = receivedAt ?? tx.now();
    if (since > tx.now()) throw new AppError("invalid_input", { field: "receivedAt", reason: "in_future" });
    const first = await contactFacts(tx, asked);
    const contactId = first.mergedInto ?? asked;
    const { country: jurisdiction, isErased } = first.mergedInto ? await contactFacts(tx, contactId) : first;
    if (isErased) throw new AppError("contact_erased", { contactId });
    const requestId = newId();
    const person = personOf(tx);
    await tx.db.insert(rightsRequests).values({
      id: requestId,
      lane: laneOf(contactId),
      contactId,
      kind,
      status: "opened",
      jurisdiction,
      receivedAt: since,
      dueAt: dueAt(jurisdiction, since),
      detailsSealed: words ? await sealWords(tx, { contactId, requestId, words }) : null,
      openedBy: person,
      assignedTo: person,
    });
    await audit(tx, "rights.opened", { kind, jurisdiction, contact: contactId }, requestId);
    return { requestId };
  });
}

async function sealWords(
  tx: Context,
  { contactId, requestId, words }: { contactId: string; requestId: string; words: string },
): Promise<Buffer> {
  const key = (await tx.keys.keysOf([contactId])).get(contactId);
  if (!key) throw new AppError("contact_erased", { contactId });
  return seal(key, words, wordsPlace(requestId));
}
