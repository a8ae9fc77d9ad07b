import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { CampaignStatus } from "../campaign";

/** Approved by somebody who counted whom it reaches, and not yet at its end. */
const ON_THEIR_WAY: readonly CampaignStatus[] = ["approved", "scheduled", "sending", "paused", "frozen"];

export interface PurposePreview {
  /** People whose consent is in force. */
  granted: number;
  /** Of them, whom the age lets out now, and whom it would. */
  outNow: number;
  outThen: number;
  /** Whether somebody could be written to who cannot now. */
  isLooser: boolean;
  /** Campaigns of this purpose that are on their way. */
  campaigns: { id: string; name: string; status: CampaignStatus }[];
}

/** Whom a minimum age lets out, and which campaigns it would meet. An age that is not known is let out by any. */
export async function previewPurpose(
  ctx: Context,
  { purposeId, minAge }: { purposeId: string; minAge: number | null },
): Promise<PurposePreview> {
  authorize(ctx, "policy.read");
  const [row] = await ctx.db.execute<{ min_age: number | null; granted: number; now: number; then: number }>(sql`
    select p.min_age, count(s.contact_id)::int as granted,
      count(*) filter (where p.min_age is not null and coalesce(k.age_at_least, 0) < p.min_age)::int as now,
      count(*) filter (where ${minAge}::int is not null and coalesce(k.age_at_least, 0) < ${minAge}::int)::int as then
    from purposes p
    left join consent_state s on s.purpose_id = p.id and s.status = 'granted'
      and (s.expires_at is null or s.expires_at > ${ctx.now()}::timestamptz)
    left join contacts k on k.lane = s.lane and k.id = s.contact_id
    where p.id = ${purposeId}::uuid group by p.id`);
  if (!row) throw new AppError("not_found", { purposeId });
  const campaigns = await ctx.db.execute<{ id: string; name: string; status: CampaignStatus }>(sql`
    select id, name, status from campaigns where purpose_id = ${purposeId}::uuid
      and status = any(${array([...ON_THEIR_WAY], "text")}) order by created_at desc, id`);
  const isLooser = row.min_age !== null && (minAge === null || minAge < row.min_age);
  const isNobody = row.granted === 0;
  return {
    granted: row.granted,
    outNow: isNobody ? 0 : row.now,
    outThen: isNobody ? 0 : row.then,
    isLooser,
    campaigns: [...campaigns],
  };
}
