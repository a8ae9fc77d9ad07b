"use server";

import * as z from "zod";
import { action } from "@/app/_server/action";
import { currentInstallation } from "@/app/_server/context";
import type { Context } from "@/lib/identity/context";
import { exportConsentLog } from "@/lib/reporting/commands/export-consent-log";
import { consentLogFilter } from "./consent-log-query";

const TakeLogInput = z.object({
  /** The page's own filters, as its address has them. */
  query: z.record(z.string(), z.string().max(200)),
  reason: z.string().trim().min(1).max(500),
});

/** The consent log, as the page's filters leave it. */
export const takeConsentLog = action(TakeLogInput, async (ctx: Context, { query, reason }) => {
  const { timeZone } = await currentInstallation();
  return exportConsentLog(ctx, { filter: consentLogFilter(query, timeZone), reason });
});
