import { sql } from "drizzle-orm";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { canonicalIdentifier, lookupOf } from "../identifier";
import { getContact } from "./get-contact";
import type { ContactView } from "./list-contacts";

/**
 * The person behind an exact phone number, e-mail address or external id. Names are not searched (decision 6). The text
 * comes in the body of a request, never in an address that logs keep.
 */
export async function findContactByIdentifier(
  ctx: Context,
  { text, country }: { text: string; country?: string },
): Promise<ContactView | undefined> {
  authorize(ctx, "contact.read");
  const kinds = ["phone", "email", "external"] as const;
  const lookups = kinds.flatMap((kind) => {
    const identifier = canonicalIdentifier(kind, text, country);
    return identifier ? [lookupOf(ctx.secrets.lookupKey, identifier)] : [];
  });
  for (const lookup of lookups) {
    const [found] = await ctx.db.execute<{ id: string }>(sql`
      select contacts.id from identifier_index as found
      join contacts on contacts.lane = lane_of(found.contact_id) and contacts.id = found.contact_id
      where found.lane = lane_of_hash(${lookup}::bytea) and found.lookup = ${lookup}::bytea and contacts.erased_at is null`);
    if (found) return getContact(ctx, { contactId: found.id });
  }
  return undefined;
}
