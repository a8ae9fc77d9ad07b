import { parseJson } from "./graph";
import type { ChangeSource } from "./webhook-change-reader";
import type { ItemOf, ItemSource, WebhookItem } from "./webhook-items";
import { type People, readMessage, readPeople, type Surroundings, toItemError } from "./webhook-messages";
import { numberReaders } from "./webhook-number-changes";
import {
  change,
  echo,
  entry,
  envelope,
  itemError,
  linkClick,
  metadata,
  status,
  userAction,
  userIdUpdate,
  userPreference,
} from "./webhook-shapes";
import { readTemplateChange, templateFields } from "./webhook-template-changes";

export type { WebhookItem } from "./webhook-items";

export type ParsedWebhook = { kind: "items"; items: WebhookItem[] } | { kind: "unreadable"; reason: string };

/**
 * Turns a raw webhook body (verified before) into its items, in order. Enums stay open, unknown keys are ignored, and
 * whatever has no shape here is kept as `unknown` with its value; a broken item never costs its neighbours. Of a key that
 * stands twice the last counts; bytes that are no UTF-8, half characters and NUL become U+FFFD. A message or preference
 * whose time cannot be read takes `receivedAt`, because it may be a refusal.
 */
export function parseWebhook(rawBody: Uint8Array | string, receivedAt?: Date): ParsedWebhook {
  const body = typeof rawBody === "string" ? rawBody : Buffer.from(rawBody).toString("utf8");
  const parsed = envelope.safeParse(parseJson(wellFormed(withWholeIds(body))));
  if (!parsed.success) return { kind: "unreadable", reason: "not a webhook body: JSON with an entry list expected" };
  const { object } = parsed.data;
  if (object !== undefined && object !== "whatsapp_business_account") {
    return { kind: "unreadable", reason: `about ${object}, not about a WhatsApp account` };
  }
  return { kind: "items", items: parsed.data.entry.flatMap((raw) => itemsOfEntry(raw, receivedAt)) };
}

/** Escapes of NUL and of halves of characters, which no database keeps. */
const ODD_CHARACTER = /\\u(0000|[dD][89a-fA-F])/;
/** Every escape of a text, a whole character of two halves as one. */
const ESCAPES = /\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u.{4}|\\./g;
const ODD_ESCAPE = /^\\u(0000|[dD][89a-fA-F]..)$/;

/** In the text and not in what it says: however deep that is nested, this does not go down with it. */
function wellFormed(body: string): string {
  if (!ODD_CHARACTER.test(body)) return body;
  return body.replace(ESCAPES, (one) => (ODD_ESCAPE.test(one) ? "\\ufffd" : one));
}

/** Template ids come as integers that may be longer than a double is exact. Inside text a quote is escaped, so this finds keys only. */
function withWholeIds(body: string): string {
  return body.replace(/"message_template_id"\s*:\s*(\d{16,})/g, '"message_template_id":"$1"');
}

function itemsOfEntry(raw: unknown, receivedAt: Date | undefined): WebhookItem[] {
  const parsed = entry.safeParse(raw);
  if (!parsed.success) return [{ kind: "unknown", wabaId: "", field: "", value: raw }];
  const { id: wabaId, time, changes } = parsed.data;
  return changes.flatMap((rawChange) => {
    const read = change.safeParse(rawChange);
    if (!read.success) return [{ kind: "unknown" as const, wabaId, field: "", value: rawChange }];
    const { field, value } = read.data;
    const source = { wabaId, phoneNumberId: metadata.safeParse(value.metadata).data?.phone_number_id };
    if (personalFields.has(field)) return itemsOfLists({ field, value }, source, receivedAt);
    return [readChange(field, value, { ...source, at: time }) ?? { kind: "unknown" as const, ...source, field, value }];
  });
}

function readChange(field: string, value: unknown, source: ChangeSource): WebhookItem | undefined {
  if (templateFields.has(field)) return readTemplateChange(value, source);
  return Object.hasOwn(numberReaders, field) ? numberReaders[field]?.(value, source) : undefined;
}

interface Change {
  field: string;
  value: Record<string, unknown>;
}

const personalFields = new Set(["messages", "user_preferences", "user_id_update", "smb_message_echoes"]);
const frameKeys = new Set(["messaging_product", "metadata", "contacts"]);

type ElementReader = (raw: unknown, around: Surroundings) => WebhookItem | undefined;
const elementReaders: Record<string, ElementReader> = {
  statuses: readStatus,
  messages: readMessage,
  user_preferences: readPreference,
  user_actions: readAction,
  user_id_update: readUserIdUpdate,
  message_echoes: readEcho,
  errors: readError,
};

