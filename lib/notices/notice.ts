import * as z from "zod";
import type { Permission } from "@/lib/identity/permissions";

/** How urgent: `bad` something was stopped or will not work, `warn` soon, `info` good to know. */
export type NoticeLevel = "info" | "warn" | "bad";

/** What a notice is about; decides where it leads. */
export type NoticeSubject =
  | "template"
  | "number"
  | "campaign"
  | "contact"
  | "webhooks"
  | "request"
  | "breach"
  | "replies";

interface KindRow {
  level: NoticeLevel;
  /** Who sees and dismisses it: whoever may read what it is about. */
  permission: Permission;
}

/** Everything the product tells people by itself. Words: catalogue `notices`, `kinds.<kind>.title` and `.text`. */
export const noticeKinds = {
  template_paused: { level: "bad", permission: "template.read" },
  template_disabled: { level: "bad", permission: "template.read" },
  template_rejected: { level: "warn", permission: "template.read" },
  template_flagged: { level: "bad", permission: "template.read" },
  template_archived: { level: "warn", permission: "template.read" },
  template_gone: { level: "warn", permission: "template.read" },
  template_quality_low: { level: "warn", permission: "template.read" },
  template_category_changing: { level: "warn", permission: "template.read" },
  template_category_changed: { level: "warn", permission: "template.read" },
  template_changed_elsewhere: { level: "bad", permission: "template.read" },
  campaign_media_failed: { level: "bad", permission: "campaign.read" },
  template_insights_failed: { level: "info", permission: "template.read" },
  campaign_refused: { level: "bad", permission: "campaign.read" },
  results_ready: { level: "info", permission: "report.read" },
  campaign_failing: { level: "bad", permission: "campaign.read" },
  campaign_late: { level: "bad", permission: "campaign.read" },
  sending_stopped: { level: "bad", permission: "number.read" },
  number_stopped: { level: "bad", permission: "number.read" },
  number_slowed: { level: "warn", permission: "number.read" },
  number_waits: { level: "warn", permission: "number.read" },
  portfolio_full: { level: "warn", permission: "number.read" },
  number_unhealthy: { level: "bad", permission: "number.read" },
  number_quality: { level: "warn", permission: "number.read" },
  number_name_rejected: { level: "warn", permission: "number.read" },
  number_pin: { level: "warn", permission: "number.read" },
  account_violation: { level: "bad", permission: "number.read" },
  account_restricted: { level: "bad", permission: "number.read" },
  account_disable_planned: { level: "bad", permission: "number.read" },
  account_alert: { level: "warn", permission: "number.read" },
  account_review_rejected: { level: "bad", permission: "number.read" },
  account_error: { level: "warn", permission: "number.read" },
  refusal_failed: { level: "bad", permission: "number.read" },
  identity_unclear: { level: "warn", permission: "contact.read" },
  sends_unproven: { level: "bad", permission: "ledger.read" },
  witness_refused: { level: "bad", permission: "ledger.read" },
  checkpoint_not_exported: { level: "warn", permission: "ledger.read" },
  witness_missing: { level: "warn", permission: "ledger.read" },
  log_conflict: { level: "bad", permission: "ledger.read" },
  log_broken: { level: "bad", permission: "ledger.read" },
  request_due: { level: "warn", permission: "rights.handle" },
  request_overdue: { level: "bad", permission: "rights.handle" },
  breach_clock: { level: "bad", permission: "rights.handle" },
  replies_unread: { level: "info", permission: "conversation.read" },
  webhook_quarantined: { level: "warn", permission: "number.read" },
} as const satisfies Record<string, KindRow>;

export type NoticeKind = keyof typeof noticeKinds;

export const noticeKindNames = Object.keys(noticeKinds) as NoticeKind[]; // keys of a literal: exactly the union

/** The row of a kind; kinds that an older or newer version wrote are not known. */
export function noticeKind(name: string): (KindRow & { name: NoticeKind }) | undefined {
  const known = noticeKindNames.find((one) => one === name);
  return known && { ...noticeKinds[known], name: known };
}

export interface NewNotice {
  kind: NoticeKind;
  /** What makes two notices the same, such as `template_paused <template id>`: while one is open, others are counted onto it. */
  key: string;
  subject?: { type: NoticeSubject; id?: string };
  /** For its words. Names of our own things, codes, counts; never anything of a person we write to. */
  params?: Readonly<Record<string, string | number>>;
}

export const NoticeInput = z.object({ id: z.uuid() });
