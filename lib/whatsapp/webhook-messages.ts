import type * as z from "zod";
import { parseJson } from "./graph";
import type { ItemError, ItemOf, ItemSource, MediaContent, MessageContent, MetaPerson } from "./webhook-items";
import {
  buttonPart,
  contactsPart,
  editPart,
  interactivePart,
  type itemError,
  locationPart,
  mediaPart,
  message,
  orderPart,
  person,
  reactionPart,
  revokePart,
  systemPart,
  textPart,
  unsupportedPart,
} from "./webhook-shapes";

/** The people of a value's `contacts`, to be found by any of their ids. */
export type People = ReadonlyMap<string, MetaPerson>;

export function readPeople(contacts: unknown): People {
  const people = new Map<string, MetaPerson>();
  for (const raw of Array.isArray(contacts) ? contacts : []) {
    const read = person.safeParse(raw);
    if (!read.success) continue;
    const { wa_id: waId, user_id: userId, parent_user_id: parentUserId, identity_key_hash, profile } = read.data;
    const { name: profileName, username } = profile ?? {};
    const one = { waId, userId, parentUserId, username, profileName, identityKeyHash: identity_key_hash };
    for (const id of [waId, userId]) if (id) people.set(id, one);
  }
  return people;
}

export interface Surroundings {
  source: ItemSource;
  people: People;
  /** Stands in for a time that cannot be read; without it such an item is unknown. */
  receivedAt: Date | undefined;
}

/** One element of `messages`; `undefined` when it has no id, or no time and nothing that stands in for it. */
export function readMessage(raw: unknown, { source, people, receivedAt }: Surroundings): ItemOf<"message"> | undefined {
  const read = message.safeParse(raw);
  if (!read.success) return undefined;
  const { data } = read;
  const at = data.timestamp ?? receivedAt;
  if (!at) return undefined;
  const content = contentOf(data.type, raw);
  const { context, referral } = data;
  const known = people.get(data.from ?? "") ?? people.get(data.from_user_id ?? "");
  return {
    kind: "message",
    ...source,
    ...known,
    wamid: data.id,
    at,
    type: data.type,
    content,
    waId: data.from ?? known?.waId,
    userId: data.from_user_id ?? known?.userId,
    parentUserId: data.from_parent_user_id ?? known?.parentUserId,
    text: textOf(content),
    payload: payloadOf(content),
    contextWamid: context?.id ?? (content.type === "reaction" ? content.wamid : undefined),
    isForwarded: context?.forwarded ?? context?.frequently_forwarded,
    referredProduct: context?.referred_product && {
      catalogId: context.referred_product.catalog_id,
      productId: context.referred_product.product_retailer_id,
    },
    referral: referral && {
      sourceUrl: referral.source_url,
      sourceId: referral.source_id,
      sourceType: referral.source_type,
      headline: referral.headline,
      body: referral.body,
      mediaType: referral.media_type,
      clickId: referral.ctwa_clid,
      welcomeText: referral.welcome_message?.text,
    },
    errors: data.errors.map(toItemError),
  };
}

export function toItemError({ code, title, message, details, error_data }: z.infer<typeof itemError>): ItemError {
  return { code, title, message, details: error_data?.details ?? details };
}

/** What the person said, however they said it: this is where a refusal may stand. */
function textOf(content: MessageContent): string | undefined {
  switch (content.type) {
    case "text":
      return content.body;
    case "button":
    case "order":
    case "edit":
      return content.text;
    case "button_reply":
    case "list_reply":
      return content.title;
    case "reaction":
      return content.emoji;
    case "media":
      return content.caption;
    default:
      return undefined;
  }
}

function payloadOf(content: MessageContent): string | undefined {
  if (content.type === "button") return content.payload;
  return content.type === "button_reply" || content.type === "list_reply" ? content.id : undefined;
}

