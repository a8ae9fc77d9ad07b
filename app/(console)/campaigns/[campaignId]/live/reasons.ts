import type { Translator } from "@/lib/i18n/translator";

/** Reasons that have their own sentence in the catalogue `live`; Meta's codes are `meta_<code>`. */
export const knownReasons = [
  "no_consent",
  "consent_pending",
  "consent_denied",
  "consent_withdrawn",
  "consent_expired",
  "consent_invalidated",
  "wording_revoked",
  "restricted",
  "erased",
  "suppressed_withdrawn",
  "suppressed_complaint",
  "suppressed_meta_stop",
  "merged",
  "market_blocked",
  "country_unknown",
  "age_unknown",
  "too_young",
  "rules_missing",
  "quiet_hours",
  "frequency_cap",
  "pair_rate",
  "written_already",
  "campaign_paused",
  "campaign_frozen",
  "deadline",
  "campaign_stopped",
  "content_changed",
  "kill_switch",
  "value_missing",
  "no_phone",
  "facts_missing",
  "worker_died",
  "held_for_quality",
  "meta_130472",
  "meta_131026",
  "meta_131047",
  "meta_131049",
  "meta_131050",
  "meta_131056",
  "meta_130429",
] as const;

/** Why somebody got nothing, in words; what has none is named by its code. */
export function reasonText(reason: string, t: Translator<"live">): string {
  const known = knownReasons.find((one) => one === reason);
  if (known) return t(`reasons.${known}`);
  if (reason.startsWith("suppressed_")) return t("reasons.suppressed");
  if (reason.startsWith("template_")) return t("reasons.template", { status: reason.slice("template_".length) });
  if (reason.startsWith("meta_")) return t("reasons.meta", { code: reason.slice("meta_".length) });
  return t("reasons.other", { code: reason });
}

const outcomes = ["failed", "rejected", "skipped", "cancelled", "missed_deadline", "unknown", "unknown_final"] as const;

/** What happens to these people now. */
export function consequenceText(state: string, t: Translator<"live">): string {
  const known = outcomes.find((one) => one === state);
  return known ? t(`now.${known}`) : state;
}
