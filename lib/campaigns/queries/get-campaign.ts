import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { campaignApprovals, campaignHistory, campaignPlanning, campaignPlans } from "@/db/schema/campaigns";
import { purposes } from "@/db/schema/consent";
import { users } from "@/db/schema/identity";
import { brands, phoneNumbers } from "@/db/schema/numbers";
import { segments } from "@/db/schema/segments";
import { type ExperimentPlan, experimentPlan } from "@/lib/experiments/plan";
import { roles } from "@/lib/identity/actor";
import { authorize, may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { findOptOut } from "@/lib/templates/opt-out";
import { type TemplateNeeds, templateNeeds } from "@/lib/templates/parameters";
import { readComponents } from "@/lib/whatsapp/components";
import {
  type CampaignAct,
  type CampaignGoal,
  type CampaignStatus,
  type CampaignVariant,
  campaignCan,
} from "../campaign";
import { type StepProblem, stepProblems } from "../completeness";
import { judgeSigning } from "../four-eyes";
import type { CampaignSchedule } from "../schedule";
import { activePeople, type LoadedCampaign, type LoadedVariant, loadCampaign, readInstallation } from "../store";

export interface VariantView extends CampaignVariant {
  template: {
    id: string;
    name: string;
    language: string;
    category: string;
    status: string;
    quality: string;
    components: unknown;
    hasOptOut: boolean;
    needs: TemplateNeeds | null;
  } | null;
}

export interface ApprovalView {
  decision: "requested" | "approved" | "changes_asked" | "voided";
  comment: string | null;
  isSolo: boolean;
  byName: string | null;
  contentHash: string;
  at: Date;
}

export interface CampaignView {
  id: string;
  name: string;
  status: CampaignStatus;
  version: number;
  frozenReason: string | null;
  brand: { id: string; name: string };
  goal: CampaignGoal;
  segment: { id: string; name: string } | null;
  purpose: { id: string; name: string; category: string } | null;
  number: { id: string; displayNumber: string; verifiedName: string } | null;
  holdoutBasisPoints: number;
  variants: VariantView[];
  /** By local time: the first instant of all, once it is launched. */
  startsAt: Date | null;
  deadlineAt: Date | null;
  schedule: CampaignSchedule;
  /** Since when it waits for a person because its start was missed. */
  lateSince: Date | null;
  stepProblems: StepProblem[];
  contentHash: string;
  /** The approval still fits what would be sent. */
  isApproved: boolean;
  approvals: ApprovalView[];
  createdBy: { id: string; name: string } | null;
  editors: { id: string; name: string }[];
  /** What this person may do now: state and permission together. Commands ask again. */
  acts: Record<CampaignAct, boolean>;
  /** Approving is possible only as the single person of the installation, by typing the name. */
  needsSoloConfirmation: boolean;
  /** Null until the first launch. */
  plan: { plan: ExperimentPlan; hash: string; seed: string; frozenAt: Date } | null;
  recipients: number | null;
  graceUntil: Date | null;
  launchedAt: Date | null;
  sendingStartedAt: Date | null;
  sendingEndedAt: Date | null;
  measuringUntil: Date | null;
  concludedAt: Date | null;
  createdAt: Date;
  /** When somebody last changed what is to be approved. */
  editedAt: Date;
}

/** Everything that builder, review and detail show about one campaign. @throws AppError("not_found") */
export async function getCampaign(ctx: Context, { campaignId }: { campaignId: string }): Promise<CampaignView> {
  authorize(ctx, "campaign.read");
  const campaign = await loadCampaign(ctx, campaignId);
  const { row, draft, variants, contentHash } = campaign;
  const { id, name, status, version, frozenReason, holdoutBasisPoints, startsAt, deadlineAt } = row;
  const { graceUntil, launchedAt, sendingStartedAt, sendingEndedAt, measuringUntil, concludedAt } = row;
  const people = await namesOf(ctx, [...row.editors, ...(row.createdBy ? [row.createdBy] : [])]);
  const signing = await judgeActor(ctx, campaign);
  return {
    id,
    name,
    status,
    version,
    frozenReason,
    holdoutBasisPoints,
    startsAt,
    deadlineAt,
    schedule: draft.schedule,
    lateSince: row.lateSince,
    ...(await parties(ctx, row)),
    goal: draft.goal,
    variants: variants.map(variantView),
    stepProblems: stepProblems(draft, ctx.now()),
    contentHash,
    isApproved: row.approvedHash === contentHash,
    approvals: await approvalsOf(ctx, campaignId),
    createdBy: people.find((person) => person.id === row.createdBy) ?? null,
    editors: people.filter((person) => row.editors.includes(person.id)),
    acts: { ...actsOf(ctx, campaign), approve: actsOf(ctx, campaign).approve && signing !== "refused" },
    needsSoloConfirmation: signing === "solo",
    ...(await frozenPart(ctx, campaignId)),
    graceUntil,
    launchedAt,
    sendingStartedAt,
    sendingEndedAt,
    measuringUntil,
    concludedAt,
    createdAt: row.createdAt,
    editedAt: (await lastEdit(ctx, campaignId)) ?? row.createdAt,
  };
}

async function parties(ctx: Context, row: LoadedCampaign["row"]) {
  const { db } = ctx;
  const [brand] = await db.select().from(brands).where(eq(brands.id, row.brandId)).limit(1);
  const [segment] = row.segmentId
    ? await db.select().from(segments).where(eq(segments.id, row.segmentId)).limit(1)
    : [];
  const [purpose] = row.purposeId
    ? await db.select().from(purposes).where(eq(purposes.id, row.purposeId)).limit(1)
    : [];
  const [number] = row.numberId
    ? await db.select().from(phoneNumbers).where(eq(phoneNumbers.id, row.numberId)).limit(1)
    : [];
  return {
    brand: { id: row.brandId, name: brand?.name ?? "" },
    segment: segment ? { id: segment.id, name: segment.name } : null,
    purpose: purpose ? { id: purpose.id, name: purpose.name, category: purpose.category } : null,
    number: number ? { id: number.id, displayNumber: number.displayNumber, verifiedName: number.verifiedName } : null,
  };
}

async function lastEdit(ctx: Context, campaignId: string): Promise<Date | undefined> {
  const [edit] = await ctx.db
    .select({ at: campaignHistory.at })
    .from(campaignHistory)
    .where(and(eq(campaignHistory.campaignId, campaignId), eq(campaignHistory.type, "edited")))
    .orderBy(desc(campaignHistory.at))
    .limit(1);
  return edit?.at;
}

function variantView({ template, ...variant }: LoadedVariant): VariantView {
  if (!template) return { ...variant, template: null };
  const { id, name, language, category, status, quality, components } = template;
  const parts = readComponents(components);
  const hasOptOut = parts !== undefined && findOptOut(parts) !== undefined;
  const needs = templateNeeds(components) ?? null;
  return { ...variant, template: { id, name, language, category, status, quality, components, hasOptOut, needs } };
}

async function approvalsOf(ctx: Context, campaignId: string): Promise<ApprovalView[]> {
  return ctx.db
    .select({
      decision: campaignApprovals.decision,
      comment: campaignApprovals.comment,
      isSolo: campaignApprovals.isSolo,
      byName: users.name,
      contentHash: campaignApprovals.contentHash,
      at: campaignApprovals.at,
    })
    .from(campaignApprovals)
    .leftJoin(users, eq(users.id, campaignApprovals.by))
    .where(eq(campaignApprovals.campaignId, campaignId))
    .orderBy(desc(campaignApprovals.at), desc(campaignApprovals.id))
    .limit(50);
}

async function namesOf(ctx: Context, ids: string[]): Promise<{ id: string; name: string }[]> {
  if (ids.length === 0) return [];
  return ctx.db
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(inArray(users.id, ids))
    .orderBy(users.name);
}

function actsOf(ctx: Context, { row }: LoadedCampaign): Record<CampaignAct, boolean> {
  const own = { ownedBy: row.createdBy };
  const permitted: Record<CampaignAct, boolean> = {
    edit: may(ctx.actor, "campaign.edit"),
    submit: may(ctx.actor, "campaign.edit"),
    approve: may(ctx.actor, "campaign.approve"),
    askChanges: may(ctx.actor, "campaign.approve") || may(ctx.actor, "campaign.veto"),
    launch: may(ctx.actor, "campaign.launch"),
    cancelLaunch: may(ctx.actor, "campaign.launch"),
    pause: may(ctx.actor, "campaign.pause", own),
    resume: may(ctx.actor, "campaign.launch"),
    stop: may(ctx.actor, "campaign.pause", own),
    archive: may(ctx.actor, "campaign.edit"),
  };
  const acts = { ...permitted };
  for (const act of Object.keys(campaignCan) as CampaignAct[]) // keys of a total record
    acts[act] = permitted[act] && campaignCan[act](row);
  return acts;
}

async function judgeActor(ctx: Context, { row }: LoadedCampaign): Promise<"second_person" | "solo" | "refused"> {
  if (ctx.actor.kind !== "user") return "refused";
  const { soloMode } = await readInstallation(ctx);
  const { kind } = judgeSigning({
    approverId: ctx.actor.userId,
    createdBy: row.createdBy,
    editors: row.editors,
    soloMode,
    activePeople: soloMode ? (await activePeople(ctx, roles)).length : 0,
    campaignName: row.name,
    confirmation: row.name, // asked here: could they, if they typed it?
  });
  return kind;
}

async function frozenPart(ctx: Context, campaignId: string): Promise<Pick<CampaignView, "plan" | "recipients">> {
  const [frozen] = await ctx.db.select().from(campaignPlans).where(eq(campaignPlans.campaignId, campaignId)).limit(1);
  const [planned] = await ctx.db
    .select({ recipients: sql<number | null>`sum(${campaignPlanning.recipients})::int` })
    .from(campaignPlanning)
    .where(eq(campaignPlanning.campaignId, campaignId));
  const plan = frozen && {
    plan: experimentPlan.parse(frozen.plan),
    hash: frozen.planHash,
    seed: frozen.seed.toString("hex"),
    frozenAt: frozen.frozenAt,
  };
  return { plan: plan ?? null, recipients: planned?.recipients ?? null };
}
