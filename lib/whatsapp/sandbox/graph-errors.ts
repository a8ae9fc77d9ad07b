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

const titles: Record<number, string> = {
  100: "Invalid parameter",
  130429: "Rate limit hit",
  131008: "Required parameter is missing",
  131009: "Parameter value is not valid",
  131021: "Recipient cannot be sender",
  131026: "Message undeliverable",
  131047: "Re-engagement message",
  131056: "(Business Account, Consumer Account) pair rate limit hit",
  131059: "Invalid cursor",
  132000: "Number of parameters does not match the expected number of params",
  132001: "Template name does not exist in the translation",
  132005: "Translated text too long",
  132012: "Parameter format does not match format in the created template",
  132015: "Template is paused",
  132016: "Template is disabled",
};

/** A message or parameter error by its code, with Meta's title. */
export function fault(code: number, details: string, extra: Partial<GraphFault> = {}): GraphFault {
  return { status: 400, code, message: `(#${code}) ${titleOf(code)}`, details, ...extra };
}

export function titleOf(code: number): string {
  return titles[code] ?? "Unknown error";
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
