import { sql } from "drizzle-orm";
import { currentContacts } from "@/lib/audience/queries/current-contacts";
import { preferenceLink } from "@/lib/consent/preference-link";
import { laneOf } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { type PlannedDirect, planDirect } from "../direct";
import { preferenceInvitation } from "../own-words";

const TYPE = "conversation.preference_link_sent";
const DAY_MS = 24 * 60 * 60_000;

/**
 * Sends a person the link to their preference page, with the receipts of what they decided (compliance 1.3, 1.5): as an answer inside
 * the 24 hours that they opened by writing, in their language, once in 24 hours. Whoever sends it never sees it.
 *
 * @param given.pagesUrl where everybody reaches the public pages
 */
export async function sendPreferenceLink(
  ctx: Context,
  given: { contactId: string; numberId: string; pagesUrl: string },
): Promise<PlannedDirect> {
  authorize(ctx, "conversation.reply");
  const { numberId, pagesUrl } = given;
  return transaction(ctx, async (tx): Promise<PlannedDirect> => {
    const contactId = (await currentContacts(tx, [given.contactId])).get(given.contactId);
    if (contactId === undefined) return { kind: "gone" };
    const [row] = await tx.db.execute<{
      language: string | null;
      country: string | null;
      brand: string;
      brandId: string;
    }>(sql`
      select k.language, k.country, b.name as brand, b.id as "brandId"
      from contacts k, phone_numbers p join brands b on b.id = p.brand_id
      where k.lane = ${laneOf(contactId)}::smallint and k.id = ${contactId}::uuid and p.id = ${numberId}::uuid
      for no key update of k`); // two clicks at once: the second sees what the first did
    if (!row) return { kind: "gone" };
    if (await wasSent(tx, contactId)) return { kind: "already" };
    const url = `${pagesUrl}${preferenceLink(tx, contactId, row.brandId)}`;
    const text = preferenceInvitation(row, { brand: row.brand, url });
    const planned = await planDirect(tx, { contactId, numberId, kind: "reply", draft: { kind: "text", text } });
    if (planned.kind === "planned") await audit(tx, TYPE, { message: planned.messageId, number: numberId }, contactId);
    return planned;
  });
}

async function wasSent(tx: Context, contactId: string): Promise<boolean> {
  const since = new Date(tx.now().getTime() - DAY_MS);
  const rows = await tx.db.execute(sql`
    select 1 from audit_events where subject = ${contactId} and at > ${since}::timestamptz and type = ${TYPE} limit 1`);
  return rows.length > 0;
}
