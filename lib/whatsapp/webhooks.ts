import * as z from "zod";
import { parseJson } from "./graph";
import {
  change,
  contact,
  digits,
  entry,
  envelope,
  message,
  phoneQuality,
  status,
  templateQuality,
  templateStatus,
  userPreference,
} from "./webhook-shapes";

/** Where an item came from. Only `messages`-like fields name the number. */
interface ItemSource {
  wabaId: string;
  phoneNumberId?: string;
}

interface StatusError {
  code: number;
  title: string;
  detail?: string;
}

export type WebhookItem = ItemSource &
  (
    | {
        kind: "status";
        wamid: string;
        /** sent, delivered, read, played, failed, deleted, or whatever Meta adds. */
        status: string;
        at: Date;
        recipientWaId?: string;
        recipientUserId?: string;
        callbackData?: string;
        pricing?: { category?: string; type?: string; model?: string; billable?: boolean };
        errors: StatusError[];
      }
    | {
        kind: "message";
        wamid: string;
        at: Date;
        /** text, button, interactive, reaction, image, … open. */
        type: string;
        waId?: string;
        userId?: string;
        profileName?: string;
        /** What the person wrote or the label of what they tapped. */
        text?: string;
        /** Of a tapped button or list row. */
        payload?: string;
        /** wamid of our message that this answers or reacts to. */
        contextWamid?: string;
        value: unknown;
      }
    | { kind: "user_preference"; waId?: string; userId?: string; category: string; value: string; at: Date }
    | {
        kind: "template_status";
        templateId: string;
        name: string;
        language: string;
        event: string;
        category?: string;
        reason?: string;
        title?: string;
        at?: Date;
      }
    | {
        kind: "template_quality";
        templateId: string;
        name: string;
        language: string;
        previous: string;
        current: string;
        at?: Date;
      }
    | { kind: "phone_quality"; displayPhoneNumber: string; event: string; currentLimit?: string; at?: Date }
    | { kind: "unknown"; field: string; value: unknown }
  );

export type ParsedWebhook = { kind: "items"; items: WebhookItem[] } | { kind: "unreadable"; reason: string };

/**
 * Turns a raw webhook body (verified before) into its items, in order. Enums stay open, unknown keys are ignored, and
 * whatever has no shape here is kept as `unknown` with its value; a broken item never costs its neighbours.
 */
export function parseWebhook(rawBody: Uint8Array | string): ParsedWebhook {
  const body = typeof rawBody === "string" ? rawBody : Buffer.from(rawBody).toString("utf8");
  const parsed = envelope.safeParse(parseJson(body));
  if (!parsed.success) return { kind: "unreadable", reason: "not a webhook body: JSON with an entry list expected" };
  return { kind: "items", items: parsed.data.entry.flatMap(itemsOfEntry) };
}

function itemsOfEntry(raw: unknown): WebhookItem[] {
  const parsed = entry.safeParse(raw);
  if (!parsed.success) return [{ kind: "unknown", wabaId: "", field: "", value: raw }];
  const { id: wabaId, time, changes } = parsed.data;
  return changes.flatMap((rawChange) => {
    const read = change.safeParse(rawChange);
    if (!read.success) return [{ kind: "unknown" as const, wabaId, field: "", value: rawChange }];
    return itemsOfChange(read.data, { wabaId, time });
  });
}

interface Change {
  field: string;
  value: Record<string, unknown>;
}

function itemsOfChange({ field, value }: Change, { wabaId, time }: { wabaId: string; time?: Date }): WebhookItem[] {
  const source = { wabaId, phoneNumberId: phoneNumberIdOf(value) };
  const kept = (part: unknown): WebhookItem => ({ kind: "unknown", ...source, field, value: part });
  if (field === "messages" || field === "user_preferences") return itemsOfMessagesField({ field, value }, source);
  if (field === "message_template_status_update" || field === "message_template_quality_update") {
    return [readTemplateChange(value, source, time) ?? kept(value)];
  }
  if (field === "phone_number_quality_update") {
    const read = phoneQuality.safeParse(value);
    if (!read.success) return [kept(value)];
    const { display_phone_number: displayPhoneNumber, event, current_limit: currentLimit } = read.data;
    return [{ kind: "phone_quality", ...source, displayPhoneNumber, event, currentLimit, at: time }];
  }
  return [kept(value)];
}

const readKeys = new Set(["statuses", "messages", "user_preferences"]);
const frameKeys = new Set(["messaging_product", "metadata", "contacts"]);

