import { and, desc, eq, ilike, inArray, ne, sql } from "drizzle-orm";
import { campaigns } from "@/db/schema/campaigns";
import { purposes } from "@/db/schema/consent";
import { users } from "@/db/schema/identity";
import { segments } from "@/db/schema/segments";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type CampaignGoal, type CampaignStatus, campaignGoal } from "../campaign";
import { decodeCursor, encodeCursor } from "../cursor";
import { type CampaignGroup, groupOf, statusesOf } from "../groups";

const PAGE = 50;
const LARGEST_PAGE = 200;

export interface CampaignFilter {
  /** Without it: everything that is not archived. */
  group?: CampaignGroup;
  /** Part of the name. */
  search?: string;
  createdBy?: string;
  cursor?: string;
  limit?: number;
}

export interface CampaignSummary {
  id: string;
  name: string;
  status: CampaignStatus;
  group: CampaignGroup;
  metric: CampaignGoal["metric"];
  purposeName: string | null;
  segmentName: string | null;
  variants: number;
  holdoutBasisPoints: number;
  /** People allocated to variants and holdout; null until planned. */
  recipients: number | null;
  createdByName: string | null;
  startsAt: Date | null;
  launchedAt: Date | null;
  sendingStartedAt: Date | null;
  measuringUntil: Date | null;
  concludedAt: Date | null;
  updatedAt: Date;
}

/** What is running, what is ready to decide? Latest change first; `nextCursor` is null on the last page. */
export async function listCampaigns(
  ctx: Context,
  filter: CampaignFilter = {},
): Promise<{ campaigns: CampaignSummary[]; nextCursor: string | null }> {
  authorize(ctx, "campaign.read");
  const limit = Math.min(filter.limit ?? PAGE, LARGEST_PAGE);
  const after = filter.cursor === undefined ? undefined : decodeCursor(filter.cursor);
  if (filter.cursor !== undefined && !after) throw new AppError("invalid_input", { field: "cursor" });
  const ofThis = sql`campaign_id = ${campaigns.id}`;
  const rows = await ctx.db
    .select({
      row: campaigns,
      purposeName: purposes.name,
      segmentName: segments.name,
      createdByName: users.name,
      variants: sql<number>`(select count(*)::int from campaign_variants where ${ofThis})`,
      recipients: sql<number | null>`(select sum(recipients)::int from campaign_planning where ${ofThis})`,
    })
    .from(campaigns)
    .leftJoin(purposes, eq(purposes.id, campaigns.purposeId))
    .leftJoin(segments, eq(segments.id, campaigns.segmentId))
    .leftJoin(users, eq(users.id, campaigns.createdBy))
    .where(
      and(
        filter.group ? inArray(campaigns.status, statusesOf(filter.group)) : ne(campaigns.status, "archived"),
        filter.search ? ilike(campaigns.name, `%${filter.search.replace(/[\\%_]/g, "\\$&")}%`) : undefined,
        filter.createdBy ? eq(campaigns.createdBy, filter.createdBy) : undefined,
        after &&
          sql`(${campaigns.updatedAt}, ${campaigns.id}) < (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`,
      ),
    )
    .orderBy(desc(campaigns.updatedAt), desc(campaigns.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit).map(({ row, ...rest }): CampaignSummary => {
    const { id, name, status, holdoutBasisPoints, startsAt, launchedAt, updatedAt } = row;
    const { sendingStartedAt, measuringUntil, concludedAt } = row;
    const dates = { startsAt, launchedAt, sendingStartedAt, measuringUntil, concludedAt, updatedAt };
    const { metric } = campaignGoal.parse(row.goal);
    return { id, name, status, group: groupOf(status), metric, holdoutBasisPoints, ...rest, ...dates };
  });
  const last = page.at(-1);
  return { campaigns: page, nextCursor: last && rows.length > limit ? encodeCursor(last.updatedAt, last.id) : null };
}
