import type { Translator } from "@/lib/i18n/translator";

type T = Translator<"compliance">;

const entryTypes = [
  "consent.requested",
  "consent.confirmed",
  "consent.granted",
  "consent.renewed",
  "consent.denied",
  "consent.withdrawn",
  "consent.invalidated",
  "consent.expired",
  "consent.evidence_added",
  "consent.preference_read",
  "consent.batch",
  "suppression.added",
  "suppression.batch",
  "suppression.lifted",
  "send.gate",
  "send.outcome",
  "campaign.created",
  "campaign.edited",
  "campaign.sending",
  "campaign.measuring",
  "campaign.concluded",
  "campaign.review_requested",
  "campaign.changes_asked",
  "campaign.approved",
  "campaign.approval_voided",
  "campaign.launched",
  "campaign.launch_cancelled",
  "campaign.paused",
  "campaign.resumed",
  "campaign.frozen",
  "campaign.stopped",
  "campaign.archived",
  "campaign.look_taken",
  "campaign.decided",
  "kill_switch.engaged",
  "kill_switch.released",
  "import.uploaded",
  "import.requested",
  "import.approved",
  "import.cancelled",
  "import.completed",
  "import.file_deleted",
  "proof.exported",
  "contact.unmasked",
  "contact.created",
  "purpose.created",
  "policy.proposed",
  "policy.approved",
  "policy.refused",
  "brand.created",
  "wording.published",
  "wording.revoked",
  "consent_receipt.taken",
  "opt_in_form.created",
  "opt_in_form.opened",
  "opt_in_form.closed",
  "opt_in_form.tag_added",
  "opt_in_keyword.created",
  "opt_in_keyword.retired",
  "segment.created",
  "segment.changed",
  "segment.archived",
  "template.created",
  "template.deleted",
  "template.status_changed",
  "number.connected",
  "api_key.created",
  "api_key.revoked",
  "user.created",
  "user.invited",
  "user.enabled",
  "user.disabled",
  "user.roles_changed",
  "user.link_created",
  "contact.merged",
  "consent.invalidation_asked",
  "consent.invalidation_refused",
  "consent.invalidation_signed",
  "suppression.removal_asked",
  "suppression.removal_refused",
  "suppression.removed",
  "suppression.added_by_hand",
  "review.decided",
  "exclusion_list.imported",
  "export.made",
  "sample.drawn",
  "sample.viewed",
  "person.viewed",
  "person.searched",
  "proof.viewed",
  "entry.opened",
  "suppressions.viewed",
  "replies.viewed",
  "conversation.viewed",
  "inbound_file.opened",
  "kill_switch.release_asked",
  "import.refused",
  "conversation.replied",
  "conversation.preference_link_sent",
  "reply.handled",
  "reply.reopened",
  "reply.class_corrected",
  "reply_rules.saved",
  "purpose.changed",
  "purpose.caps_changed",
  "stop_rule.changed",
  "factor.confirmed",
  "factor.recovery_code_used",
  "factor.recovery_codes_renewed",
  "factor.removed",
  "factor.reset",
  "factor.shown",
  "number.settings_changed",
  "number.test_started",
  "own_number.declared",
  "purpose.question_set",
  "number.test_ended",
  "number.token_renewed",
  "number.verify_token_made",
  "number.webhooks_subscribed",
  "webhook.dismissed",
  "webhook.replay_asked",
  "template.changed",
  "price_list.imported",
  "session.opened",
  "log_key.changed",
  "witness.failed",
  "checkpoint.exported",
  "contact.erased",
  "contact.restricted",
  "contact.restriction_lifted",
  "contact.rectified",
  "retention.removed",
  "record.saved",
  "breach.recorded",
  "breach.updated",
  "breach.closed",
  "rights.erasures_replayed",
  "rights.restriction_lifted",
  "rights.blocked_access_asked",
  "rights.blocked_access_allowed",
  "rights.blocked_read",
  "rights.opened",
  "rights.words_read",
  "rights.assigned",
  "rights.extended",
  "rights.refused",
  "rights.closed",
  "rights.identity_code_issued",
  "rights.identity_code_wrong",
  "rights.identity_checked",
  "rights.package_built",
  "rights.package_redacted",
  "rights.package_approved",
  "rights.package_viewed",
  "rights.link_created",
  "rights.link_claimed",
  "rights.link_revoked",
  "rights.done",
  "rights.erasure_approved",
  "rights.erased",
  "rights.shredded",
] as const;

