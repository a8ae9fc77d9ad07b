import * as z from "zod";
import { type ChangeReader, type ChangeSource, changeReader } from "./webhook-change-reader";
import { idText, listOf, optional, optionalId, optionalInstant, optionalText, text } from "./webhook-fields";
import type { WebhookItem } from "./webhook-items";

export const templateFields = new Set([
  "message_template_status_update",
  "message_template_quality_update",
  "template_category_update",
  "message_template_components_update",
]);

const template = {
  message_template_id: idText,
  message_template_name: text,
  message_template_language: text,
};

function named(data: z.output<z.ZodObject<typeof template>>) {
  return {
    templateId: data.message_template_id,
    name: data.message_template_name,
    language: data.message_template_language.replace("-", "_"), // webhooks also spell en-US
  };
}

const templateReaders: readonly ChangeReader[] = [
  changeReader(
    z.object({ ...template, new_quality_score: text, previous_quality_score: text.catch("UNKNOWN") }),
    (data, source) => ({
      kind: "template_quality",
      ...source,
      ...named(data),
      previous: data.previous_quality_score,
      current: data.new_quality_score,
    }),
  ),
  // Impending: `new_category` is the one that still holds (cloud-api 11).
  changeReader(
    z.object({
      ...template,
      new_category: text,
      correct_category: text,
      category_update_timestamp: optionalInstant,
    }),
    (data, source) => ({
      kind: "template_category",
      ...source,
      ...named(data),
      phase: "impending",
      current: data.new_category,
      next: data.correct_category,
      takesEffectAt: data.category_update_timestamp,
    }),
  ),
  changeReader(z.object({ ...template, new_category: text, previous_category: optionalText }), (data, source) => ({
    kind: "template_category",
    ...source,
    ...named(data),
    phase: "done",
    current: data.new_category,
    previous: data.previous_category,
  })),
  changeReader(
    z.object({
      ...template,
      event: text,
      message_template_category: optionalText,
      reason: optionalText,
      other_info: optional(z.object({ title: optionalText, description: optionalText })),
      rejection_info: optional(z.object({ reason: optionalText, recommendation: optionalText })),
      disable_info: optional(z.object({ disable_date: optionalInstant })),
    }),
    (data, source) => ({
      kind: "template_status",
      ...source,
      ...named(data),
      event: data.event,
      category: data.message_template_category,
      reason: data.reason,
      title: data.other_info?.title,
      description: data.other_info?.description,
      rejection: data.rejection_info,
      disabledAt: data.disable_info?.disable_date,
    }),
  ),
  changeReader(
    z.object({
      ...template,
      message_template_element: text,
      message_template_title: optionalText,
      message_template_footer: optionalText,
      message_template_buttons: listOf(
        z.object({
          message_template_button_type: optionalText,
          message_template_button_text: optionalText,
          message_template_button_url: optionalText,
          message_template_button_phone_number: optionalId,
        }),
      ),
    }),
    (data, source) => ({
      kind: "template_components",
      ...source,
      ...named(data),
      title: data.message_template_title,
      body: data.message_template_element,
      footer: data.message_template_footer,
      buttons: data.message_template_buttons.map((button) => ({
        type: button.message_template_button_type,
        text: button.message_template_button_text,
        url: button.message_template_button_url,
        phoneNumber: button.message_template_button_phone_number,
      })),
    }),
  ),
];

/** A change about a template. Meta's own quality sample is labelled as a status update, so the keys decide, not the field. */
export function readTemplateChange(value: unknown, source: ChangeSource): WebhookItem | undefined {
  for (const read of templateReaders) {
    const item = read(value, source);
    if (item) return item;
  }
  return undefined;
}
