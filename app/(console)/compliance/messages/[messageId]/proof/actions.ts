"use server";

import { action } from "@/app/_server/action";
import { ExportMessageProofInput, exportMessageProof } from "@/lib/reporting/commands/export-message-proof";

export const takeProof = action(ExportMessageProofInput, exportMessageProof);
