"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/app/_server/action";
import { approveCampaign } from "@/lib/campaigns/commands/approve-campaign";
import { archiveCampaign } from "@/lib/campaigns/commands/archive-campaign";
import { askChanges } from "@/lib/campaigns/commands/ask-changes";
import { cancelLaunch } from "@/lib/campaigns/commands/cancel-launch";
import { createCampaign } from "@/lib/campaigns/commands/create-campaign";
import { duplicateCampaign } from "@/lib/campaigns/commands/duplicate-campaign";
import { launchCampaign } from "@/lib/campaigns/commands/launch-campaign";
import { pauseCampaign } from "@/lib/campaigns/commands/pause-campaign";
import { resumeCampaign } from "@/lib/campaigns/commands/resume-campaign";
import { startLate } from "@/lib/campaigns/commands/start-late";
import { stopCampaign } from "@/lib/campaigns/commands/stop-campaign";
import { submitForReview } from "@/lib/campaigns/commands/submit-for-review";
import { updateAudience } from "@/lib/campaigns/commands/update-audience";
import { updateGoal } from "@/lib/campaigns/commands/update-goal";
import { updateSchedule } from "@/lib/campaigns/commands/update-schedule";
import { updateVariants } from "@/lib/campaigns/commands/update-variants";
import {
  ApproveCampaignInput,
  ArchiveCampaignInput,
  AskChangesInput,
  CancelLaunchInput,
  CreateCampaignInput,
  DuplicateCampaignInput,
  LaunchCampaignInput,
  PauseCampaignInput,
  ResumeCampaignInput,
  StartLateInput,
  StopCampaignInput,
  SubmitForReviewInput,
  UpdateAudienceInput,
  UpdateGoalInput,
  UpdateScheduleInput,
  UpdateVariantsInput,
} from "@/lib/campaigns/inputs";
import { createSegment } from "@/lib/segments/commands/create-segment";
import { CreateSegmentInput } from "@/lib/segments/segment";
import { campaignPath } from "./paths";

/** List and every page of a campaign: a change may show on all of them. */
const refresh = () => revalidatePath("/campaigns", "layout");

export const create = action(
  CreateCampaignInput,
  async (ctx, input) => firstStepOf(await createCampaign(ctx, input)),
  refresh,
);
export const duplicate = action(
  DuplicateCampaignInput,
  async (ctx, input) => firstStepOf(await duplicateCampaign(ctx, input)),
  refresh,
);
export const archive = action(ArchiveCampaignInput, archiveCampaign, refresh);

export const saveGoal = action(UpdateGoalInput, updateGoal, refresh);
export const saveAudience = action(UpdateAudienceInput, updateAudience, refresh);
export const saveVariants = action(UpdateVariantsInput, updateVariants, refresh);
export const saveSchedule = action(UpdateScheduleInput, updateSchedule, refresh);
export const addSegment = action(CreateSegmentInput, createSegment, refresh);

export const submit = action(SubmitForReviewInput, submitForReview, refresh);
export const approve = action(ApproveCampaignInput, approveCampaign, refresh);
export const sendBack = action(AskChangesInput, askChanges, refresh);

export const launch = action(LaunchCampaignInput, (ctx, input) => launchCampaign(ctx, input), refresh);
export const takeBack = action(CancelLaunchInput, cancelLaunch, refresh);
export const pause = action(PauseCampaignInput, pauseCampaign, refresh);
export const beginLate = action(StartLateInput, startLate, refresh);
export const resume = action(ResumeCampaignInput, resumeCampaign, refresh);
export const stop = action(StopCampaignInput, stopCampaign, refresh);

/** Where a campaign that was just made is filled in. */
function firstStepOf({ campaignId }: { campaignId: string }): { href: string } {
  return { href: campaignPath(campaignId, "edit/goal") };
}
