import * as z from "zod";
import { type ChangeReader, changeReader } from "./webhook-change-reader";
import {
  idText,
  listOf,
  optional,
  optionalId,
  optionalInstant,
  optionalNumber,
  optionalText,
  text,
} from "./webhook-fields";
import type { DailyLimit } from "./webhook-items";

const limitText = optional(idText);

/** By field; what is not here is about neither a number nor an account. */
export const numberReaders: Record<string, ChangeReader> = {
  phone_number_quality_update: changeReader(
    z.object({
      display_phone_number: idText,
      event: text,
      current_limit: optionalText,
      old_limit: optionalText,
      max_daily_conversations_per_business: limitText,
    }),
    (data, source) => ({
      kind: "phone_quality",
      ...source,
      displayPhoneNumber: data.display_phone_number,
      event: data.event,
      currentLimit: data.current_limit,
      oldLimit: data.old_limit,
      dailyLimit: dailyLimit(data.max_daily_conversations_per_business ?? data.current_limit),
    }),
  ),
  phone_number_name_update: changeReader(
    z.object({
      display_phone_number: idText,
      decision: text,
      requested_verified_name: optionalText,
      rejection_reason: optionalText,
    }),
    (data, source) => ({
      kind: "phone_name",
      ...source,
      displayPhoneNumber: data.display_phone_number,
      decision: data.decision,
      requestedName: data.requested_verified_name,
      rejectionReason: data.rejection_reason,
    }),
  ),
  business_capability_update: changeReader(
    z.object({
      max_daily_conversations_per_business: limitText,
      max_phone_numbers_per_waba: optionalNumber,
      max_phone_numbers_per_business: optionalNumber,
    }),
    (data, source) => ({
      kind: "business_capability",
      ...source,
      dailyLimit: dailyLimit(data.max_daily_conversations_per_business),
      maxPhoneNumbers: data.max_phone_numbers_per_waba ?? data.max_phone_numbers_per_business,
    }),
  ),
  account_update: changeReader(
    z.object({
      event: text,
      phone_number: optionalId,
      country: optionalText,
      violation_info: optional(z.object({ violation_type: optionalText })),
      restriction_info: listOf(z.object({ restriction_type: text, expiration: optionalInstant })),
      ban_info: optional(z.object({ waba_ban_state: optionalText, waba_ban_date: optionalId })),
      volume_tier_info: optional(
        z.object({
          pricing_category: optionalText,
          tier: optionalText,
          region: optionalText,
          effective_month: optionalText,
          tier_update_time: optionalInstant,
        }),
      ),
    }),
    (data, source) => ({
      kind: "account_update",
      ...source,
      event: data.event,
      displayPhoneNumber: data.phone_number,
      country: data.country,
      violationType: data.violation_info?.violation_type,
      restrictions: data.restriction_info.map(({ restriction_type: type, expiration: expiresAt }) => ({
        type,
        expiresAt,
      })),
      ban: data.ban_info && { state: data.ban_info.waba_ban_state, date: data.ban_info.waba_ban_date },
      volumeTier: data.volume_tier_info && {
        pricingCategory: data.volume_tier_info.pricing_category,
        tier: data.volume_tier_info.tier,
        region: data.volume_tier_info.region,
        effectiveMonth: data.volume_tier_info.effective_month,
        updatedAt: data.volume_tier_info.tier_update_time,
      },
    }),
  ),
  account_alerts: changeReader(
    z.object({
      entity_type: optionalText,
      entity_id: optionalId,
      alert_info: z.object({
        alert_type: text,
        alert_severity: optionalText,
        alert_status: optionalText,
        alert_description: optionalText,
      }),
    }),
    ({ entity_type: entityType, entity_id: entityId, alert_info: alert }, source) => ({
      kind: "account_alert",
      ...source,
      entityType,
      entityId,
      severity: alert.alert_severity,
      status: alert.alert_status,
      alertType: alert.alert_type,
      description: alert.alert_description,
    }),
  ),
  account_review_update: changeReader(z.object({ decision: text }), ({ decision }, source) => ({
    kind: "account_review",
    ...source,
    decision,
  })),
  security: changeReader(
    z.object({ event: text, display_phone_number: optionalId, requester: optionalId }),
    ({ event, display_phone_number: displayPhoneNumber, requester }, source) => ({
      kind: "security",
      ...source,
      event,
      displayPhoneNumber,
      requester,
    }),
  ),
  business_username_update: changeReader(
    z.object({ display_phone_number: idText, status: text, username: optionalText }),
    ({ display_phone_number: displayPhoneNumber, status, username }, source) => ({
      kind: "business_username",
      ...source,
      displayPhoneNumber,
      status,
      username,
    }),
  ),
};

/** 2000, "2000", "TIER_2K", "TIER_UNLIMITED" or -1 (cloud-api 11 and 13). */
function dailyLimit(value: string | undefined): DailyLimit | undefined {
  if (value === undefined) return undefined;
  if (value === "-1" || /^(TIER_)?UNLIMITED$/.test(value)) return { kind: "unlimited" };
  const match = /^(?:TIER_)?(\d{1,9})(K?)$/.exec(value);
  if (!match) return { kind: "other", value };
  return { kind: "count", people: Number(match[1]) * (match[2] ? 1_000 : 1) };
}
