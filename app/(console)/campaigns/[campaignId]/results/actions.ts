"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/app/_server/action";
import { recordDecision } from "@/lib/results/commands/record-decision";
import { RecordDecisionInput } from "@/lib/results/decision";

export const decide = action(RecordDecisionInput, recordDecision, () => revalidatePath("/campaigns", "layout"));
