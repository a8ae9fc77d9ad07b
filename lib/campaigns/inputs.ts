import * as z from "zod";
import { idOf } from "@/lib/templates/inputs";
import { parameterMapping } from "@/lib/templates/parameters";
import { campaignGoal, variantKeys } from "./campaign";
import { campaignSchedule } from "./schedule";

const campaignVariant = z.object({
  key: z.enum(variantKeys),
  templateId: idOf("tpl").nullable(),
  /** Share of the people written to, in basis points. */
  weight: z.int().min(0).max(10_000),
  parameters: parameterMapping,
  /** Where the tracked link leads. */
  linkUrl: z.string().trim().max(2_000).nullable(),
});

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
  .object({ ...edited, schedule: campaignSchedule, startsAt: moment, deadlineAt: moment })
  .refine(({ startsAt, deadlineAt }) => !startsAt || !deadlineAt || startsAt < deadlineAt, {
    path: ["deadlineAt"],
    message: "the deadline comes after the start",
  })
  .refine(({ schedule, startsAt }) => schedule.timing.kind === "moment" || startsAt === null, {
    path: ["startsAt"],
    message: "a local time has no one moment",
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
export const StartLateInput = z.object(named);
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