/** One value may hold statuses and messages at once; lists that we have no shape for are kept item by item. */
function itemsOfMessagesField({ field, value }: Change, source: ItemSource): WebhookItem[] {
  const names = contactNames(value.contacts);
  const readers: Record<string, (raw: unknown) => WebhookItem | undefined> = {
    statuses: (raw) => readStatus(raw, source),
    messages: (raw) => readMessage(raw, source, names),
    user_preferences: (raw) => readPreference(raw, source),
  };
  const items: WebhookItem[] = [];
  for (const [key, part] of Object.entries(value)) {
    if (frameKeys.has(key)) continue;
    for (const raw of Array.isArray(part) ? part : [part]) {
      const item = readKeys.has(key) ? readers[key]?.(raw) : undefined;
      items.push(item ?? { kind: "unknown", ...source, field, value: { [key]: raw } });
    }
  }
  return items.length > 0 ? items : [{ kind: "unknown", ...source, field, value }];
}

function readStatus(raw: unknown, source: ItemSource): WebhookItem | undefined {
  const read = status.safeParse(raw);
  if (!read.success) return undefined;
  const { data } = read;
  return {
    kind: "status",
    ...source,
    wamid: data.id,
    status: data.status,
    at: data.timestamp,
    recipientWaId: data.recipient_id,
    recipientUserId: data.recipient_user_id,
    callbackData: data.biz_opaque_callback_data,
    pricing: data.pricing && {
      category: data.pricing.category,
      type: data.pricing.type,
      model: data.pricing.pricing_model,
      billable: data.pricing.billable,
    },
    errors: data.errors.map(({ code, title, error_data }) => ({ code, title, detail: error_data?.details })),
  };
}

function readMessage(raw: unknown, source: ItemSource, names: Map<string, string>): WebhookItem | undefined {
  const read = message.safeParse(raw);
  if (!read.success) return undefined;
  const { data } = read;
  const choice = data.interactive?.button_reply ?? data.interactive?.list_reply;
  return {
    kind: "message",
    ...source,
    wamid: data.id,
    at: data.timestamp,
    type: data.type,
    waId: data.from,
    userId: data.from_user_id,
    profileName: names.get(data.from ?? "") ?? names.get(data.from_user_id ?? ""),
    text: data.text?.body ?? data.button?.text ?? choice?.title ?? data.reaction?.emoji,
    payload: data.button?.payload ?? choice?.id,
    contextWamid: data.context?.id ?? data.reaction?.message_id,
    value: raw,
  };
}

function readPreference(raw: unknown, source: ItemSource): WebhookItem | undefined {
  const read = userPreference.safeParse(raw);
  if (!read.success) return undefined;
  const { wa_id: waId, user_id: userId, category, value, timestamp: at } = read.data;
  return { kind: "user_preference", ...source, waId, userId, category, value, at };
}

/** Meta's own quality sample is labelled as a status update, so the keys decide, not the field. */
function readTemplateChange(value: unknown, source: ItemSource, at: Date | undefined): WebhookItem | undefined {
  const quality = templateQuality.safeParse(value);
  if (quality.success) {
    const { data } = quality;
    const { new_quality_score: current, previous_quality_score: previous } = data;
    return { kind: "template_quality", ...source, ...templateNames(data), previous, current, at };
  }
  const change = templateStatus.safeParse(value);
  if (!change.success) return undefined;
  const { event, reason, message_template_category: category, other_info } = change.data;
  const title = other_info?.title;
  return { kind: "template_status", ...source, ...templateNames(change.data), event, category, reason, title, at };
}

function templateNames(data: z.infer<typeof templateQuality> | z.infer<typeof templateStatus>) {
  return {
    templateId: data.message_template_id,
    name: data.message_template_name,
    language: data.message_template_language.replace("-", "_"), // Webhooks also spell en-US.
  };
}

function phoneNumberIdOf(value: Record<string, unknown>): string | undefined {
  const read = z.object({ phone_number_id: digits }).safeParse(value.metadata);
  return read.success ? read.data.phone_number_id : undefined;
}

function contactNames(contacts: unknown): Map<string, string> {
  const names = new Map<string, string>();
  for (const raw of Array.isArray(contacts) ? contacts : []) {
    const read = contact.safeParse(raw);
    if (!read.success || !read.data.profile?.name) continue;
    for (const id of [read.data.wa_id, read.data.user_id]) if (id) names.set(id, read.data.profile.name);
  }
  return names;
}
