import type { NoticeKind } from "@/lib/notices/notice";
import type {
  AccountErrorItem,
  AccountUpdateItem,
  DailyLimit,
  ItemSource,
  NumberItem,
} from "@/lib/whatsapp/webhook-items";
import { type ThroughputLevel, throughputOf, UNLIMITED } from "./limits";
import { type Stop, type StopCause, stopOf } from "./stops";

/** Everything Meta tells by webhook about our numbers and accounts. */
export type NumberChangeItem = ItemSource & (NumberItem | AccountErrorItem);

export type EventSummary = Record<string, string | number | boolean | null>;

/** What changes in our row of a number. */
export interface NumberValues {
  status?: string;
  qualityRating?: string;
  nameStatus?: string;
  verifiedName?: string;
  username?: string | null;
  throughputLevel?: ThroughputLevel;
  messagesPerSecond?: number;
}

/** What a change does: to the number it names or, where it names none, to every number of the account. */
export interface ChangeEffect {
  /** `phone_quality.THROUGHPUT_UPGRADE`: what is kept as the event's kind. */
  kind: string;
  displayPhoneNumber?: string;
  phoneNumberId?: string;
  summary: EventSummary;
  set?: NumberValues;
  /** Messaging limit of the whole portfolio. */
  limit?: string;
  stop?: Stop;
  notice?: { kind: NoticeKind; params: Readonly<Record<string, string | number>> };
  /** A notice of this kind is over. */
  resolves?: NoticeKind;
  /** Ask Meta how the number is now: what was told does not say it all. */
  reads?: true;
}

const LONGEST_TEXT = 300;

/** The effect of an item (cloud-api 11): decided here, done by `recordNumberChange`. What is not known is only kept. */
export function effectOf(item: NumberChangeItem): ChangeEffect {
  switch (item.kind) {
    case "phone_quality":
      return qualityEffect(item);
    case "phone_name":
      return nameEffect(item);
    case "business_capability":
      return {
        kind: item.kind,
        summary: { limit: limitText(item.dailyLimit) ?? null, maxPhoneNumbers: item.maxPhoneNumbers ?? null },
        limit: limitText(item.dailyLimit),
      };
    case "account_update":
      return accountEffect(item);
    case "account_alert":
      return alertEffect(item);
    case "account_review":
      return {
        kind: `${item.kind}.${item.decision}`,
        summary: { decision: item.decision },
        ...(item.decision === "REJECTED" && {
          notice: { kind: "account_review_rejected", params: { decision: item.decision } },
        }),
        ...(item.decision === "APPROVED" && { resolves: "account_review_rejected" }),
      };
    case "security":
      return {
        kind: `${item.kind}.${item.event}`,
        displayPhoneNumber: item.displayPhoneNumber,
        summary: { event: item.event }, // who asked is a person at Meta: not kept
        notice: { kind: "number_pin", params: { event: item.event } },
      };
    case "business_username":
      return {
        kind: `${item.kind}.${item.status}`,
        displayPhoneNumber: item.displayPhoneNumber,
        summary: { status: item.status, username: item.username ?? null },
        set: { username: item.status === "deleted" ? null : (item.username ?? null) },
      };
    case "account_error":
      return errorEffect(item);
  }
}

type ItemOf<K extends NumberChangeItem["kind"]> = Extract<NumberChangeItem, { kind: K }>;

/** FLAGGED is the older way to say that quality fell to RED (cloud-api 11); nothing says more than a read of the number. */
function qualityEffect(item: ItemOf<"phone_quality">): ChangeEffect {
  const { event, displayPhoneNumber } = item;
  const limit = limitText(item.dailyLimit) ?? knownTier(item.currentLimit);
  return {
    kind: `${item.kind}.${event}`,
    displayPhoneNumber,
    summary: { event, limit: limit ?? null, oldLimit: item.oldLimit ?? null },
    limit,
    ...(event === "THROUGHPUT_UPGRADE" && {
      set: { throughputLevel: "HIGH", messagesPerSecond: throughputOf.HIGH },
    }),
    ...(event === "FLAGGED" && {
      set: { qualityRating: "RED" },
      stop: { reach: "number", cause: "quality" },
    }),
    ...(event === "UNFLAGGED" && { set: { qualityRating: "UNKNOWN" } }),
    ...(event !== "FLAGGED" && { reads: true }),
  };
}

function nameEffect(item: ItemOf<"phone_name">): ChangeEffect {
  const { decision, displayPhoneNumber, requestedName, rejectionReason } = item;
  const isApproved = decision === "APPROVED";
  return {
    kind: `${item.kind}.${decision}`,
    displayPhoneNumber,
    summary: { decision, requestedName: requestedName ?? null, reason: rejectionReason ?? null },
    set: { nameStatus: decision, ...(isApproved && requestedName && { verifiedName: requestedName }) },
    ...(isApproved && { resolves: "number_name_rejected" }),
    ...(decision === "REJECTED" && {
      notice: { kind: "number_name_rejected", params: { reason: rejectionReason ?? "–" } },
    }),
  };
}