function contentOf(type: string, raw: unknown): MessageContent {
  const fields: Record<string, unknown> = { ...(raw as object) }; // the message shape has read it, so it is an object
  return (Object.hasOwn(readers, type) && readers[type]?.(fields[type])) || { type: "other", value: fields };
}

type Reader = (part: unknown) => MessageContent | undefined;

/** A part that its shape refuses is kept as it came. */
function reader<Shape extends z.ZodType>(
  shape: Shape,
  read: (part: z.output<Shape>) => MessageContent | undefined,
): Reader {
  return (part) => {
    const parsed = shape.safeParse(part);
    return parsed.success ? read(parsed.data) : undefined;
  };
}

const mediaReader = (media: MediaContent["media"]) =>
  reader(mediaPart, ({ mime_type: mimeType, voice: isVoice, animated: isAnimated, ...rest }) => ({
    type: "media",
    media,
    ...rest,
    mimeType,
    isVoice,
    isAnimated,
  }));

const readers: Record<string, Reader> = {
  text: reader(textPart, ({ body }) => ({ type: "text", body })),
  button: reader(buttonPart, (part) => ({ type: "button", ...part })),
  interactive: reader(interactivePart, readInteractive),
  reaction: reader(reactionPart, ({ message_id: wamid, emoji }) => ({ type: "reaction", wamid, emoji })),
  image: mediaReader("image"),
  video: mediaReader("video"),
  audio: mediaReader("audio"),
  document: mediaReader("document"),
  sticker: mediaReader("sticker"),
  location: reader(locationPart, (part) => ({ type: "location", ...part })),
  contacts: reader(contactsPart, (cards) => ({
    type: "contacts",
    contacts: cards.map(({ name, origin, vcard, phones }) => ({
      name: name?.formatted_name ?? name?.first_name,
      origin,
      vcard,
      phones: phones.map(({ phone, wa_id: waId, type }) => ({ phone, waId, type })),
    })),
  })),
  order: reader(orderPart, ({ catalog_id: catalogId, text, product_items: items }) => ({
    type: "order",
    catalogId,
    text,
    items: items.map(({ product_retailer_id: productId, item_price: itemPrice, quantity, currency }) => ({
      productId,
      quantity,
      itemPrice,
      currency,
    })),
  })),
  system: reader(systemPart, readSystem),
  edit: reader(editPart, ({ original_message_id: wamid, message }) => ({
    type: "edit",
    wamid,
    newType: message?.type,
    text: message?.text?.body ?? message?.caption,
  })),
  revoke: reader(revokePart, ({ original_message_id: wamid }) => ({ type: "revoke", wamid })),
  unsupported: (part) => ({ type: "unsupported", what: unsupportedPart.safeParse(part).data?.type }),
  unknown: () => ({ type: "unsupported" }), // what older payloads call it
};

function readInteractive({
  button_reply,
  list_reply,
  nfm_reply,
}: z.output<typeof interactivePart>): MessageContent | undefined {
  if (button_reply) return { type: "button_reply", id: button_reply.id, title: button_reply.title };
  if (list_reply) return { type: "list_reply", ...list_reply };
  if (!nfm_reply) return undefined;
  const { name, body, response_json: responseJson } = nfm_reply;
  const answer = parseJson(responseJson);
  const isObject = typeof answer === "object" && answer !== null && !Array.isArray(answer);
  return { type: "flow_reply", name, body, responseJson, ...(isObject && { response: { ...answer } }) };
}

function readSystem(part: z.output<typeof systemPart>): MessageContent {
  const { type: event, body, identity } = part;
  const waId = part.wa_id ?? part.new_wa_id;
  if (event.endsWith("_changed_number") && waId) return { type: "number_changed", waId, userId: part.user_id, body };
  if (event.endsWith("_changed_user_id") && part.user_id)
    return { type: "user_id_changed", userId: part.user_id, body };
  if (event.endsWith("_identity_changed")) return { type: "identity_changed", hash: identity, body };
  return { type: "system", event, body };
}
