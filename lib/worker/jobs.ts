import { campaignSchedule, compareVariantsJob, freezeCampaignsJob, renewMediaJob } from "@/lib/campaigns/jobs";
import { consentSchedule, meetMissedBlocksJob, noteExpiriesJob } from "@/lib/consent/jobs";
import { conversationSchedule, fetchMediaJob, replayRulesJob } from "@/lib/conversations/jobs";
import type { Context } from "@/lib/identity/context";
import { deleteOldFilesJob, runImportJob } from "@/lib/imports/jobs";
import { applyReplaysJob } from "@/lib/intake/jobs";
import type { Job } from "@/lib/jobs/job";
import type { CronEntry } from "@/lib/jobs/run";
import { numberSchedule, readNumberJob, readNumbersJob } from "@/lib/numbers/jobs";
import {
  auditNightlyJob,
  exportCheckpointJob,
  reportingSchedule,
  runLogAuditJob,
  runSendVerificationJob,
  verifyFinishedJob,
  verifyNightlyJob,
} from "@/lib/reporting/jobs";
import { eraseJob, retentionJob, rightsSchedule, tellDeadlinesJob } from "@/lib/rights/jobs";
import { pullAnalyticsJob, syncTemplatesJob, templateSchedule } from "@/lib/templates/jobs";

/** Every job of every room. */
export const allJobs: readonly Job<Context>[] = [
  noteExpiriesJob,
  meetMissedBlocksJob,
  freezeCampaignsJob,
  renewMediaJob,
  compareVariantsJob,
  runImportJob,
  deleteOldFilesJob,
  syncTemplatesJob,
  pullAnalyticsJob,
  readNumberJob,
  readNumbersJob,
  applyReplaysJob,
  replayRulesJob,
  fetchMediaJob,
  eraseJob,
  retentionJob,
  tellDeadlinesJob,
  runSendVerificationJob,
  verifyNightlyJob,
  verifyFinishedJob,
  runLogAuditJob,
  auditNightlyJob,
  exportCheckpointJob,
];

/** What runs by the clock. */
export const schedule: readonly CronEntry<Context>[] = [
  ...consentSchedule,
  ...campaignSchedule,
  ...templateSchedule,
  ...numberSchedule,
  ...conversationSchedule,
  ...rightsSchedule,
  ...reportingSchedule,
  { job: deleteOldFilesJob, cron: "17 3 * * *" },
];
