import * as z from "zod";
import { createdTemplate, success, template } from "./graph";
import type { GraphCaller } from "./graph-caller";

/** Body of a creation, as Meta takes it ("Templates"). */
export interface TemplateDraft extends TemplateEdit {
  name: string;
  language: string;
  category: string;
  components: unknown[];
  parameter_format?: "NAMED" | "POSITIONAL";
  library_template_name?: string;
}

/** What may change: components as a whole, category (not of an approved one), time to live. Sets it back to review. */
export interface TemplateEdit {
  category?: string;
  components?: unknown[];
  message_send_ttl_seconds?: number;
  cta_url_link_tracking_opted_out?: boolean;
  /** `{creative_features_spec: {<feature>: {enroll_status: "OPT_OUT"}}}`: what Meta may change in what people see. */
  degrees_of_freedom_spec?: unknown;
}

const FIELDS = [
  "id",
  "name",
  "language",
  "status",
  "category",
  "parameter_format",
  "components",
  "quality_score",
  "rejected_reason",
  "sub_category",
  "correct_category",
  "previous_category",
  "message_send_ttl_seconds",
] as const;
export type TemplateField = (typeof FIELDS)[number];

/** A template of which only some fields were asked. */
export const templateFields = template.partial().required({ id: true });

export function templateCalls({ call, callPages }: GraphCaller) {
  return {
    createTemplate: (wabaId: string, draft: TemplateDraft) =>
      call({ method: "POST", path: `/${wabaId}/message_templates`, body: draft }, createdTemplate),

    editTemplate: (templateId: string, edit: TemplateEdit) =>
      call({ method: "POST", path: `/${templateId}`, body: edit }, success),

    /** All templates of the account; with `status` only those. */
    listTemplates: (wabaId: string, pageSize = 100, { status }: { status?: string } = {}) =>
      callPages(`/${wabaId}/message_templates`, { fields: FIELDS.join(","), limit: pageSize, status }, template),

    /** All templates with some of their fields, such as quality and status: a small answer for many templates. */
    listTemplateFields: (wabaId: string, fields: readonly TemplateField[]) =>
      callPages(`/${wabaId}/message_templates`, { fields: fields.join(","), limit: 500 }, templateFields),

    getTemplate: (templateId: string) =>
      call({ method: "GET", path: `/${templateId}`, query: { fields: FIELDS.join(",") } }, template),

    getTemplateFields: (templateId: string, fields: readonly TemplateField[]) =>
      call({ method: "GET", path: `/${templateId}`, query: { fields: fields.join(",") } }, templateFields),

    /** Deletes one language when `templateId` is given, else all languages of the name. */
    deleteTemplate: (wabaId: string, name: string, templateId?: string) =>
      call({ method: "DELETE", path: `/${wabaId}/message_templates`, query: { name, hsm_id: templateId } }, success),

    /** Ends a pause that template pacing made; a pause for quality ends by itself. */
    unpauseTemplate: (templateId: string) => call({ method: "POST", path: `/${templateId}/unpause` }, success),

    /** Whether Meta puts its own link in place of ours, to count clicks. */
    setLinkTracking: (templateId: string, { isOn, category }: { isOn: boolean; category: string }) =>
      call(
        {
          method: "POST",
          path: `/${templateId}`,
          query: { cta_url_link_tracking_opted_out: !isOn, category: category.toLowerCase() },
        },
        success,
      ),

    /**
     * Two templates of one account by blocks, sends and reason of blocks. Meta only answers where each was sent at least
     * 1,000 times, for windows of exactly 7, 30, 60 or 90 days that end now.
     */
    compareTemplates: (templateId: string, otherId: string, window: { days: 7 | 30 | 60 | 90; end: Date }) => {
      const end = Math.floor(window.end.getTime() / 1_000);
      const query = { template_ids: [otherId], start: end - window.days * DAY_SECONDS, end };
      return call({ method: "GET", path: `/${templateId}/compare`, query }, comparison);
    },
  };
}

const DAY_SECONDS = 86_400;

/** `metric`: BLOCK_RATE (ids from the lowest rate on), MESSAGE_SENDS, TOP_BLOCK_REASON, and whatever may follow. */
export const comparison = z.object({
  data: z.array(
    z.looseObject({
      metric: z.string(),
      type: z.string().optional(),
      order_by_relative_metric: z.array(z.coerce.string()).optional(),
      number_values: z.array(z.object({ key: z.coerce.string(), value: z.coerce.number() })).optional(),
      string_values: z.array(z.object({ key: z.coerce.string(), value: z.string() })).optional(),
    }),
  ),
});
export type Comparison = z.infer<typeof comparison>;
