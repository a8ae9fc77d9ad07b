import * as z from "zod";
import { methods } from "@/lib/experiments/method";
import { guardrails, hypothesis, MAX_WINDOW_HOURS, primaryMetrics } from "@/lib/experiments/plan";
import type { ParameterMapping } from "@/lib/templates/parameters";

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
const advances: Partial<Record<CampaignStatus, readonly CampaignStatus[]>> = {
  scheduled: ["sending", "frozen"],
  sending: ["measuring", "frozen"],
  measuring: ["concluded"],
};

export function mayAdvance(from: CampaignStatus, to: CampaignStatus): boolean {
  return advances[from]?.includes(to) ?? false;
}

/** Why a campaign stands still although nobody paused it. */
export const frozenReasons = [
  "template_paused",
  "template_held",
  "template_changed",
  "content_changed",
  "kill_switch",
] as const;
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
  /** When figures may be seen. */
  method: z.enum(methods).default("fixed"),
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
  method: "looks",
  guardrails: { optOutPoints: 0.5, failurePoints: 5 },
  spendCapMicros: null,
  strata: "country",
};

export const variantKeys = ["A", "B", "C", "D", "E", "F", "G", "H"] as const;

/** One treatment, as the builder and the table keep it. A is the control. */
export interface CampaignVariant {
  key: (typeof variantKeys)[number];
  templateId: string | null;
  /** Share of the people written to, in basis points. */
  weight: number;
  parameters: ParameterMapping;
  /** Where the tracked link leads. */
  linkUrl: string | null;
}

export const builderSteps = ["goal", "audience", "variants", "schedule", "review"] as const;
export type BuilderStep = (typeof builderSteps)[number];
