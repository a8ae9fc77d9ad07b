import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { canonicalIdentifier, lookupOf } from "../identifier";
import { allSigns, type Sign, signsOf } from "../person";
import { findOwners } from "../store";
import { getContact } from "./get-contact";
import type { ContactView } from "./list-contacts";

/**
 * The person behind an exact phone number, WhatsApp id, user id (BSUID), e-mail address or external id. Names are not searched
 * (decision 6). The text comes in the body of a request, never in an address that logs keep.
 */
export async function findContactByIdentifier(
  ctx: Context,
  { text, country }: { text: string; country?: string },
): Promise<ContactView | undefined> {
  authorize(ctx, "contact.read");
  const kinds = ["phone", "email", "external"] as const;
  const given = kinds.flatMap((kind): Sign[] => {
    const identifier = canonicalIdentifier(kind, text, country);
    if (!identifier) return [];
    const lookup = lookupOf(ctx.secrets.lookupKey, identifier);
    return [{ identifier, lookup, hex: lookup.toString("hex") }];
  });
  const asMetaWrites = text.trim();
  const signs = [
    ...given,
    ...allSigns(
      signsOf(ctx.secrets.lookupKey, { waId: asMetaWrites, userId: asMetaWrites, parentUserId: asMetaWrites }),
    ),
  ];
  const owners = await findOwners(ctx.db, signs);
  for (const { hex } of signs) {
    const owner = owners.get(hex);
    if (owner && !owner.isGivenUp) return getContact(ctx, { contactId: owner.contactId });
  }
  return undefined;
}
