/**
 * Every refusal a person or a client may meet, by code. Pages and the API turn a code into words and a status;
 * the list is data so that the message catalogues can be checked against it.
 */
export const appErrorCodes = [
  // who is asking
  "unauthenticated",
  "forbidden",
  "invalid_credentials",
  "too_many_attempts",
  "session_expired",
  "factor_required",
  "factor_wrong",
  // what was asked
  "not_found",
  "invalid_input",
  "conflict",
  "too_many_requests",
  "too_large",
  // audience, imports, consent
  "contact_erased",
  "consent_missing",
  "consent_event_in_future",
  "idempotency_key_reused",
  "wording_revoked",
  "form_address_taken",
  "keyword_unusable",
  "import_unreadable",
  "import_not_approvable",
  "import_not_cancellable",
  "segment_in_use",
  "segment_invalid",
  // templates, numbers
  "template_not_usable",
  "template_rejected",
  "template_not_editable",
  "template_edit_limit",
  "template_in_use",
  "media_unusable",
  "number_not_usable",
  "whatsapp_refused",
  "whatsapp_unreachable",
  // campaigns
  "campaign_not_editable",
  "campaign_not_submittable",
  "campaign_not_approvable",
  "campaign_not_launchable",
  "campaign_not_pausable",
  "campaign_not_resumable",
  "campaign_not_stoppable",
  "campaign_changed",
  "approval_required",
  "second_person_required",
  "preflight_blocked",
  "results_not_ready",
  // intake
  "signature_invalid",
  "payload_unreadable",
  // installation
  "mode_mismatch",
  "sandbox_only",
  "ledger_inconsistent",
] as const;

export type AppErrorCode = (typeof appErrorCodes)[number];

export type AppErrorParams = Record<string, string | number | boolean | null>;

/** A refusal with a code and the facts its sentence needs: ids, counts and states, never personal data. */
export class AppError extends Error {
  override readonly name = "AppError";

  constructor(
    readonly code: AppErrorCode,
    readonly params: AppErrorParams = {},
  ) {
    super(Object.keys(params).length === 0 ? code : `${code} ${JSON.stringify(params)}`);
  }
}

/** True for refusals, also across two copies of this module (Next bundles its own). */
export function isAppError(error: unknown): error is AppError {
  return error instanceof AppError || (error instanceof Error && error.name === "AppError" && "code" in error);
}
