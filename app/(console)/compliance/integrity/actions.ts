"use server";

import { revalidatePath } from "next/cache";
import * as z from "zod";
import { action } from "@/app/_server/action";
import { cancelLogAudit } from "@/lib/reporting/commands/cancel-log-audit";
import { requestLogAudit } from "@/lib/reporting/commands/request-log-audit";

const again = () => revalidatePath("/compliance/integrity");

/** The whole log is recomputed, in the background. */
export const auditLog = action(z.object({}), requestLogAudit, again);

export const cancelAudit = action(z.object({}), cancelLogAudit, again);
