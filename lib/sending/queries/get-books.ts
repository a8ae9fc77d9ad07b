import { sql } from "drizzle-orm";
import { HOLDOUT } from "@/lib/experiments/allocation";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { booksClose, type MessageState, type StateCounts, stateCounts } from "../message";

export interface Books {
  /** People allocated to variants and holdout; 0 until planning begins. */
  recipients: number;
  /** A … H, then the holdout. */
  parts: { key: string; people: number; states: StateCounts }[];
  states: StateCounts;
  /** recipients = Σ states. Planning writes both in one transaction, so this holds at every moment. */
  isClosed: boolean;
  /** Who matched the segment and was left out before allocation, most frequent reason first. */
  excluded: { reason: string; people: number }[];
}

/** Where every recipient of a campaign stands now. One pass over the index of its messages. */
export async function getBooks(ctx: Context, { campaignId }: { campaignId: string }): Promise<Books> {
  authorize(ctx, "campaign.read");
  const [rows, [planned], excluded] = await Promise.all([
    ctx.db.execute<{ variant: string; state: MessageState; count: number }>(sql`
      select variant, state, count(*)::int as count from messages
      where campaign_id = ${campaignId}::uuid group by variant, state`),
    ctx.db.execute<{ recipients: number }>(sql`
      select coalesce(sum(recipients), 0)::int as recipients from campaign_planning where campaign_id = ${campaignId}::uuid`),
    ctx.db.execute<{ reason: string; people: number }>(sql`
      select reason, count(*)::int as people from campaign_exclusions where campaign_id = ${campaignId}::uuid
      group by reason order by people desc, reason`),
  ]);
  const recipients = planned?.recipients ?? 0;
  const states = stateCounts(rows);
  const keys = [...new Set(rows.map(({ variant }) => variant))].sort(byPart);
  const parts = keys.map((key) => {
    const own = rows.filter(({ variant }) => variant === key);
    return { key, people: own.reduce((sum, { count }) => sum + count, 0), states: stateCounts(own) };
  });
  return { recipients, parts, states, isClosed: booksClose(recipients, states), excluded: [...excluded] };
}

/** Variants by letter, people without a message last. */
function byPart(one: string, other: string): number {
  if (one === HOLDOUT || other === HOLDOUT) return one === HOLDOUT ? 1 : -1;
  return one < other ? -1 : 1;
}
