import { sql } from "drizzle-orm";
import { consentJoins, exclusionReason } from "@/lib/consent/eligibility";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { compileSegment } from "../compile";
import type { SegmentRule } from "../segment";

/** matches − withoutConsent − suppressed = reachable. */
export interface SegmentCount {
  matches: number;
  withoutConsent: number;
  suppressed: number;
  reachable: number;
  /** How many are left out by each reason, most first. */
  reasons: { reason: string; count: number }[];
}

interface Row extends Record<string, unknown> {
  reason: string | null;
  count: number;
}

/** How many people a rule matches now, and how many of them may be written to for a purpose. One pass, nothing stored. */
export async function countSegment(
  ctx: Context,
  { rule, purposeId }: { rule: SegmentRule; purposeId: string },
): Promise<SegmentCount> {
  authorize(ctx, "segment.read");
  const rows = await ctx.db.execute<Row>(sql`
    select reason, count(*)::int as count
    from (
      select ${exclusionReason(ctx.now())} as reason
      from contacts ${consentJoins(purposeId, ctx.now())}
      where contacts.erased_at is null and contacts.merged_into is null and ${compileSegment(rule)}
    ) as judged
    group by reason order by count desc, reason`);
  const sum = (of: (reason: string | null) => boolean) =>
    rows.filter(({ reason }) => of(reason)).reduce((total, { count }) => total + count, 0);
  const isBlocked = (reason: string) => reason === "restricted" || reason.startsWith("suppressed_");
  return {
    matches: sum(() => true),
    withoutConsent: sum((reason) => reason !== null && !isBlocked(reason)),
    suppressed: sum((reason) => reason !== null && isBlocked(reason)),
    reachable: sum((reason) => reason === null),
    reasons: rows.flatMap(({ reason, count }) => (reason === null ? [] : [{ reason, count }])),
  };
}
