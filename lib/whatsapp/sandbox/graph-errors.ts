/** An error answer in Graph's shape. */
export interface GraphFault {
  status: number;
  code: number;
  message: string;
  type?: string;
  subcode?: number;
  details?: string;
  userTitle?: string;
  userMessage?: string;
}

/** Thrown by a route to answer with an error. */
export class Refusal extends Error {
  constructor(readonly fault: GraphFault) {
    super(fault.message);
  }
}

/** The JSON body of an error answer. */
export function faultBody(fault: GraphFault) {
  return {
    error: {
      message: fault.message,
      type: fault.type ?? "OAuthException",
      code: fault.code,
      ...(fault.details && { error_data: { messaging_product: "whatsapp", details: fault.details } }),
      ...(fault.subcode && { error_subcode: fault.subcode }),
      ...(fault.userTitle && {
        is_transient: false,
        error_user_title: fault.userTitle,
        error_user_msg: fault.userMessage,
      }),
      fbtrace_id: "AsandboxTraceId0000000",
    },
  };
}

/** Meta's title of a code and, where the details never vary, those too. */
const texts: Record<number, [title: string, details?: string]> = {
  10: ["Application does not have permission for this action"],
  33: ["Parameter value is not valid"],
  100: ["Invalid parameter"],
  368: ["Temporarily blocked for policies violations"],
  80007: ["Rate limit issues", "The WhatsApp Business Account has reached its rate limit."],
  130429: ["Rate limit hit", "Cloud API message throughput has been reached."],
  130472: [
    "User's number is part of an experiment",
    "Failed to send message because this user's phone number is part of an experiment",
  ],
  130497: ["Business account is restricted from messaging users in this country."],
  131000: ["Something went wrong", "Message failed to send due to an unknown error."],
  131008: ["Required parameter is missing"],
  131009: ["Parameter value is not valid"],
  131016: ["Service unavailable", "Service is temporarily unavailable."],
  131021: ["Recipient cannot be sender", "Recipient phone number cannot be same as the sender phone number."],
  131026: ["Message undeliverable", "Message Undeliverable."],
  131030: [
    "Recipient phone number not in allowed list",
    "Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again.",
  ],
  131031: ["Business Account locked"],
  131042: ["Business eligibility payment issue"],
  131047: [
    "Re-engagement message",
    "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
  ],
  131048: [
    "Spam rate limit hit",
    "Message failed to send because there are restrictions on how many messages can be sent from this phone number.",
  ],
  131049: [
    "This message was not delivered to maintain healthy ecosystem engagement.",
    "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
  ],
  131050: [
    "Unable to deliver the message. This recipient has chosen to stop receiving marketing messages on WhatsApp from your business",
    "Recipient stopped marketing messages.",
  ],
  131051: ["Unsupported message type", "Message type is currently not supported."],
  131053: ["Media upload error", "Media download from the given link failed."],
  131055: ["Method not allowed", "Only marketing template messages are supported by this method."],
  131056: [
    "(Business Account, Consumer Account) pair rate limit hit",
    "Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.",
  ],
  131057: ["Account in maintenance mode", "Business Account is in maintenance mode"],
  131059: ["Invalid cursor"],
  131062: [
    "Business-scoped User ID (BSUID) recipients are not supported for this message.",
    "Use the recipient phone number for this template.",
  ],
  131063: [
    "Marketing templates disabled for Cloud API",
    "Send this template with the Marketing Messages API or turn off disable_marketing_messages_on_cloud_api.",
  ],
  132000: ["Number of parameters does not match the expected number of params"],
  132001: ["Template name does not exist in the translation"],
  132005: ["Translated text too long"],
  132012: ["Parameter format does not match format in the created template"],
  132015: ["Template is paused", "Template is paused due to low quality so it cannot be sent in a template message."],
  132016: [
    "Template is disabled",
    "Template has been paused too many times due to low quality and is now permanently disabled.",
  ],
  133005: ["Two step verification PIN Mismatch", "The two-step verification PIN is wrong."],
  133010: ["Phone number Not Registered", "The phone number is not registered on the WhatsApp Business Platform."],
  134100: ["Only marketing messages supported", "You're only able to send marketing messages on this API."],
  134101: ["Your template is still syncing", "Template syncing can take up to 10 minutes."],
  134102: ["Template unavailable", "This template is not available for the Marketing Messages API."],
  200005: ["Template Insights are not available", "Template insights are not available for this account."],
  200006: ["Template Insights cannot be disabled", "Once enabled, template insights cannot be disabled."],
  200007: ["Template Insights are not enabled", "Enable template insights for the account before reading them."],
};

/** Codes that Graph does not answer with 400. */
const statuses: Record<number, number> = {
  10: 403,
  368: 403,
  130497: 403,
  131000: 500,
  131016: 500,
  131031: 403,
  131057: 500,
  132001: 404,
};

/** An error by its code, with Meta's title, HTTP status and, unless others are given, details. */
export function fault(code: number, details?: string, extra: Partial<GraphFault> = {}): GraphFault {
  return {
    status: statuses[code] ?? 400,
    code,
    message: `(#${code}) ${titleOf(code)}`,
    details: details ?? texts[code]?.[1],
    ...extra,
  };
}

export function titleOf(code: number): string {
  return texts[code]?.[0] ?? "Unknown error";
}

/** What a status webhook says in `error_data.details`. */
export function detailsOf(code: number): string {
  return texts[code]?.[1] ?? titleOf(code);
}

/** A parameter that management calls refuse in words of their own. */
export function invalidParameter(userMessage: string, extra: Partial<GraphFault> = {}): GraphFault {
  return {
    status: 400,
    code: 100,
    message: "Invalid parameter",
    userTitle: "Invalid parameter",
    userMessage,
    ...extra,
  };
}

export function unknownObject(id: string, method: string): GraphFault {
  return {
    status: 400,
    code: 100,
    subcode: 33,
    type: "GraphMethodException",
    message: `(#100) Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.`,
  };
}

export const invalidToken: GraphFault = {
  status: 401,
  code: 190,
  message: "Invalid OAuth access token - Cannot parse access token",
};

export const unknownPath: GraphFault = { status: 400, code: 2500, message: "Unknown path components" };
