import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { campaignApprovals, campaignHistory, campaignPlans, campaigns, campaignVariants } from "@/db/schema/campaigns";
import { purposes } from "@/db/schema/consent";
import { installation } from "@/db/schema/installation";
import { segments } from "@/db/schema/segments";
import { templates } from "@/db/schema/templates";
import type { ExperimentPlan } from "@/lib/experiments/plan";
import { planHash } from "@/lib/experiments/plan-hash";
import { AppError, type AppErrorCode } from "@/lib/foundation/errors";
import { newId } from "@/lib/foundation/ids";
import { type Actor, actorId } from "@/lib/identity/actor";
import type { Context } from "@/lib/identity/context";
import type { Json } from "@/lib/ledger/verifier";
import { parameterMapping } from "@/lib/templates/parameters";
import { type CampaignAct, type CampaignVariant, campaignGoal, startsFrom, variantKeys } from "./campaign";
import type { Draft } from "./completeness";
import { contentHash } from "./content-hash";
import type { RunningFacts } from "./freeze";
import { campaignSchedule } from "./schedule";

export type CampaignRow = typeof campaigns.$inferSelect;
type TemplateRow = typeof templates.$inferSelect;

export interface LoadedVariant extends CampaignVariant {
  template: TemplateRow | null;
}

/** A campaign with everything that its approval is about, as it stands now. */
export interface LoadedCampaign {
  row: CampaignRow;
  draft: Draft;
  variants: LoadedVariant[];
  rule: unknown;
  /** Computed from what is loaded, so a template or segment that changed since shows here and not in the row. */
  contentHash: string;
}

/** @throws AppError("not_found") */
export async function loadCampaign(ctx: Context, campaignId: string): Promise<LoadedCampaign> {
  const [row] = await ctx.db.select().from(campaigns).where(eq(campaigns.id, campaignId)).limit(1);
  if (!row) throw new AppError("not_found", { campaignId });
  return withContent(ctx, row);
}

/** The same, with the campaign's row locked: whoever changes it next waits. */
export async function campaignForUpdate(tx: Context, campaignId: string): Promise<LoadedCampaign> {
  const [row] = await tx.db.select().from(campaigns).where(eq(campaigns.id, campaignId)).limit(1).for("update");
  if (!row) throw new AppError("not_found", { campaignId });
  return withContent(tx, row);
}

async function withContent(ctx: Context, row: CampaignRow): Promise<LoadedCampaign> {
  const stored = await ctx.db
    .select({ variant: campaignVariants, template: templates })
    .from(campaignVariants)
    .leftJoin(templates, eq(templates.id, campaignVariants.templateId))
    .where(eq(campaignVariants.campaignId, row.id))
    .orderBy(asc(campaignVariants.position));
  const variants = stored.map(
    ({ variant, template }): LoadedVariant => ({
      key: variantKeys.find((key) => key === variant.key) ?? "A", // the table's check allows A to H only
      templateId: variant.templateId,
      weight: variant.weight,
      parameters: parameterMapping.parse(variant.parameters),
      linkUrl: variant.linkUrl,
      template,
    }),
  );
  const [segment] = row.segmentId
    ? await ctx.db.select({ rule: segments.rule }).from(segments).where(eq(segments.id, row.segmentId)).limit(1)
    : [];
  const rule = segment?.rule ?? null;
  const draft = draftOf(row, variants);
  return { row, draft, variants, rule, contentHash: hashOf(row, draft, { variants, rule }) };
}

function draftOf(row: CampaignRow, variants: LoadedVariant[]): Draft {
  const { segmentId, purposeId, numberId, holdoutBasisPoints, deadlineAt } = row;
  const schedule = campaignSchedule.parse(row.schedule);
  return {
    goal: campaignGoal.parse(row.goal),
    segmentId,
    purposeId,
    numberId,
    holdoutBasisPoints,
    // By local time the column holds the first of their instants, found at launch: nobody chose it.
    startsAt: schedule.timing.kind === "local" ? null : row.startsAt,
    deadlineAt,
    schedule,
    variants: variants.map(({ template: _, ...variant }) => variant),
  };
}

function hashOf(row: CampaignRow, draft: Draft, { variants, rule }: Pick<LoadedCampaign, "variants" | "rule">): string {
  const { name, brandId, numberId, purposeId, segmentId, holdoutBasisPoints } = row;
  const { startsAt, deadlineAt, schedule } = draft;
  return contentHash({
    name,
    brandId,
    numberId,
    purposeId,
    audience: { segmentId, rule },
    goal: draft.goal,
    holdoutBasisPoints,
    schedule: { ...schedule, startsAt, deadlineAt },
    variants: variants.map(({ template, ...variant }) => ({
      ...variant,
      componentsSha256: template?.componentsSha256.toString("hex") ?? null,
      category: template?.category ?? null,
      language: template?.language ?? null,
    })),
  });
}

