import type { SandboxState } from "./journal";
import type { World } from "./world";

/** One update on its way to the webhook. `contact` goes into the same value as its item. */
export type WebhookUpdate =
  | { kind: "status"; item: Record<string, unknown>; contact?: Contact }
  | { kind: "message"; item: Record<string, unknown>; contact?: Contact }
  /** Any other field, with its value whole. `time` in Unix seconds, which Meta gives for the account's own fields. */
  | { kind: "account"; field: string; value: Record<string, unknown>; time?: number };

export interface Contact {
  profile: { name: string; username?: string };
  wa_id?: string;
  user_id?: string;
  parent_user_id?: string;
}

type Account = SandboxState["account"];

/** One webhook POST for several updates, as Meta batches them: statuses, replies and other fields side by side. */
export function webhookBody(updates: WebhookUpdate[], account: Account, shape: World["webhookShape"]): string {
  const statuses = updates.filter((update) => update.kind === "status");
  const messages = updates.filter((update) => update.kind === "message");
  const changes = [
    ...(statuses.length > 0 ? [messagesChange("statuses", statuses, account)] : []),
    ...(messages.length > 0 ? [messagesChange("messages", messages, account)] : []),
  ];
  const entry: unknown[] = changes.length > 0 ? [{ id: account.wabaId, changes }] : [];
  for (const update of updates) {
    if (update.kind !== "account") continue;
    const change = { value: update.value, field: update.field };
    entry.push({ id: account.wabaId, ...(update.time && { time: update.time }), changes: [change] });
  }
  const ascii = escapeNonAscii(JSON.stringify({ object: "whatsapp_business_account", entry }));
  return shape.escapesSlashes ? ascii.replaceAll("/", "\\/") : ascii;
}

/** What a value of the `messages` family begins with: which number it is about. */
export function valueFrame(account: Account) {
  return {
    messaging_product: "whatsapp",
    metadata: {
      display_phone_number: account.displayPhoneNumber.replace(/\D/g, ""),
      phone_number_id: account.phoneNumberId,
    },
  };
}

function messagesChange(
  key: "statuses" | "messages",
  updates: { item: Record<string, unknown>; contact?: Contact }[],
  account: Account,
) {
  const contacts = new Map(
    updates.flatMap(({ contact }) => (contact ? [[contact.user_id ?? contact.wa_id, contact] as const] : [])),
  );
  return {
    value: {
      ...valueFrame(account),
      ...(contacts.size > 0 && { contacts: [...contacts.values()] }),
      [key]: updates.map(({ item }) => item),
    },
    field: "messages",
  };
}

/** Meta escapes every non-ASCII character, so a body that is parsed and written again no longer verifies. */
function escapeNonAscii(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