function accountEffect(item: ItemSource & AccountUpdateItem): ChangeEffect {
  const { event, displayPhoneNumber } = item;
  const base = { kind: `account_update.${event}`, displayPhoneNumber, summary: { event } as EventSummary };
  switch (event) {
    case "ACCOUNT_DELETED":
      return { ...base, set: { status: "DELETED" }, stop: accountStop("deleted") };
    case "ACCOUNT_OFFBOARDED":
    case "PARTNER_REMOVED":
      return { ...base, set: { status: "DISCONNECTED" }, stop: accountStop("offboarded") };
    case "ACCOUNT_RECONNECTED":
      return { ...base, reads: true };
    case "ACCOUNT_VIOLATION": {
      const violation = item.violationType ?? "–";
      return {
        ...base,
        summary: { event, violation },
        notice: { kind: "account_violation", params: { violation } },
      };
    }
    case "ACCOUNT_RESTRICTION":
      return restrictionEffect(item, base);
    case "DISABLED_UPDATE":
      return banEffect(item, base);
    case "VOLUME_BASED_PRICING_TIER_UPDATE": {
      const { pricingCategory = null, tier = null, region = null, effectiveMonth = null } = item.volumeTier ?? {};
      return { ...base, summary: { event, pricingCategory, tier, region, effectiveMonth } };
    }
    default:
      return { ...base, summary: { event, country: item.country ?? null } };
  }
}

type Base = Pick<ChangeEffect, "kind" | "displayPhoneNumber" | "summary">;

/** Names a number or concerns all of the account; only what stops our own messages stops them. */
function restrictionEffect({ event, restrictions, displayPhoneNumber }: AccountUpdateItem, base: Base): ChangeEffect {
  const restriction = restrictions.map(({ type }) => type).join(", ") || "–";
  const ends = restrictions.flatMap(({ expiresAt }) => (expiresAt ? [expiresAt.getTime()] : []));
  const until = ends.length > 0 ? new Date(Math.max(...ends)).toISOString().slice(0, 10) : "none";
  return {
    ...base,
    summary: { event, restriction, until },
    set: { status: "RESTRICTED" },
    stop: { reach: displayPhoneNumber ? "number" : "account", cause: "restricted" },
    notice: { kind: "account_restricted", params: { restriction, until } },
  };
}

function banEffect({ event, ban }: AccountUpdateItem, base: Base): ChangeEffect {
  const [state, date] = [ban?.state ?? "–", ban?.date ?? "–"];
  const told = { ...base, kind: `${base.kind}.${state}`, summary: { event, state, date } };
  if (state === "DISABLE") return { ...told, set: { status: "BANNED" }, stop: accountStop("disabled") };
  if (state === "REINSTATE") return { ...told, resolves: "account_disable_planned", reads: true };
  return { ...told, notice: { kind: "account_disable_planned", params: { date } } };
}

function alertEffect(item: ItemOf<"account_alert">): ChangeEffect {
  const { alertType, severity = null, status = null, description } = item;
  const text = description?.slice(0, LONGEST_TEXT) ?? "–";
  const isOpen = status !== "RESOLVED" && severity !== "INFORMATIONAL";
  return {
    kind: `account_alert.${alertType}`,
    summary: { alertType, severity, status, description: text },
    ...(isOpen && { notice: { kind: "account_alert", params: { type: alertType, description: text } } }),
    ...(!isOpen && { resolves: "account_alert" }),
  };
}

function errorEffect(item: ItemOf<"account_error">): ChangeEffect {
  const { code, title } = item.error;
  const stop = stopOf(code);
  return {
    kind: `account_error.${code}`,
    phoneNumberId: item.phoneNumberId,
    summary: { code, title: title.slice(0, LONGEST_TEXT) },
    ...(stop ? { stop } : { notice: { kind: "account_error", params: { code } } }),
  };
}

function accountStop(cause: StopCause): Stop {
  return { reach: "account", cause };
}

function knownTier(text: string | undefined): string | undefined {
  return text?.startsWith("TIER_") ? text : undefined;
}

const THOUSAND = 1_000;

/** As `whatsapp_business_manager_messaging_limit` writes it, whatever the webhook wrote. Zero and the unreadable say nothing. */
function limitText(limit: DailyLimit | undefined): string | undefined {
  if (limit?.kind === "unlimited") return UNLIMITED;
  if (limit?.kind !== "count" || limit.people === 0) return undefined;
  return limit.people % THOUSAND === 0 ? `TIER_${limit.people / THOUSAND}K` : `TIER_${limit.people}`;
}
