import { and, desc, eq, gte, inArray, isNotNull } from "drizzle-orm";
import { phoneNumbers } from "@/db/schema/numbers";
import { accountInsights, pricingAnalyticsDays, templateAnalyticsDays, templates } from "@/db/schema/templates";
import { isAppError } from "@/lib/foundation/errors";
import { log } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { raiseNotice } from "@/lib/notices/commands/raise-notice";
import { resolveNotice } from "@/lib/notices/commands/resolve-notice";
import { callAccount } from "@/lib/numbers/commands/call-account";
import type { GraphResult } from "@/lib/whatsapp/client";
import {
  changedPricing,
  changedTemplateDays,
  type PricingDay,
  pricingDays,
  type TemplateDay,
  templateDays,
} from "../analytics";
import { answered } from "../store";

const DAY_MS = 86_400_000;
/** How far back Meta answers (whatsapp/cloud-api.md 7.1). */
const LOOK_BACK_DAYS = 90;
/** Reads and clicks of a day grow for seven days; one more, because days are UTC. */
const GROWING_DAYS = 8;
const TEMPLATES_A_CALL = 10;
/** Template insights are not switched on. */
const NOT_ENABLED = 200007;
const METRICS = ["SENT", "DELIVERED", "READ", "CLICKED", "COST"] as const;

export interface Pulled {
  /** Rows that said something new. */
  templateDays: number;
  pricingDays: number;
  failed: number;
}

/**
 * Reads Meta's own figures of every account: what it counted for each template, and what it charges. Only a cross-check:
 * our own webhooks are the source. Each pull that says something else is kept beside the earlier ones. An account that
 * fails, or has to wait after too many calls (80007, 4), is told, and the others are done; the first pull reaches back ninety days, later ones as far as numbers still grow.
 */
export async function pullAnalytics(ctx: Context): Promise<Pulled> {
  authorize(ctx, "job.run");
  const total: Pulled = { templateDays: 0, pricingDays: 0, failed: 0 };
  for (const account of await accounts(ctx)) {
    const key = `template_insights_failed ${account.wabaId}`;
    try {
      const done = await pullAccount(ctx, account);
      total.templateDays += done.templateDays;
      total.pricingDays += done.pricingDays;
      await noteInsights(ctx, account.wabaId, { pulledAt: ctx.now(), failure: null });
      await resolveNotice(ctx, key);
    } catch (error) {
      if (!isAppError(error)) throw error;
      total.failed++;
      const failure = String(error.params.metaCode ?? "unreachable");
      log.warn("templates.analytics_failed", { numberId: account.numberId, failure });
      await noteInsights(ctx, account.wabaId, { failure });
      const params = { account: account.wabaId, code: failure };
      await raiseNotice(ctx, { kind: "template_insights_failed", key, params });
    }
  }
  return total;
}

interface Account {
  wabaId: string;
  numberId: string;
  /** Whether messages of it may go over the Marketing Messages API, which is counted apart. */
  hasMarketing: boolean;
}

async function accounts(ctx: Context): Promise<Account[]> {
  const numbers = await ctx.db.select().from(phoneNumbers).orderBy(phoneNumbers.createdAt);
  const byAccount = new Map<string, Account>();
  for (const { wabaId, id: numberId, endpoint } of numbers) {
    const known = byAccount.get(wabaId) ?? { wabaId, numberId, hasMarketing: false };
    byAccount.set(wabaId, { ...known, hasMarketing: known.hasMarketing || endpoint === "marketing_messages" });
  }
  return [...byAccount.values()];
}

async function pullAccount(ctx: Context, account: Account): Promise<Omit<Pulled, "failed">> {
  const now = ctx.now();
  const [before] = await ctx.db
    .select()
    .from(accountInsights)
    .where(eq(accountInsights.wabaId, account.wabaId))
    .limit(1);
  const back = before?.pulledAt ? now.getTime() - before.pulledAt.getTime() + GROWING_DAYS * DAY_MS : Infinity;
  const start = new Date(startOfDay(now).getTime() - Math.min(LOOK_BACK_DAYS * DAY_MS, back));
  const period = { start: startOfDay(start), end: now };
  const ids = await metaIds(ctx, account.wabaId);
  const counted = await readTemplates(ctx, { account, period, ids });
  const charged = answered(
    await callAccount(ctx, account.numberId, (api) =>
      api.pricingAnalytics(account.wabaId, {
        ...period,
        granularity: "DAILY",
        filters: {
          metric_types: ["COST", "VOLUME"],
          dimensions: ["COUNTRY", "PRICING_CATEGORY", "PRICING_TYPE", "TIER"],
        },
      }),
    ),
  );
  return transaction(ctx, async (tx) => ({
    templateDays: await keepTemplateDays(tx, counted, period.start),
    pricingDays: await keepPricingDays(tx, { wabaId: account.wabaId, days: pricingDays(charged), since: period.start }),
  }));
}

