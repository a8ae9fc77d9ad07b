import * as z from "zod";

/** The error object of every Graph answer. Unknown keys pass; numbers sometimes come as strings. */
const graphError = z.object({
  error: z.object({
    code: z.coerce.number(),
    error_subcode: z.coerce.number().optional().catch(undefined),
    message: z.string().catch(""),
    error_user_title: z.string().optional().catch(undefined),
    error_user_msg: z.string().optional().catch(undefined),
    error_data: z.object({ details: z.string() }).optional().catch(undefined),
  }),
});

export interface GraphError {
  code: number;
  subcode?: number;
  /** Written by Meta in English for developers; may name parameters, never a person. */
  detail: string;
  title?: string;
}

/** Reads a Graph error from an answer's text; `undefined` when it is none. */
export function parseGraphError(text: string): GraphError | undefined {
  const parsed = graphError.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const { error } = parsed.data;
  return {
    code: error.code,
    subcode: error.error_subcode,
    detail: error.error_data?.details ?? error.error_user_msg ?? error.message,
    title: error.error_user_title,
  };
}

/** JSON, or `undefined` when the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const sendAnswer = z.object({
  contacts: z
    .array(z.object({ wa_id: z.coerce.string().optional(), user_id: z.string().optional() }))
    .optional()
    .catch(undefined),
  messages: z.tuple([z.object({ id: z.string().min(1), message_status: z.string().optional() })]).rest(z.unknown()),
});

/** The parts of a 2xx answer to a send that we use; `undefined` when it names no message. */
export function parseSendAnswer(text: string) {
  const parsed = sendAnswer.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const [message] = parsed.data.messages;
  const contact = parsed.data.contacts?.[0];
  return { wamid: message.id, messageStatus: message.message_status, waId: contact?.wa_id, userId: contact?.user_id };
}

/** A template as Meta stores it. `components` stay as they come; components.ts reads them. */
export const template = z.looseObject({
  id: z.coerce.string(),
  name: z.string(),
  language: z.string(),
  status: z.string(),
  category: z.string(),
  parameter_format: z.string().optional(),
  rejected_reason: z.string().optional(),
  quality_score: z.looseObject({ score: z.string() }).optional().catch(undefined),
  sub_category: z.string().optional(),
  /** Where Meta thinks that the template belongs, when that is elsewhere; it moves there after a notice. */
  correct_category: z.string().optional(),
  previous_category: z.string().optional(),
  message_send_ttl_seconds: z.coerce.number().optional().catch(undefined),
  components: z.array(z.looseObject({ type: z.string() })).optional(),
});
export type Template = z.infer<typeof template>;

/** A page of a list; `next` is absent on the last one. */
export const page = <Item>(item: z.ZodType<Item>) =>
  z.object({
    data: z.array(item),
    paging: z
      .object({ cursors: z.object({ after: z.string().optional() }).optional(), next: z.string().optional() })
      .optional(),
  });

export const createdTemplate = z.looseObject({ id: z.coerce.string(), status: z.string(), category: z.string() });

export const success = z.looseObject({ success: z.boolean() });

export const phoneNumber = z.looseObject({
  id: z.coerce.string(),
  display_phone_number: z.string(),
  verified_name: z.string().optional(),
  quality_rating: z.string().optional(),
  status: z.string().optional(),
  throughput: z.looseObject({ level: z.string() }).optional(),
  whatsapp_business_manager_messaging_limit: z.string().optional(),
  name_status: z.string().optional(),
  code_verification_status: z.string().optional(),
  platform_type: z.string().optional(),
  account_mode: z.string().optional(),
});

/** An answer that only names its object. */
export const identified = z.looseObject({ id: z.coerce.string() });
