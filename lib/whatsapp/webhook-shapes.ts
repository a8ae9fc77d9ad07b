import * as z from "zod";

const MAX_DATE_SECONDS = 8.64e12;
const unixSeconds = z.coerce
  .number()
  .int()
  .min(1)
  .max(MAX_DATE_SECONDS)
  .transform((seconds) => new Date(seconds * 1_000));
const text = z.string().min(1);
/** A missing, null or malformed extra must not cost the item that carries it. */
const optionalText = text.optional().catch(undefined);
export const digits = z.union([z.string(), z.number()]).transform(String);

export const envelope = z.object({ entry: z.array(z.unknown()) });
export const entry = z.object({
  id: digits.catch(""),
  time: unixSeconds.optional().catch(undefined),
  changes: z.array(z.unknown()),
});
export const change = z.object({ field: z.string().catch(""), value: z.record(z.string(), z.unknown()) });

export const status = z.object({
  id: text,
  status: text,
  timestamp: unixSeconds,
  recipient_id: optionalText,
  recipient_user_id: optionalText,
  biz_opaque_callback_data: optionalText,
  pricing: z
    .object({
      category: optionalText,
      type: optionalText,
      pricing_model: optionalText,
      billable: z.boolean().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  errors: z
    .array(
      z.object({
        code: z.coerce.number(),
        title: z.string().catch(""),
        error_data: z.object({ details: z.string() }).optional().catch(undefined),
      }),
    )
    .catch([]),
});

const reply = z.object({ id: optionalText, title: optionalText }).optional().catch(undefined);
export const message = z.object({
  id: text,
  timestamp: unixSeconds,
  type: z.string().catch("unknown"),
  from: optionalText,
  from_user_id: optionalText,
  context: z.object({ id: optionalText }).optional().catch(undefined),
  text: z.object({ body: z.string() }).optional().catch(undefined),
  button: z.object({ payload: optionalText, text: optionalText }).optional().catch(undefined),
  interactive: z.object({ button_reply: reply, list_reply: reply }).optional().catch(undefined),
  reaction: z.object({ message_id: text, emoji: optionalText }).optional().catch(undefined),
});

export const userPreference = z.object({
  wa_id: optionalText,
  user_id: optionalText,
  category: z.string().catch(""),
  value: text,
  timestamp: unixSeconds,
});

export const templateStatus = z.object({
  event: text,
  message_template_id: digits,
  message_template_name: text,
  message_template_language: text,
  message_template_category: optionalText,
  reason: optionalText,
  other_info: z.object({ title: optionalText }).optional().catch(undefined),
});

export const templateQuality = z.object({
  previous_quality_score: z.string().catch("UNKNOWN"),
  new_quality_score: text,
  message_template_id: digits,
  message_template_name: text,
  message_template_language: text,
});

export const phoneQuality = z.object({ display_phone_number: digits, event: text, current_limit: optionalText });

export const contact = z.object({
  wa_id: optionalText,
  user_id: optionalText,
  profile: z.object({ name: optionalText }).optional().catch(undefined),
});
