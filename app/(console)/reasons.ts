import type { Translator } from "@/lib/i18n/translator";

/** Reasons of the gate, of eligibility and of the sender that have their own sentence; Meta's codes are `meta_<code>`. */
const knownReasons = [
  "no_consent",
  "consent_none",
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
  "suppressed_review",
  "suppressed_legal",
  "suppressed_external_list",
  "suppressed_erased",
  "suppressed_test",
  "merged",
  "market_blocked",
  "country_unknown",
  "age_unknown",
  "too_young",
  "rules_missing",
  "quiet_hours",
  "frequency_cap",
  "campaign_hours",
  "purpose_cap",
  "fatigue",
  "pair_rate",
  "written_already",
  "campaign_paused",
  "campaign_frozen",
  "deadline",
  "campaign_stopped",
  "content_changed",
  "kill_switch",
  "window_closed",
  "not_pending",
  "not_own_number",
  "cooling_down",
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

/** What Meta's codes (whatsapp/cloud-api.md 16) and our own check before the call come to, for somebody who sends. */
const metaReasons = {
  token: ["meta_0", "meta_190"],
  permission: ["meta_3", "meta_10", "meta_200", "meta_131005"],
  busy: ["meta_1", "meta_2", "meta_4", "meta_80007", "meta_131000", "meta_131016", "meta_133004"],
  misfit: [
    "meta_131008",
    "meta_131009",
    "meta_132000",
    "meta_132008",
    "meta_132012",
    "meta_135000",
    "parameter_count",
    "parameter_kind",
    "parameter_missing",
    "button_mismatch",
    "parameter_name",
    "button_value_missing",
    "button_takes_none",
    "card_count",
    "card_index",
    "offer_end_missing",
    "offer_not_in_template",
    "component_unknown",
    "content_missing",
    "request_malformed",
  ],
  spacing: ["parameter_format"],
  policy: ["meta_368", "meta_131064"],
  locked: ["meta_131031"],
  payment: ["meta_131042", "meta_131044", "meta_134011"],
  quality: ["meta_131048"],
  number: ["meta_33", "meta_131037", "meta_131045", "meta_133000", "meta_133006", "meta_133010", "meta_133015"],
  maintenance: ["meta_131057", "meta_2494100"],
  template_gone: ["meta_132001"],
  template_paused: ["meta_132015"],
  template_disabled: ["meta_132016"],
  content: ["meta_132007"],
  too_long: ["meta_132005", "text_too_long"],
  media: ["meta_131053", "media_missing"],
  route: ["meta_131055", "meta_131063", "meta_134100", "meta_134102"],
  syncing: ["meta_134101"],
  country: ["meta_130497"],
  test_list: ["meta_131030"],
  itself: ["meta_131021"],
  identity: ["meta_137000"],
  user_id: ["meta_131062"],
} as const satisfies Record<string, readonly string[]>;

const kinds = new Map(
  (Object.keys(metaReasons) as (keyof typeof metaReasons)[]) // its own keys
    .flatMap((kind) => metaReasons[kind].map((reason): [string, keyof typeof metaReasons] => [reason, kind])),
);

/** Why somebody got nothing, in words; what has none is named by its code. */
export function reasonText(reason: string, t: Translator<"reasons">): string {
  const known = knownReasons.find((one) => one === reason);
  if (known) return t(`reasons.${known}`);
  const kind = kinds.get(reason);
  if (kind) return t(`meta.${kind}`);
  if (reason.startsWith("suppressed_")) return t("reasons.suppressed");
  if (reason.startsWith("template_")) return t("reasons.template", { status: reason.slice("template_".length) });
  if (reason.startsWith("meta_")) return t("reasons.meta", { code: reason.slice("meta_".length) });
  return t("reasons.other", { code: reason });
}
