import { sql } from "drizzle-orm";
import { AppError } from "@/lib/foundation/errors";
import { laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type ContactName, sealName } from "../contact";
import { canonicalIdentifier, type IdentifierKind, lookupOf } from "../identifier";
import { claimLinks, insertIdentifiers } from "../store";

export type Correction =
  | { what: "name"; name: ContactName }
  | {
      what: "identifier";
      kind: Extract<IdentifierKind, "phone" | "email" | "external">;
      value: string;
      country?: string;
    };

/**
 * Puts right what we hold about a person (GDPR 16), inside the caller's transaction. A new identifier is a new row; the one it
 * replaces stays as former: nobody is written to there. Blocks of the new one are the caller's to meet (consent).
 *
 * @throws AppError contact_erased; invalid_input { field: "value" } when it is not one of its kind; conflict when somebody else
 * has it
 */
export async function correctContact(
  tx: Context,
  { contactId, correction }: { contactId: string; correction: Correction },
): Promise<void> {
  authorize(tx, "rights.handle");
  const key = (await tx.keys.keysOf([contactId])).get(contactId);
  const [own] = await tx.db.execute(sql`
    select 1 from contacts where lane = ${laneOf(contactId)}::smallint and id = ${contactId}::uuid and erased_at is null
    for no key update`);
  if (!key || !own) throw new AppError("contact_erased", { contactId });
  if (correction.what === "name") {
    await tx.db.execute(sql`
      update contacts set name_sealed = ${sealName(key, contactId, correction.name)}, updated_at = ${tx.now()}::timestamptz
      where lane = ${laneOf(contactId)}::smallint and id = ${contactId}::uuid`);
    return;
  }
  const { kind, value, country } = correction;
  const identifier = canonicalIdentifier(kind, value, country);
  if (!identifier) throw new AppError("invalid_input", { field: "value", reason: "not_of_its_kind" });
  const lookup = lookupOf(tx.secrets.lookupKey, identifier);
  const link = { contactId, sign: { identifier, lookup, hex: lookup.toString("hex") } };
  if ((await claimLinks(tx, [link])).length === 0 && !(await isTheirs(tx, contactId, lookup)))
    throw new AppError("conflict", { field: "value", reason: "somebody_elses" });
  await insertIdentifiers(tx, [link], new Map([[contactId, key]]));
  await tx.db.execute(sql`
    update contact_identifiers set former_at = case when lookup = ${lookup} then null else coalesce(former_at, ${tx.now()}::timestamptz) end
    where lane = ${laneOf(contactId)}::smallint and contact_id = ${contactId}::uuid
      and (kind = ${kind} or (${kind === "phone"}::boolean and kind = 'wa_id'))`);
  await tx.db.execute(sql`
    update contacts set updated_at = ${tx.now()}::timestamptz
    where lane = ${laneOf(contactId)}::smallint and id = ${contactId}::uuid`);
}

async function isTheirs(tx: Context, contactId: string, lookup: Buffer): Promise<boolean> {
  const [row] = await tx.db.execute(sql`
    select 1 from identifier_index where lane = lane_of_hash(${lookup}) and lookup = ${lookup} and contact_id = ${contactId}::uuid`);
  return row !== undefined;
}
