import type { SandboxState } from "./journal";
import type { StoredTemplate } from "./template-shelf";

/** One update on its way to the webhook. `contact` goes into the same value as its item. */
export type WebhookUpdate =
  | { kind: "status"; item: Record<string, unknown>; contact?: Contact }
  | { kind: "message"; item: Record<string, unknown>; contact: Contact }
  | { kind: "template"; value: Record<string, unknown>; time: number };

interface Contact {
  profile: { name: string };
  wa_id: string;
  user_id: string;
}

/** One webhook POST for several updates, as Meta batches them: statuses, replies and template events side by side. */
export function webhookBody(updates: WebhookUpdate[], account: SandboxState["account"]): string {
  const statuses = updates.filter((update) => update.kind === "status");
  const messages = updates.filter((update) => update.kind === "message");
  const changes = [
    ...(statuses.length > 0 ? [messagesChange("statuses", statuses, account)] : []),
    ...(messages.length > 0 ? [messagesChange("messages", messages, account)] : []),
  ];
  const entry: unknown[] = changes.length > 0 ? [{ id: account.wabaId, changes }] : [];
  for (const update of updates) {
    if (update.kind !== "template") continue;
    const change = { value: update.value, field: "message_template_status_update" };
    entry.push({ id: account.wabaId, time: update.time, changes: [change] });
  }
  return escapeLikeMeta(JSON.stringify({ object: "whatsapp_business_account", entry }));
}

function messagesChange(
  key: "statuses" | "messages",
  updates: { item: Record<string, unknown>; contact?: Contact }[],
  account: SandboxState["account"],
) {
  const contacts = new Map(updates.flatMap(({ contact }) => (contact ? [[contact.wa_id, contact] as const] : [])));
  const metadata = {
    display_phone_number: account.displayPhoneNumber.replace(/\D/g, ""),
    phone_number_id: account.phoneNumberId,
  };
  return {
    value: {
      messaging_product: "whatsapp",
      metadata,
      ...(contacts.size > 0 && { contacts: [...contacts.values()] }),
      [key]: updates.map(({ item }) => item),
    },
    field: "messages",
  };
}

/** Meta escapes every non-ASCII character and every slash, so a body that is parsed and rewritten no longer verifies. */
function escapeLikeMeta(json: string): string {
  const ascii = json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return ascii.replaceAll("/", "\\/");
}

/** The event of a finished review. */
export function templateUpdate(template: StoredTemplate, at: number): WebhookUpdate {
  return {
    kind: "template",
    time: Math.floor(at / 1_000),
    value: {
      event: template.status,
      message_template_id: Number(template.id),
      message_template_name: template.name,
      message_template_language: template.language,
      reason: template.rejected_reason,
      message_template_category: template.category,
    },
  };
}