/** One value may hold statuses and messages at once; lists that we have no shape for are kept element by element. */
function itemsOfLists({ field, value }: Change, source: ItemSource, receivedAt: Date | undefined): WebhookItem[] {
  const around = { source, people: readPeople(value.contacts), receivedAt };
  const items: WebhookItem[] = [];
  for (const [key, part] of Object.entries(value)) {
    if (frameKeys.has(key)) continue;
    const read = Object.hasOwn(elementReaders, key) ? elementReaders[key] : undefined;
    for (const raw of Array.isArray(part) ? part : [part]) {
      items.push(read?.(raw, around) ?? { kind: "unknown", ...source, field, value: { [key]: raw } });
    }
  }
  return items.length > 0 ? items : [{ kind: "unknown", ...source, field, value }];
}

function readStatus(raw: unknown, { source, people }: Surroundings): ItemOf<"status"> | undefined {
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
    recipientParentUserId: data.recipient_parent_user_id,
    recipientType: data.recipient_type,
    participantWaId: data.recipient_participant_id,
    participantUserId: data.recipient_participant_user_id,
    callbackData: data.biz_opaque_callback_data,
    conversation: data.conversation && {
      id: data.conversation.id,
      expiresAt: data.conversation.expiration_timestamp,
      origin: data.conversation.origin?.type,
    },
    pricing: data.pricing && {
      category: data.pricing.category,
      type: data.pricing.type,
      model: data.pricing.pricing_model,
      billable: data.pricing.billable,
    },
    contact: whose(people, [
      data.recipient_participant_id ?? data.recipient_id,
      data.recipient_participant_user_id ?? data.recipient_user_id,
    ]),
    errors: data.errors.map(toItemError),
  };
}

function whose(people: People, ids: readonly (string | undefined)[]) {
  for (const id of ids) {
    const known = id === undefined ? undefined : people.get(id);
    if (known) return known;
  }
  return undefined;
}

function readPreference(
  raw: unknown,
  { source, people, receivedAt }: Surroundings,
): ItemOf<"user_preference"> | undefined {
  const read = userPreference.safeParse(raw);
  const at = read.data?.timestamp ?? receivedAt;
  if (!read.success || !at) return undefined;
  const { wa_id: waId, user_id: userId, parent_user_id: parentUserId, signup_id: signupId, ...rest } = read.data;
  const known = whose(people, [waId, userId]);
  return {
    kind: "user_preference",
    ...source,
    ...known,
    waId: waId ?? known?.waId,
    userId: userId ?? known?.userId,
    parentUserId: parentUserId ?? known?.parentUserId,
    category: rest.category,
    value: rest.value,
    at,
    detail: rest.detail,
    signupId,
  };
}

function readAction(raw: unknown, { source }: Surroundings): ItemOf<"user_action"> | undefined {
  const read = userAction.safeParse(raw);
  if (!read.success) return undefined;
  const { action_type: action, timestamp: at } = read.data;
  const click = linkClick.safeParse(read.data[`${action}_data`]).data;
  return {
    kind: "user_action",
    ...source,
    action,
    at,
    component: click?.click_component,
    clickId: click?.click_id,
    trackingToken: click?.tracking_token,
    productId: click?.product_id,
  };
}

function readUserIdUpdate(raw: unknown, { source, people }: Surroundings): ItemOf<"user_id_update"> | undefined {
  const read = userIdUpdate.safeParse(raw);
  if (!read.success) return undefined;
  const { wa_id: waId, user_id, parent_user_id, timestamp: at, detail } = read.data;
  return {
    kind: "user_id_update",
    ...source,
    waId,
    previousUserId: user_id.previous,
    userId: user_id.current,
    previousParentUserId: parent_user_id?.previous,
    parentUserId: parent_user_id?.current,
    profileName: whose(people, [waId, user_id.current])?.profileName,
    at,
    detail,
  };
}

function readEcho(raw: unknown, { source }: Surroundings): ItemOf<"message_echo"> | undefined {
  const read = echo.safeParse(raw);
  if (!read.success) return undefined;
  const { id: wamid, timestamp: at, type, to: toWaId, to_user_id: toUserId, text } = read.data;
  return { kind: "message_echo", ...source, wamid, at, type, toWaId, toUserId, text: text?.body };
}

function readError(raw: unknown, { source }: Surroundings): ItemOf<"account_error"> | undefined {
  const read = itemError.safeParse(raw);
  return read.success ? { kind: "account_error", ...source, error: toItemError(read.data) } : undefined;
}
