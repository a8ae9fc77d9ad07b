import { desc, eq } from "drizzle-orm";
import { accountInsights, templateAnalyticsDays, templateComparisons, templates } from "@/db/schema/templates";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { largest, type TemplateDay } from "../analytics";
import type { TemplateChoice } from "../inputs";
import { getTemplateRow } from "../store";

export interface TemplateInsights {
  /** Null: never read. */
  pulledAt: Date | null;
  /** When we switched insights on, for good; null: they were on before, or never read. */
  enabledAt: Date | null;
  failure: string | null;
  /** `YYYY-MM-DD` of the first and last day that Meta told of; null: of none. */
  from: string | null;
  to: string | null;
  sent: number;
  delivered: number;
  read: number;
  clicked: Record<string, number>;
  /** In the account's currency; null: Meta does not say. */
  spentMicros: number | null;
  /** Latest comparison with each other template. */
  comparisons: ComparisonView[];
}

export interface ComparisonView {
  otherName: string;
  windowDays: number;
  pulledAt: Date;
  /** Whether fewer people blocked this one; null: Meta does not say. */
  isLessBlocked: boolean | null;
  sends: number | null;
  otherSends: number | null;
  blockReason: string | null;
}

/** What Meta counted for a template, all days and products together. @throws AppError("not_found") */
export async function getTemplateInsights(ctx: Context, { templateId }: TemplateChoice): Promise<TemplateInsights> {
  authorize(ctx, "template.read");
  const { wabaId } = await getTemplateRow(ctx, templateId);
  const pulls = await ctx.db
    .select()
    .from(templateAnalyticsDays)
    .where(eq(templateAnalyticsDays.templateId, templateId));
  const [account] = await ctx.db.select().from(accountInsights).where(eq(accountInsights.wabaId, wabaId)).limit(1);
  const days = daysOf(pulls);
  const dates = days.map(({ day }) => day).sort();
  const sum = (figure: (day: TemplateDay) => number) => days.reduce((total, day) => total + figure(day), 0);
  const clicked: Record<string, number> = {};
  for (const day of days)
    for (const [type, count] of Object.entries(day.clicked)) clicked[type] = (clicked[type] ?? 0) + count;
  return {
    pulledAt: account?.pulledAt ?? null,
    enabledAt: account?.enabledAt ?? null,
    failure: account?.failure ?? null,
    from: dates[0] ?? null,
    to: dates.at(-1) ?? null,
    sent: sum(({ sent }) => sent),
    delivered: sum(({ delivered }) => delivered),
    read: sum(({ read }) => read),
    clicked,
    spentMicros: days.some(({ spentMicros }) => spentMicros !== null)
      ? sum(({ spentMicros }) => spentMicros ?? 0)
      : null,
    comparisons: await comparisonsOf(ctx, templateId),
  };
}

function daysOf(pulls: readonly TemplateDay[]): TemplateDay[] {
  const byDay = new Map<string, TemplateDay[]>();
  for (const pull of pulls) {
    const key = `${pull.product} ${pull.day}`;
    const same = byDay.get(key);
    if (same) same.push(pull);
    else byDay.set(key, [pull]);
  }
  return [...byDay.values()].flatMap((same) => {
    const [first] = same;
    return first ? [{ ...first, ...largest(same) }] : [];
  });
}

async function comparisonsOf(ctx: Context, templateId: string): Promise<ComparisonView[]> {
  const { otherId, windowDays, pulledAt } = templateComparisons;
  const rows = await ctx.db
    .selectDistinctOn([otherId, windowDays], { comparison: templateComparisons, otherName: templates.name })
    .from(templateComparisons)
    .innerJoin(templates, eq(templates.id, otherId))
    .where(eq(templateComparisons.templateId, templateId))
    .orderBy(otherId, windowDays, desc(pulledAt));
  return rows.map(({ comparison, otherName }) => ({
    otherName,
    windowDays: comparison.windowDays,
    pulledAt: comparison.pulledAt,
    isLessBlocked: comparison.lessBlockedId === null ? null : comparison.lessBlockedId === templateId,
    sends: comparison.sends,
    otherSends: comparison.otherSends,
    blockReason: comparison.blockReason,
  }));
}
