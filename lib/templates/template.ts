import * as z from "zod";
import { type IdPrefix, isUuid, parsePublicId } from "@/lib/foundation/ids";

/** Statuses of Meta that we know by name; others are stored as they come (README, States). Only APPROVED is sent. */
export const SENDABLE_STATUS = "APPROVED";

export const templateCategories = ["MARKETING", "UTILITY", "AUTHENTICATION"] as const;

/** An id as people see it (`tpl_…`) or as rows keep it; leaves as the latter. */
function idOf(prefix: IdPrefix) {
  return z.string().transform((text, context) => {
    const id = isUuid(text) ? text : parsePublicId(prefix, text);
    if (id !== undefined) return id;
    context.addIssue({ code: "custom", message: `not an id (${prefix}_…)` });
    return z.NEVER;
  });
}

/** Webhooks spell `en-US` what the API spells `en_US` (whatsapp/cloud-api.md 5.5). */
export function normaliseLanguage(language: string): string {
  return language.replace("-", "_");
}

export const CreateTemplateInput = z.object({
  numberId: idOf("num"),
  name: z.string().trim().max(512),
  language: z
    .string()
    .trim()
    .transform(normaliseLanguage)
    .pipe(z.string().regex(/^[a-z]{2,3}(_[A-Z]{2})?$/)),
  category: z.enum(templateCategories),
  parameterFormat: z.enum(["POSITIONAL", "NAMED"]).default("POSITIONAL"),
  components: z.array(z.record(z.string(), z.json())).min(1).max(10),
});
export type CreateTemplate = z.output<typeof CreateTemplateInput>;

export const TemplateInput = z.object({ templateId: idOf("tpl") });
export type TemplateChoice = z.output<typeof TemplateInput>;

/** What a webhook reports about one template; which field came decides what is set. */
export interface TemplateReport {
  wabaId: string;
  /** Meta's id, digits. */
  metaId: string;
  name: string;
  language: string;
  /** `APPROVED`, `REJECTED`, `PAUSED`, … */
  event?: string;
  reason?: string;
  category?: string;
  /** `GREEN`, `YELLOW`, `RED`, `UNKNOWN`. */
  quality?: string;
}

/** The status behind a webhook's event: two of them announce that an approved template may be sent again. */
export function statusOfEvent(event: string): string {
  return event === "REINSTATED" || event === "UNPAUSED" ? SENDABLE_STATUS : event;
}