/** Our ids by Meta's. */
async function metaIds(ctx: Context, wabaId: string): Promise<Map<string, string>> {
  const rows = await ctx.db
    .select({ id: templates.id, metaId: templates.metaId })
    .from(templates)
    .where(and(eq(templates.wabaId, wabaId), isNotNull(templates.metaId)));
  return new Map(rows.map(({ id, metaId }) => [metaId ?? "", id]));
}

async function readTemplates(
  ctx: Context,
  { account, period, ids }: { account: Account; period: { start: Date; end: Date }; ids: ReadonlyMap<string, string> },
): Promise<TemplateDay[]> {
  const products = [
    "CLOUD_API",
    ...(account.hasMarketing ? (["MARKETING_MESSAGES_API_FOR_WHATSAPP"] as const) : []),
  ] as const;
  const all = [...ids.keys()];
  const found: TemplateDay[] = [];
  for (const product of products) {
    for (let from = 0; from < all.length; from += TEMPLATES_A_CALL) {
      const query = { period, ids: all.slice(from, from + TEMPLATES_A_CALL), metrics: METRICS, product };
      const read = () => callAccount(ctx, account.numberId, (api) => api.templateAnalytics(account.wabaId, query));
      const answer = await read();
      const pages = answered(isNotEnabled(answer) ? await enableAndRead(ctx, { account, read }) : answer);
      for (const page of pages) found.push(...templateDays(page.data_points, product, ids));
    }
  }
  return found;
}

function isNotEnabled(answer: GraphResult<unknown>): boolean {
  return answer.kind === "refused" && answer.code === NOT_ENABLED;
}

/** Insights are switched on once and for good; from then on Meta counts. */
async function enableAndRead<T>(
  ctx: Context,
  { account, read }: { account: Account; read: () => Promise<GraphResult<T>> },
): Promise<GraphResult<T>> {
  answered(await callAccount(ctx, account.numberId, (api) => api.enableTemplateInsights(account.wabaId)));
  await noteInsights(ctx, account.wabaId, { enabledAt: ctx.now() });
  log.info("templates.insights_enabled", { numberId: account.numberId });
  return read();
}

async function noteInsights(
  ctx: Context,
  wabaId: string,
  facts: Partial<Omit<typeof accountInsights.$inferInsert, "wabaId">>,
): Promise<void> {
  await ctx.db
    .insert(accountInsights)
    .values({ wabaId, ...facts })
    .onConflictDoUpdate({ target: accountInsights.wabaId, set: facts });
}

async function keepTemplateDays(tx: Context, days: readonly TemplateDay[], since: Date): Promise<number> {
  if (days.length === 0) return 0;
  const { templateId, product, day, pulledAt } = templateAnalyticsDays;
  const known = await tx.db
    .selectDistinctOn([templateId, product, day])
    .from(templateAnalyticsDays)
    .where(and(inArray(templateId, [...new Set(days.map((one) => one.templateId))]), gte(day, dayText(since))))
    .orderBy(templateId, product, day, desc(pulledAt));
  const changed = changedTemplateDays(days, known).map((one) => ({ ...one, pulledAt: tx.now() }));
  for (const rows of inParts(changed)) await tx.db.insert(templateAnalyticsDays).values(rows).onConflictDoNothing();
  return changed.length;
}

async function keepPricingDays(
  tx: Context,
  { wabaId, days, since }: { wabaId: string; days: readonly PricingDay[]; since: Date },
): Promise<number> {
  if (days.length === 0) return 0;
  const { day, country, pricingType, category, tier, pulledAt } = pricingAnalyticsDays;
  const known = await tx.db
    .selectDistinctOn([day, country, pricingType, category, tier])
    .from(pricingAnalyticsDays)
    .where(and(eq(pricingAnalyticsDays.wabaId, wabaId), gte(day, dayText(since))))
    .orderBy(day, country, pricingType, category, tier, desc(pulledAt));
  const changed = changedPricing(days, known).map((one) => ({ ...one, wabaId, pulledAt: tx.now() }));
  for (const rows of inParts(changed)) await tx.db.insert(pricingAnalyticsDays).values(rows).onConflictDoNothing();
  return changed.length;
}

const ROWS_A_STATEMENT = 1_000;

function* inParts<T>(rows: readonly T[]): Generator<T[]> {
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) yield rows.slice(from, from + ROWS_A_STATEMENT);
}

function startOfDay(at: Date): Date {
  return new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS);
}

function dayText(at: Date): string {
  return at.toISOString().slice(0, 10);
}
