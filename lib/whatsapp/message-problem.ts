/** Part of a template that a problem is about; absent when it is about the message as a whole. */
export const messagePlaces = ["header", "body", "buttons", "offer", "cards"] as const;
export type MessagePlace = (typeof messagePlaces)[number];

/**
 * Why the API would refuse a message, known before it is asked. Words for people are made from the code
 * (`templates.messageProblems`); `graphRefusal` gives what the API answers.
 */
export interface MessageProblem {
  code: MessageProblemCode;
  at?: MessagePlace;
  /** Zero-based position of the card in a carousel. */
  card?: number;
  /** Numbers as numbers; `position` counts buttons from 1; `field` is a path in the request. */
  params: Readonly<Record<string, string | number>>;
}

export type MessageProblemCode = keyof typeof refusals;

/**
 * Graph code and English detail by problem (Meta: "Error codes"; section 2.3 of the reference). Codes that Meta does not
 * document for a case are the nearest kin: a value that is there but wrong is 131009, one that is not there 131008.
 */
const refusals = {
  request_malformed: [100, "Invalid parameter"],
  product_missing: [100, "The parameter messaging_product is required."],
  to_missing: [100, "The parameter to is required."],
  to_invalid: [131009, "Parameter to is not a valid phone number"],
  callback_too_long: [131009, "biz_opaque_callback_data is longer than {limit} characters"],
  type_unknown: [100, "Param type must be one of the supported message types - got {sent}"],
  reply_not_allowed: [131009, "Parameter context is not allowed with reaction messages"],
  content_missing: [131008, "Parameter {field} is missing"],
  value_missing: [131008, "Parameter {field} is missing"],
  value_invalid: [131009, "Parameter {field} is not valid"],
  value_too_long: [131009, "Parameter {field} is longer than {limit} characters"],
  too_many_values: [131009, "Parameter {field} has more than {limit} entries"],
  template_missing: [132001, "template name ({name}) does not exist in {language}"],
  template_not_approved: [132001, "template name ({name}) does not exist in {language}"],
  template_paused: [132015, "Template is paused due to low quality so it cannot be sent in a template message."],
  template_disabled: [
    132016,
    "Template has been paused too many times due to low quality and is now permanently disabled.",
  ],
  template_only: [100, "Message must be a template message."],
  marketing_only: [134100, "You're only able to send marketing messages on this API."],
  marketing_elsewhere: [
    131063,
    "Send this template with the Marketing Messages API or turn off disable_marketing_messages_on_cloud_api.",
  ],
  gif_elsewhere: [132012, "{at}: GIF headers are only supported by the Marketing Messages API"],
  user_id_unsupported: [131062, "Use the recipient phone number for this template."],
  component_unknown: [100, "Param template['components'] has a component of an unknown type - got {sent}"],
  parameter_count: [
    132000,
    "{at}: number of localizable_params ({sent}) does not match the expected number of params ({expected})",
  ],
  parameter_kind: [132012, "{at}: Format mismatch, expected {expected}, received {sent}"],
  parameter_name: [132012, "{at}: Parameter name is missing, unknown or given twice"],
  parameter_missing: [131008, "Parameter of type {expected} is missing {expected} value"],
  parameter_format: [132012, "{at}: Param text cannot have new-line/tab characters or more than 4 consecutive spaces"],
  text_too_long: [132005, "{at}: Translated text too long ({sent} of {limit} characters)"],
  button_mismatch: [132012, "buttons: Button at index {index} of type {sent} expected but not found"],
  button_value_missing: [131008, "buttons: Button at index {index} of type {expected} requires a parameter"],
  button_takes_none: [132000, "buttons: Button at index {index} of type {expected} takes no parameter"],
  card_count: [132000, "carousel: number of cards ({sent}) does not match the expected number of cards ({expected})"],
  card_index: [132012, "carousel: card_index must be given once for every card"],
  offer_end_missing: [131008, "limited_time_offer: Parameter expiration_time_ms is missing"],
  offer_not_in_template: [132012, "limited_time_offer: component expected but not found"],
} as const satisfies Record<string, readonly [graph: number, detail: string]>;

export const messageProblemCodes = Object.keys(refusals) as MessageProblemCode[]; // its own keys

const titles: Readonly<Record<number, string>> = {
  100: "Invalid parameter",
  131008: "Required parameter is missing",
  131009: "Parameter value is not valid",
  131062: "Business-scoped User ID (BSUID) recipients are not supported for this message.",
  131063: "Marketing templates disabled for Cloud API",
  132000: "Number of parameters does not match the expected number of params",
  132001: "Template name does not exist in the translation",
  132005: "Translated text too long",
  132012: "Parameter format does not match format in the created template",
  132015: "Template is paused",
  132016: "Template is disabled",
  134100: "Only marketing messages supported",
};

/** Problems that the API tells in `message`, without details. */
const BARE = new Set<MessageProblemCode>(["product_missing", "to_missing"]);

/** What the API answers to such a message: HTTP status, code, title of the code and the detail. */
export function graphRefusal(problem: MessageProblem): {
  status: 400 | 404;
  code: number;
  message: string;
  detail: string;
} {
  const [code, detail] = refusals[problem.code];
  const known: Record<string, string | number> = { at: problem.at ?? "", ...problem.params };
  return {
    status: code === 132001 ? 404 : 400,
    code,
    message: BARE.has(problem.code) ? detail : `(#${code}) ${titles[code]}`,
    detail: detail.replace(/\{(\w+)\}/g, (whole, name: string) => String(known[name] ?? whole)),
  };
}
