import { sql } from "drizzle-orm";
import { currentContacts } from "@/lib/audience/queries/current-contacts";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { readPreferenceToken } from "../preference-link";

export interface PreferencePerson {
  /** Who the link is about today: whoever was merged lives on as somebody else. */
  contactId: string;
  brandId: string;
  brandName: string;
}

/**
 * Whom a preference link is about.
 *
 * @throws AppError not_found for a link that we did not sign, a brand that is gone, and somebody who was erased
 */
export async function preferencePerson(ctx: Context, { token }: { token: string }): Promise<PreferencePerson> {
  authorize(ctx, "consent.record");
  const subject = readPreferenceToken(ctx.secrets.linkKey, token);
  const contactId = subject && (await currentContacts(ctx, [subject.contactId])).get(subject.contactId);
  const brandId = subject?.brandId ?? null;
  const [brand] = await ctx.db.execute<{ name: string }>(sql`select name from brands where id = ${brandId}::uuid`);
  if (!contactId || !brandId || !brand) throw new AppError("not_found", { what: "preferences" });
  return { contactId, brandId, brandName: brand.name };
}
