import type * as z from "zod";
import type { AppErrorCode, AppErrorParams } from "@/lib/foundation/errors";

/** Refusals whose status is not 409: what was asked is fine, but not now. Only this file knows HTTP. */
const STATUS: Partial<Record<AppErrorCode, number>> = {
  unauthenticated: 401,
  invalid_credentials: 401,
  session_expired: 401,
  signature_invalid: 401,
  forbidden: 403,
  factor_required: 403,
  factor_wrong: 403,
  not_found: 404,
  contact_erased: 410,
  too_large: 413,
  invalid_input: 422,
  segment_invalid: 422,
  payload_unreadable: 422,
  import_unreadable: 422,
  idempotency_key_reused: 422,
  consent_event_in_future: 422,
  too_many_attempts: 429,
  too_many_requests: 429,
  whatsapp_refused: 502,
  whatsapp_unreachable: 503,
};

function statusOf(code: AppErrorCode): number {
  return STATUS[code] ?? 409;
}

interface ProblemDetails {
  code: AppErrorCode;
  params?: AppErrorParams;
  /** What is wrong with which value, as JSON pointers into the request. */
  errors?: readonly { pointer: string; code: string }[];
}

/** A refusal as RFC 9457 problem details. `title` is the code in words: programs compare `code`, people read `title`. */
export function problem({ code, params = {}, errors }: ProblemDetails): Response {
  const status = statusOf(code);
  const headers = new Headers({ "Content-Type": "application/problem+json", "Cache-Control": "no-store" });
  if (status === 401) headers.set("WWW-Authenticate", "Bearer");
  if (typeof params.retryAfterSeconds === "number") headers.set("Retry-After", String(params.retryAfterSeconds));
  const title = `${code.charAt(0).toUpperCase()}${code.slice(1).replaceAll("_", " ")}`;
  return new Response(JSON.stringify({ type: "about:blank", title, status, code, params, errors }), {
    status,
    headers,
  });
}

/** The problem of a request that breaks its schema: where and which rule, never the value. */
export function invalidInput(error: z.ZodError): Response {
  const errors = error.issues.map((issue) => ({
    pointer: `/${issue.path.map((part) => String(part).replaceAll("~", "~0").replaceAll("/", "~1")).join("/")}`,
    code: issue.code,
  }));
  return problem({ code: "invalid_input", errors });
}
