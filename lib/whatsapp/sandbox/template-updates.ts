import type { StoredTemplate } from "./template-shelf";
import type { WebhookUpdate } from "./webhook-bodies";

const seconds = (at: number) => Math.floor(at / 1_000);

function update(field: string, template: StoredTemplate, what: { at: number; value: object }): WebhookUpdate {
  return {
    kind: "account",
    field,
    time: seconds(what.at),
    value: {
      message_template_id: Number(template.id),
      message_template_name: template.name,
      message_template_language: template.language,
      ...what.value,
    },
  };
}

/** Review results, pauses, deletion: everything that changes whether a template may be sent. */
export function statusUpdate(
  template: StoredTemplate,
  at: number,
  { event = template.status, ...extra }: { event?: string } & Record<string, unknown> = {},
): WebhookUpdate {
  const value = { event, reason: template.rejected_reason, message_template_category: template.category, ...extra };
  return update("message_template_status_update", template, { at, value });
}

export function qualityUpdate(template: StoredTemplate, at: number, previous: string): WebhookUpdate {
  const value = { previous_quality_score: previous, new_quality_score: template.quality_score.score };
  return update("message_template_quality_update", template, { at, value });
}

/** The notice of a change: `new_category` is the one that still holds. */
export function categoryNotice(template: StoredTemplate, at: number, change: { to: string; at: number }) {
  const value = {
    new_category: template.category,
    correct_category: change.to,
    category_update_timestamp: seconds(change.at),
  };
  return update("template_category_update", template, { at, value });
}

export function categoryUpdate(template: StoredTemplate, at: number, previous: string): WebhookUpdate {
  const value = { previous_category: previous, new_category: template.category };
  return update("template_category_update", template, { at, value });
}

/** The text that stands in a template now, after somebody changed it. */
export function componentsUpdate(template: StoredTemplate, at: number): WebhookUpdate {
  const find = (type: string) => template.components.find((one) => one.type.toUpperCase() === type);
  const [header, body, footer] = ["HEADER", "BODY", "FOOTER"].map(find);
  const buttons: unknown = find("BUTTONS")?.buttons;
  const value = {
    ...(typeof header?.text === "string" && { message_template_title: header.text }),
    message_template_element: body?.text ?? "",
    ...(typeof footer?.text === "string" && { message_template_footer: footer.text }),
    ...(Array.isArray(buttons) && {
      message_template_buttons: buttons.map((button) => ({
        message_template_button_type: button.type,
        message_template_button_text: button.text,
        ...(button.url && { message_template_button_url: button.url }),
        ...(button.phone_number && { message_template_button_phone_number: button.phone_number }),
      })),
    }),
  };
  return update("message_template_components_update", template, { at, value });
}
