import { sql } from "drizzle-orm";
import { AppError } from "@/lib/foundation/errors";
import { laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type ContactView, listContacts } from "./list-contacts";

/** One contact, masked. @throws AppError not_found, also for somebody who was erased */
export async function getContact(ctx: Context, { contactId }: { contactId: string }): Promise<ContactView> {
  authorize(ctx, "contact.read");
  const where = sql`contacts.lane = ${laneOf(contactId)}::smallint and contacts.id = ${contactId}::uuid`;
  const [contact] = (await listContacts(ctx, { limit: 1, where })).contacts;
  if (!contact) throw new AppError("not_found", { contactId });
  return contact;
}
