import * as z from "zod";
import { guardrails, hypothesis, MAX_WINDOW_HOURS, primaryMetrics } from "@/lib/experiments/plan";
import { type IdPrefix, isUuid, parsePublicId } from "@/lib/foundation/ids";
import { parameterMapping } from "@/lib/templates/parameters";

export const campaignStatuses = [
  "draft",
  "in_review",
  "approved",
  "scheduled",
  "sending",
  "measuring",
  "concluded",
  "paused",
  "frozen",
  "stopped",
  "archived",
] as const;
export type CampaignStatus = (typeof campaignStatuses)[number];

/** From which states each act starts. Commands refuse the others, and so does their SQL (`where status = any(…)`). */
export const startsFrom = {
  edit: ["draft", "in_review", "approved"],
  submit: ["draft"],
  approve: ["in_review"],
  askChanges: ["in_review"],
  launch: ["approved"],
  cancelLaunch: ["scheduled"],
  pause: ["scheduled", "sending"],
  resume: ["paused"],
  stop: ["scheduled", "sending", "paused", "frozen"],
  archive: ["draft", "concluded", "stopped"],
} as const satisfies Record<string, readonly CampaignStatus[]>;

export type CampaignAct = keyof typeof startsFrom;

interface Stateful {
  readonly status: CampaignStatus;
}

const can = (act: CampaignAct) => (campaign: Stateful) =>
  (startsFrom[act] as readonly CampaignStatus[]).includes(campaign.status);

/** What the state of a campaign allows; who may do it is another question (lib/identity). */
export const campaignCan = {
  edit: can("edit"),
  submit: can("submit"),
  approve: can("approve"),
  askChanges: can("askChanges"),
  launch: can("launch"),
  cancelLaunch: can("cancelLaunch"),
  pause: can("pause"),
  resume: can("resume"),
  stop: can("stop"),
  archive: can("archive"),
} satisfies Record<CampaignAct, (campaign: Stateful) => boolean>;

/** Steps that nobody presses a button for: the worker takes them. */
export const advances = {
  scheduled: ["sending", "frozen"],
  sending: ["measuring", "frozen"],
  measuring: ["concluded"],
} as const satisfies Partial<Record<CampaignStatus, readonly CampaignStatus[]>>;

export type AdvancingStatus = keyof typeof advances;

export function mayAdvance(from: CampaignStatus, to: CampaignStatus): boolean {
  const targets: readonly CampaignStatus[] = Object.hasOwn(advances, from) ? advances[from as AdvancingStatus] : []; // hasOwn proves the key
  return targets.includes(to);
}

/** Why a campaign stands still although nobody paused it. */
export const frozenReasons = ["template_paused", "template_changed", "content_changed", "kill_switch"] as const;
export type FrozenReason = (typeof frozenReasons)[number];

/** Time in which a launch can be taken back; nothing is planned before it has passed. */
export const GRACE_MS = 60_000;
/** What autosave may store half-finished; the plan's own schema is strict (lib/experiments/plan.ts). */
export const campaignGoal = z.object({
  hypothesis,
  metric: z.enum(primaryMetrics).nullable(),
  /** Percentage points for rates. */
  minimumEffectPoints: z.number().positive().max(100).nullable(),
  /** Micros per assigned person, for revenue. */
  minimumEffectMicros: z.int().positive().nullable(),
  baselinePoints: z.number().positive().lt(100).nullable(),
  windowHours: z.int().min(1).max(MAX_WINDOW_HOURS).nullable(),
  guardrails,
  /** What the campaign may cost at most, in micros of the installation's currency; null: no cap. */
  spendCapMicros: z.int().positive().nullable(),
  strata: z.enum(["none", "country"]),
});
export type CampaignGoal = z.infer<typeof campaignGoal>;

export const emptyGoal: CampaignGoal = {
  hypothesis: { change: "", outcome: "", reason: "" },
  metric: "conversion",
  minimumEffectPoints: null,
  minimumEffectMicros: null,
  baselinePoints: null,
  windowHours: 168,
  guardrails: { optOutPoints: 0.5, failurePoints: 5 },
  spendCapMicros: null,
  strata: "country",
};

