import * as z from "zod";
import { readEnv } from "@/lib/foundation/env";
import { mailer } from "@/lib/foundation/mail";
import type { Context } from "@/lib/identity/context";
import { enqueue } from "@/lib/jobs/enqueue";
import { defineJob } from "@/lib/jobs/job";
import type { CronEntry } from "@/lib/jobs/run";
import { exportCheckpoint } from "./commands/export-checkpoint";
import { openLogAudit } from "./commands/open-log-audit";
import { openDueVerification, openSendVerification } from "./commands/open-send-verification";
import { runLogAudit } from "./commands/run-log-audit";
import { runSendVerification } from "./commands/run-send-verification";

/** Judges every send anew. Stopped half-way, it begins again: what it found so far is not kept. */
export const runSendVerificationJob = defineJob({
  name: "reporting.run_send_verification",
  payload: z.object({}),
  retry: { attempts: 5 },
  run: async (ctx: Context, _, { signal }) => {
    await runSendVerification(ctx, { signal });
  },
});

const key = "reporting.verify_sends";

/** Every night, whatever happened. */
export const verifyNightlyJob = defineJob({
  name: "reporting.verify_nightly",
  payload: z.object({}),
  retry: { attempts: 3 },
  run: async (ctx: Context) => {
    await openSendVerification(ctx, { cause: "nightly" });
    await enqueue(ctx.db, runSendVerificationJob, {}, { key });
  },
});

/** Soon after a campaign has been sent to its end. */
export const verifyFinishedJob = defineJob({
  name: "reporting.verify_finished",
  payload: z.object({}),
  retry: { attempts: 3 },
  run: async (ctx: Context) => {
    if (await openDueVerification(ctx)) await enqueue(ctx.db, runSendVerificationJob, {}, { key });
  },
});

export const LOG_AUDIT_KEY = "reporting.audit_log";

/** Recomputes the whole log. Stopped half-way, it begins again. */
export const runLogAuditJob = defineJob({
  name: "reporting.run_log_audit",
  payload: z.object({}),
  retry: { attempts: 5 },
  run: async (ctx: Context, _, { signal }) => {
    await runLogAudit(ctx, { signal });
  },
});

export const auditNightlyJob = defineJob({
  name: "reporting.audit_nightly",
  payload: z.object({}),
  retry: { attempts: 3 },
  run: async (ctx: Context) => {
    await openLogAudit(ctx);
    await enqueue(ctx.db, runLogAuditJob, {}, { key: LOG_AUDIT_KEY });
  },
});

/** The newest signed checkpoint leaves the house, every day. */
export const exportCheckpointJob = defineJob({
  name: "reporting.export_checkpoint",
  payload: z.object({}),
  retry: { attempts: 3 },
  run: async (ctx: Context) => {
    const env = readEnv();
    await exportCheckpoint(ctx, { folder: env.CHECKPOINT_FOLDER, sendMail: mailer(env) });
  },
});

export const reportingSchedule: CronEntry<Context>[] = [
  { job: verifyNightlyJob, cron: "20 2 * * *" },
  { job: verifyFinishedJob, cron: "* * * * *" },
  { job: auditNightlyJob, cron: "40 2 * * *" },
  { job: exportCheckpointJob, cron: "10 5 * * *" },
];