/** What an entry of the log is about; a type without words of its own is shown as it is. */
export function entryTypeText(type: string, t: T): string {
  const known = entryTypes.find((one) => one === type);
  // use-intl reads a dot as a step down, so the catalogue writes types with an underscore
  return known ? t(`entries.${underscored(known)}`) : type;
}

type Underscored<S extends string> = S extends `${infer Head}.${infer Tail}` ? `${Head}_${Tail}` : S;

function underscored<S extends string>(type: S): Underscored<S> {
  return type.replace(".", "_") as Underscored<S>; // the same replacement, in values and in types
}

const sources = [
  "web_form",
  "keyword_in",
  "whatsapp_button",
  "whatsapp_flow",
  "ctwa_ad",
  "qr",
  "pos_paper",
  "phone_call",
  "import",
  "api",
  "agent_attest",
  "meta_user_preferences",
  "system",
] as const;

/** How a consent came about. */
export function sourceText(source: string, t: T): string {
  const known = sources.find((one) => one === source);
  return known ? t(`sources.${known}`) : source;
}

const actors = ["contact", "user", "api_key", "system", "meta"] as const;

/** Who caused an entry. */
export function actorText(by: string, t: T): string {
  const known = actors.find((one) => one === by);
  return known ? t(`actors.${known}`) : by;
}

const messageStates = [
  "planned",
  "queued",
  "sending",
  "accepted",
  "sent",
  "delivered",
  "read",
  "failed",
  "rejected",
  "skipped",
  "held_out",
  "cancelled",
  "missed_deadline",
  "no_status",
  "unknown",
  "unknown_final",
] as const;

export function messageStateText(state: string, t: T): string {
  const known = messageStates.find((one) => one === state);
  return known ? t(`messageStates.${known}`) : state;
}

const consentTypes = [
  "requested",
  "confirmed",
  "granted",
  "renewed",
  "denied",
  "withdrawn",
  "invalidated",
  "expired",
  "evidence_added",
  "preference_read",
] as const;

/** What happened to a consent. */
export function consentTypeText(type: string, t: T): string {
  const known = consentTypes.find((one) => one === type);
  return known ? t(`entries.consent_${known}`) : type;
}

const blocks = ["withdrawn", "meta_stop", "review", "complaint", "legal", "external_list", "erased", "test"] as const;

/** Why a person is blocked. */
export function blockText(kind: string, t: T): string {
  const known = blocks.find((one) => one === kind);
  return known ? t(`blocks.${known}`) : kind;
}

const classifications = ["opt_out", "review", "button", "reaction", "system", "other"] as const;

/** What kind of answer it was; its text is not shown. */
export function classificationText(code: string, t: T): string {
  const known = classifications.find((one) => one === code);
  return known ? t(`classifications.${known}`) : code;
}

const evidenceFields = [
  "sourceSystem",
  "wordingVersion",
  "evidenceFileSha256",
  "importFileSha256",
  "attester",
  "otherChannel",
  "note",
  "invalidates",
  "askedBy",
  "signedBy",
  "form",
  "checkbox",
  "ip",
  "userAgent",
  "formUrl",
  "sourceTag",
  "wordingSha256",
  "wamid",
  "answeredWamid",
  "payload",
  "text",
  "flow",
  "adId",
  "adClickId",
  "reportSha256",
  "evidenceFileType",
] as const;

/** The name of a piece of evidence; a field without words of its own keeps its name. */
export function evidenceText(field: string, t: T): string {
  const known = evidenceFields.find((one) => one === field);
  return known ? t(`evidence.${known}`) : field;
}
