import { eq, sql } from "drizzle-orm";
import { rightsRequests } from "@/db/schema/rights";
import { AppError } from "@/lib/foundation/errors";
import { laneOf } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import { requestDueKey } from "./deadlines";
import type { Standing } from "./request";

export type RequestRow = typeof rightsRequests.$inferSelect;

/**
 * The request, locked, if it stands where the rule says; `contactId` is whom it is about today, whoever asked has been merged into.
 *
 * @throws AppError not_found, conflict with its status
 */
export async function requestForUpdate(
  tx: Context,
  requestId: string,
  rule: (standing: Standing) => boolean,
): Promise<RequestRow> {
  const [row] = await tx.db.select().from(rightsRequests).where(eq(rightsRequests.id, requestId)).for("update");
  if (!row) throw new AppError("not_found", { requestId });
  if (!rule(row)) throw new AppError("conflict", { status: row.status });
  const [contactId = row.contactId] = await contactsOf(tx, row.contactId);
  return { ...row, contactId };
}

/** Changes a request; one that ends is due no more. */
export async function setRequest(tx: Context, requestId: string, change: Partial<RequestRow>): Promise<void> {
  await tx.db.update(rightsRequests).set(change).where(eq(rightsRequests.id, requestId));
  if (change.closedAt) await resolveNotice(tx, requestDueKey(requestId));
}

/** Only people handle requests by hand. */
export function personOf(ctx: Context): string {
  if (ctx.actor.kind !== "user") throw new AppError("forbidden", { permission: "rights.handle" });
  return ctx.actor.userId;
}

/** Only one person can sign in, and solo mode is on (decision 8). */
export async function isSolo(tx: Context): Promise<boolean> {
  const [row] = await tx.db.execute<{ solo: boolean }>(sql`
    select solo_mode and (select count(*) from users where disabled_at is null and password_hash is not null) = 1 as solo
    from installation`);
  return row?.solo ?? false;
}

/**
 * Everybody who turned out to be this person: first whom they live on as, then whoever was merged into that one, the contact asked
 * for among them. Their keys, messages and identifiers count together.
 */
export async function contactsOf(ctx: Context, contactId: string): Promise<string[]> {
  const rows = await ctx.db.execute<{ id: string }>(sql`
    with person as (select coalesce((select merged_into from contacts
      where lane = ${laneOf(contactId)}::smallint and id = ${contactId}::uuid), ${contactId}::uuid) as id)
    select everybody.id from (
      select id from person union select contacts.id from contacts join person on contacts.merged_into = person.id
    ) as everybody cross join person order by everybody.id <> person.id, everybody.id`);
  return rows.map(({ id }) => id);
}

export interface ContactFacts {
  country: string | null;
  isErased: boolean;
  mergedInto: string | null;
  restrictedAt: Date | null;
}

/** @throws AppError not_found */
export async function contactFacts(ctx: Context, contactId: string): Promise<ContactFacts> {
  const [row] = await ctx.db.execute<{
    country: string | null;
    erased: boolean;
    merged: string | null;
    restricted: string | null;
  }>(sql`
    select country, erased_at is not null as erased, merged_into as merged, restricted_at as restricted from contacts
    where lane = ${laneOf(contactId)}::smallint and id = ${contactId}::uuid`);
  if (!row) throw new AppError("not_found", { contactId });
  const restrictedAt = row.restricted === null ? null : new Date(row.restricted);
  return { country: row.country, isErased: row.erased, mergedInto: row.merged, restrictedAt };
}

/** `rights_packages.sealed` belongs to its request. */
export function packagePlace(requestId: string): string {
  return `rights_packages|sealed|${requestId}`;
}

/** `rights_requests.details_sealed` belongs to its request. */
export function wordsPlace(requestId: string): string {
  return `rights_requests|details_sealed|${requestId}`;
}
