import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type PersonSeen, signsOf } from "../person";

/**
 * The user ids of a contact that were replaced by these are former from now on. They still find the person, because Meta gives
 * them to nobody else.
 */
export async function retireUserIds(
  ctx: Context,
  { contactId, userId, parentUserId }: { contactId: string } & Pick<PersonSeen, "userId" | "parentUserId">,
): Promise<void> {
  authorize(ctx, "job.run");
  const signs = signsOf(ctx.secrets.lookupKey, { userId, parentUserId });
  const current = [signs.userId, signs.parentUserId].filter((sign) => sign !== undefined);
  await ctx.db.execute(sql`
    update contact_identifiers set former_at = ${ctx.now()}::timestamptz
    where lane = ${laneOf(contactId)}::smallint and contact_id = ${contactId}::uuid and former_at is null
      and kind = any(${array(
        current.map(({ identifier }) => identifier.kind),
        "text",
      )}) and lookup <> all(${array(
        current.map(({ lookup }) => lookup),
        "bytea",
      )})`);
}