/** An id as people see it (`cmp_…`) or as rows keep it; leaves as the latter. */
function idOf(prefix: IdPrefix) {
  return z.string().transform((text, context) => {
    const id = isUuid(text) ? text : parsePublicId(prefix, text);
    if (id !== undefined) return id;
    context.addIssue({ code: "custom", message: `not an id (${prefix}_…)` });
    return z.NEVER;
  });
}

export const variantKeys = ["A", "B", "C", "D", "E", "F", "G", "H"] as const;

export const campaignVariant = z.object({
  key: z.enum(variantKeys),
  templateId: idOf("tpl").nullable(),
  /** Share of the people written to, in basis points. */
  weight: z.int().min(0).max(10_000),
  parameters: parameterMapping,
  /** Where the tracked link leads. */
  linkUrl: z.string().trim().max(2_000).nullable(),
});
export type CampaignVariant = z.infer<typeof campaignVariant>;

const campaignName = z.string().trim().min(1).max(120);
/** The version that the person saw; another one in between is a conflict, and nothing is lost silently. */
const edited = { campaignId: idOf("cmp"), version: z.int().min(1) };
const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .nullable();

export const CreateCampaignInput = z.object({ name: campaignName, brandId: idOf("brd").optional() });
export const UpdateGoalInput = z.object({ ...edited, name: campaignName, goal: campaignGoal });
export const UpdateAudienceInput = z.object({
  ...edited,
  segmentId: idOf("seg").nullable(),
  purposeId: idOf("pur").nullable(),
  holdoutBasisPoints: z.int().min(0).max(5_000),
});
export const UpdateVariantsInput = z.object({
  ...edited,
  numberId: idOf("num").nullable(),
  variants: z
    .array(campaignVariant)
    .min(1)
    .max(variantKeys.length)
    .refine((variants) => variants.every(({ key }, index) => key === variantKeys[index]), "keys run from A"),
});
export const UpdateScheduleInput = z
  .object({ ...edited, startsAt: moment, deadlineAt: moment })
  .refine(({ startsAt, deadlineAt }) => !startsAt || !deadlineAt || startsAt < deadlineAt, {
    path: ["deadlineAt"],
    message: "the deadline comes after the start",
  });

const named = { campaignId: idOf("cmp") };
const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const SubmitForReviewInput = z.object(named);
/** `contentHash`: of what the approver read. `confirmation`: the campaign's name, typed, in solo mode only. */
export const ApproveCampaignInput = z.object({
  ...named,
  contentHash: hash,
  comment: z.string().trim().max(2_000).optional(),
  confirmation: z.string().max(200).optional(),
});
export const AskChangesInput = z.object({ ...named, comment: z.string().trim().min(1).max(2_000) });
export const LaunchCampaignInput = z.object(named);
export const CancelLaunchInput = z.object(named);
export const PauseCampaignInput = z.object(named);
export const ResumeCampaignInput = z.object(named);
export const StopCampaignInput = z.object({ ...named, reason: z.string().trim().min(1).max(500) });
export const ArchiveCampaignInput = z.object(named);
export const DuplicateCampaignInput = z.object({ ...named, name: campaignName });

export type CreateCampaign = z.output<typeof CreateCampaignInput>;
export type UpdateGoal = z.output<typeof UpdateGoalInput>;
export type UpdateAudience = z.output<typeof UpdateAudienceInput>;
export type UpdateVariants = z.output<typeof UpdateVariantsInput>;
export type UpdateSchedule = z.output<typeof UpdateScheduleInput>;
export type ApproveCampaign = z.output<typeof ApproveCampaignInput>;
export type AskChanges = z.output<typeof AskChangesInput>;
export type StopCampaign = z.output<typeof StopCampaignInput>;
export type DuplicateCampaign = z.output<typeof DuplicateCampaignInput>;
/** Commands that need nothing but the campaign. */
export type CampaignChoice = z.output<typeof LaunchCampaignInput>;

export const builderSteps = ["goal", "audience", "variants", "schedule", "review"] as const;
export type BuilderStep = (typeof builderSteps)[number];
