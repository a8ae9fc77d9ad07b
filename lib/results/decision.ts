import * as z from "zod";
import { type IdPrefix, isUuid, parsePublicId } from "@/lib/foundation/ids";
import type { AnalysisRecord, Recommendation } from "./analysis";

export const decisionActions = ["roll_out", "keep_control", "repeat", "no_action"] as const;
export type DecisionAction = (typeof decisionActions)[number];

const campaignId = z.string().transform((text, context) => {
  const prefix: IdPrefix = "cmp";
  const id = isUuid(text) ? text : parsePublicId(prefix, text);
  if (id !== undefined) return id;
  context.addIssue({ code: "custom", message: "not an id (cmp_…)" });
  return z.NEVER;
});

export const RecordDecisionInput = z
  .object({
    campaignId,
    decision: z.enum(decisionActions),
    /** Which one is rolled out. */
    variant: z
      .string()
      .regex(/^[A-H]$/)
      .nullable(),
    /** Must be given where the decision is not what the analysis recommends. */
    reason: z.string().trim().max(2_000),
  })
  .refine(({ decision, variant }) => (decision === "roll_out") === (variant !== null), {
    path: ["variant"],
    message: "a roll-out names its variant, and nothing else does",
  });
export type RecordDecision = z.output<typeof RecordDecisionInput>;

/** Whether somebody decides otherwise than the frozen rule says: then they must say why (ux.md 3.1). */
export function deviates(
  { decision, variant }: Pick<RecordDecision, "decision" | "variant">,
  { action, variants }: Recommendation,
): boolean {
  if (decision !== action) return true;
  return decision === "roll_out" && (variant === null || !variants.includes(variant));
}

/** The recommendation in one word, as `decisions.recommended` keeps it: `roll_out:B`, `roll_out:B,C`, `keep_control`. */
export function recommendationText({ recommendation: { action, variants } }: AnalysisRecord): string {
  return variants.length > 0 ? `${action}:${variants.join(",")}` : action;
}
