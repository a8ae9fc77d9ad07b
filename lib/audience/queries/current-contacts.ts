import { sql } from "drizzle-orm";
import { authorize, may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { lanesAndIds } from "../store";

/** Where contacts that turned out to be one live on; whoever was never merged stays themselves. Erased people are absent. */
export async function currentContacts(ctx: Context, contactIds: readonly string[]): Promise<Map<string, string>> {
  if (!may(ctx.actor, "consent.record") && !may(ctx.actor, "consent.report")) authorize(ctx, "contact.read");
  if (contactIds.length === 0) return new Map();
  const rows = await ctx.db.execute<{ id: string; current: string }>(sql`
    select contacts.id, coalesce(contacts.merged_into, contacts.id) as current
    from unnest(${lanesAndIds(contactIds)}) as wanted (lane, id)
    join contacts on contacts.lane = wanted.lane and contacts.id = wanted.id where contacts.erased_at is null`);
  return new Map(rows.map(({ id, current }) => [id, current]));
}
