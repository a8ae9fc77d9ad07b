import { desc, eq, inArray } from "drizzle-orm";
import * as z from "zod";
import { campaignHistory } from "@/db/schema/campaigns";
import { users } from "@/db/schema/identity";
import { isUuid } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { bySitting, type HistoryItem } from "../history";

const MOST_ITEMS = 1_000;

const historyData = z.record(z.string(), z.unknown());
const changeList = z.array(z.object({ field: z.string(), from: z.json(), to: z.json() })).catch([]);

/** Who changed and approved what, newest first; one person's edits of one sitting are one item. */
export async function getCampaignHistory(ctx: Context, { campaignId }: { campaignId: string }): Promise<HistoryItem[]> {
  authorize(ctx, "campaign.read");
  const rows = await ctx.db
    .select()
    .from(campaignHistory)
    .where(eq(campaignHistory.campaignId, campaignId))
    .orderBy(desc(campaignHistory.at), desc(campaignHistory.id))
    .limit(MOST_ITEMS);
  const ids = [...new Set(rows.flatMap(({ actorId }) => (actorId && isUuid(actorId) ? actorId : [])))];
  const people = ids.length > 0 ? await ctx.db.select().from(users).where(inArray(users.id, ids)) : [];
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const items = rows.map(({ id, at, actorId, type, data }): HistoryItem => {
    const { changes, ...rest } = historyData.catch({}).parse(data);
    const actorName = actorId === null ? null : (names.get(actorId) ?? null);
    return { id, at, actorId, actorName, type, data: rest, changes: changeList.parse(changes) };
  });
  return bySitting(items);
}
