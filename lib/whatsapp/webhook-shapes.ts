import * as z from "zod";
import {
  idText,
  listOf,
  number,
  optional,
  optionalFlag,
  optionalId,
  optionalInstant,
  optionalNumber,
  optionalText,
  text,
  unixSeconds,
} from "./webhook-fields";

export const envelope = z.object({ object: optionalText, entry: z.array(z.unknown()) });
export const entry = z.object({ id: idText.catch(""), time: optionalInstant, changes: z.array(z.unknown()) });
export const change = z.object({ field: z.string().catch(""), value: z.record(z.string(), z.unknown()) });
export const metadata = z.object({ phone_number_id: optionalId });

const profile = optional(z.object({ name: optionalText, username: optionalText }));
export const person = z.object({
  wa_id: optionalId,
  user_id: optionalId,
  parent_user_id: optionalId,
  identity_key_hash: optionalText,
  profile,
});

export const itemError = z.object({
  code: number.pipe(z.int32()),
  title: z.string().catch(""),
  message: optionalText,
  details: optionalText, // older payloads have it here
  error_data: optional(z.object({ details: optionalText })),
});
const errors = listOf(itemError);

export const status = z.object({
  id: text,
  status: text,
  timestamp: unixSeconds,
  recipient_id: optionalId,
  recipient_user_id: optionalId,
  recipient_parent_user_id: optionalId,
  recipient_type: optionalText,
  recipient_participant_id: optionalId,
  recipient_participant_user_id: optionalId,
  biz_opaque_callback_data: optionalText,
  conversation: optional(
    z.object({
      id: optionalId,
      expiration_timestamp: optionalInstant,
      origin: optional(z.object({ type: optionalText })),
    }),
  ),
  pricing: optional(
    z.object({ category: optionalText, type: optionalText, pricing_model: optionalText, billable: optionalFlag }),
  ),
  errors,
});

export const message = z.object({
  id: text,
  timestamp: optionalInstant,
  type: text.catch("unknown"),
  from: optionalId,
  from_user_id: optionalId,
  from_parent_user_id: optionalId,
  context: optional(
    z.object({
      id: optionalText,
      forwarded: optionalFlag,
      frequently_forwarded: optionalFlag,
      referred_product: optional(z.object({ catalog_id: optionalId, product_retailer_id: optionalId })),
    }),
  ),
  referral: optional(
    z.object({
      source_url: optionalText,
      source_id: optionalId,
      source_type: optionalText,
      headline: optionalText,
      body: optionalText,
      media_type: optionalText,
      ctwa_clid: optionalText,
      welcome_message: optional(z.object({ text: optionalText })),
    }),
  ),
  errors,
});

// --- The part of a message that is named after its type

export const textPart = z.object({ body: z.string() });
export const buttonPart = z.object({ text: optionalText, payload: optionalText });
const choice = optional(z.object({ id: optionalText, title: optionalText, description: optionalText }));
export const interactivePart = z.object({
  button_reply: choice,
  list_reply: choice,
  nfm_reply: optional(z.object({ name: optionalText, body: optionalText, response_json: z.string() })),
});
export const reactionPart = z.object({ message_id: text, emoji: optionalText });
export const mediaPart = z.object({
  id: idText,
  mime_type: optionalText,
  sha256: optionalText,
  caption: optionalText,
  filename: optionalText,
  url: optionalText,
  voice: optionalFlag,
  animated: optionalFlag,
});
export const locationPart = z.object({
  latitude: number,
  longitude: number,
  name: optionalText,
  address: optionalText,
  url: optionalText,
});
export const contactsPart = z.array(
  z.object({
    name: optional(z.object({ formatted_name: optionalText, first_name: optionalText })),
    origin: optionalText,
    vcard: optionalText,
    phones: listOf(z.object({ phone: optionalId, wa_id: optionalId, type: optionalText })),
  }),
);
export const orderPart = z.object({
  catalog_id: optionalId,
  text: optionalText,
  product_items: listOf(
    z.object({
      product_retailer_id: optionalId,
      quantity: optionalNumber,
      item_price: optionalNumber,
      currency: optionalText,
    }),
  ),
});
export const systemPart = z.object({
  type: text.catch("unknown"),
  body: optionalText,
  wa_id: optionalId,
  new_wa_id: optionalId, // older payloads
  user_id: optionalId,
  identity: optionalText,
});
export const editPart = z.object({
  original_message_id: text,
  message: optional(z.object({ type: optionalText, text: optional(textPart), caption: optionalText })),
});
export const revokePart = z.object({ original_message_id: text });
export const unsupportedPart = z.object({ type: optionalText });

// --- Other lists of a `messages`-like value

export const userAction = z.object({ action_type: text, timestamp: unixSeconds }).catchall(z.unknown());
export const linkClick = z.object({
  click_component: optionalText,
  click_id: optionalText,
  tracking_token: optionalText,
  product_id: optionalId,
});

export const userPreference = z.object({
  wa_id: optionalId,
  user_id: optionalId,
  parent_user_id: optionalId,
  category: z.string().catch(""),
  value: text,
  timestamp: optionalInstant,
  detail: optionalText,
  signup_id: optionalId,
});

const replaced = z.object({ previous: optionalId, current: idText });
export const userIdUpdate = z.object({
  wa_id: optionalId,
  user_id: replaced,
  parent_user_id: optional(replaced),
  timestamp: unixSeconds,
  detail: optionalText,
});

export const echo = z.object({
  id: text,
  timestamp: unixSeconds,
  type: text.catch("unknown"),
  to: optionalId,
  to_user_id: optionalId,
  text: optional(textPart),
});