/** What a running campaign is judged by. A template that is deleted at Meta counts as none. */
export async function runningFacts(
  ctx: Context,
  { row, variants, contentHash }: LoadedCampaign,
): Promise<RunningFacts> {
  const [purpose] = row.purposeId
    ? await ctx.db.select().from(purposes).where(eq(purposes.id, row.purposeId)).limit(1)
    : [];
  return {
    approvedHash: row.approvedHash,
    contentHash,
    purposeCategory: purpose?.category ?? null,
    templates: variants.map(({ template }) => (template?.deletedAt ? null : template)),
  };
}

const refusals: Record<CampaignAct, AppErrorCode> = {
  edit: "campaign_not_editable",
  submit: "campaign_not_submittable",
  approve: "campaign_not_approvable",
  askChanges: "campaign_not_approvable",
  launch: "campaign_not_launchable",
  cancelLaunch: "campaign_not_launchable",
  pause: "campaign_not_pausable",
  resume: "campaign_not_resumable",
  stop: "campaign_not_stoppable",
  archive: "conflict",
};

/** The refusal of an act that the state does not allow. */
export function refusal(act: CampaignAct, row: Pick<CampaignRow, "id" | "status">): AppError {
  return new AppError(refusals[act], { campaignId: row.id, status: row.status });
}

export type CampaignChange = Partial<Omit<typeof campaigns.$inferInsert, "id">>;

/** Writes a change that an act makes; only from the states in which the act starts, whatever was read before. */
export async function change(tx: Context, act: CampaignAct, row: CampaignRow, values: CampaignChange): Promise<void> {
  const written = await tx.db
    .update(campaigns)
    .set({ ...values, updatedAt: tx.now() })
    .where(and(eq(campaigns.id, row.id), inArray(campaigns.status, [...startsFrom[act]])))
    .returning({ id: campaigns.id });
  if (written.length === 0) throw refusal(act, row);
}

/** What everybody who may read the campaign can see about its past (ux.md 1.3, history). */
export async function recordHistory(
  tx: Context,
  campaignId: string,
  type: string,
  data: Readonly<Record<string, Json>> = {},
): Promise<void> {
  const at = tx.now();
  await tx.db.insert(campaignHistory).values({ id: newId(), campaignId, at, actorId: actorId(tx.actor), type, data });
}

export type Decision = (typeof campaignApprovals.$inferInsert)["decision"];

export async function recordDecision(
  tx: Context,
  decided: { campaignId: string; contentHash: string; decision: Decision; comment?: string; isSolo?: boolean },
): Promise<void> {
  await tx.db.insert(campaignApprovals).values({ id: newId(), ...decided, by: userIdOf(tx.actor), at: tx.now() });
}

/** The person, for columns that refer to people; programs and processes are named in the ledger. */
export function userIdOf(actor: Actor): string | null {
  return actor.kind === "user" ? actor.userId : null;
}

/** Who counts as an editor: people and keys. */
export function editorIdOf(actor: Actor): string[] {
  return actor.kind === "system" ? [] : [actorId(actor)];
}

/**
 * Freezes the experiment. A launch that was taken back and edited freezes again; the seed is drawn once, so that nobody
 * can go on drawing until they like who gets what.
 *
 * @returns the plan's hash
 */
export async function freezePlan(tx: Context, campaignId: string, plan: ExperimentPlan, seed: Buffer): Promise<string> {
  const hash = planHash(plan);
  const frozen = { plan, planHash: hash, frozenAt: tx.now() };
  const inserted = await tx.db
    .insert(campaignPlans)
    .values({ campaignId, seed, ...frozen })
    .onConflictDoNothing()
    .returning({ id: campaignPlans.campaignId });
  if (inserted.length > 0) return hash;
  const [earlier] = await tx.db.select().from(campaignPlans).where(eq(campaignPlans.campaignId, campaignId)).limit(1);
  if (earlier?.planHash !== hash)
    await tx.db.update(campaignPlans).set(frozen).where(eq(campaignPlans.campaignId, campaignId));
  return hash;
}

export async function readInstallation(ctx: Context) {
  const [row] = await ctx.db.select().from(installation).limit(1);
  if (!row) throw new Error("The database has no installation row: install() marks a new one");
  return row;
}

/** People who can sign in and hold one of the roles. */
export async function activePeople(ctx: Context, held: readonly string[]): Promise<{ id: string; name: string }[]> {
  return ctx.db.execute<{ id: string; name: string }>(sql`
    select id, name from users
    where disabled_at is null and password_hash is not null and roles && ${`{${held.join(",")}}`}::text[]
    order by lower(name), id limit 100`);
}
