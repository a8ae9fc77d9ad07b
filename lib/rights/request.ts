import * as z from "zod";

export const requestKinds = ["access", "portability", "rectification", "erasure", "restriction", "objection"] as const;
export type RequestKind = (typeof requestKinds)[number];

export const requestStatuses = [
  "opened",
  "identity_checked",
  "package_ready",
  "redacted",
  "approved",
  "delivered",
  "erasing",
  "closed",
  "refused",
] as const;
export type RequestStatus = (typeof requestStatuses)[number];

export const refusalReasons = ["identity_unproved", "unfounded", "excessive", "withdrawn_by_person"] as const;
export type RefusalReason = (typeof refusalReasons)[number];

export const OpenRequestInput = z.object({
  contactId: z.uuid(),
  kind: z.enum(requestKinds),
  /** When the person asked; the clock runs from then. */
  receivedAt: z.date().optional(),
  /** What they asked, in their own words; kept sealed until it is done. */
  words: z.string().trim().max(2_000).optional(),
});

const DAY_MS = 86_400_000;
/** LGPD art. 19, II: fifteen days for the complete declaration. */
const LGPD_DAYS = 15;
/** GDPR art. 12.3: one month, and two more where requests are complex or many. */
const GDPR_MONTHS = 1;
const EXTENSION_MONTHS = 2;

/** Until when it must be answered. Where the country is unknown the month of the GDPR counts. */
export function dueAt(jurisdiction: string | null, receivedAt: Date): Date {
  if (jurisdiction === "BR") return new Date(receivedAt.getTime() + LGPD_DAYS * DAY_MS);
  return addMonths(receivedAt, GDPR_MONTHS);
}

/** The clock of the LGPD cannot be extended. */
export function extendedDueAt(jurisdiction: string | null, due: Date): Date | undefined {
  return jurisdiction === "BR" ? undefined : addMonths(due, EXTENSION_MONTHS);
}

/** Calendar months (Regulation 1182/71): the same day, or the last one of a shorter month. */
export function addMonths(from: Date, months: number): Date {
  const to = new Date(from);
  to.setUTCMonth(to.getUTCMonth() + months, 1);
  const lastDay = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(from.getUTCDate(), lastDay));
  return to;
}

/** Whole days that are left; negative: overdue since. */
export function daysLeft(due: Date, now: Date): number {
  const days = (due.getTime() - now.getTime()) / DAY_MS;
  return days < 0 ? Math.floor(days) : Math.ceil(days);
}

const SOON_DAYS = 7;

export function urgencyOf(due: Date, now: Date): "overdue" | "soon" | "later" {
  const days = daysLeft(due, now);
  if (days < 0) return "overdue";
  return days <= SOON_DAYS ? "soon" : "later";
}

/** ES: blocked for the limitation period before the data goes (LOPDGDD 32); the default is open to legal review. */
const BLOCKING_YEARS: Readonly<Record<string, number>> = { ES: 3 };

/** Until when erased data stays blocked where that is the law; null: it goes at once. */
export function blockedUntil(jurisdiction: string | null, at: Date): Date | null {
  const years = jurisdiction === null ? undefined : BLOCKING_YEARS[jurisdiction];
  return years === undefined ? null : addMonths(at, years * 12);
}

const hasPackage = (kind: RequestKind) => kind === "access" || kind === "portability";

/** What may be done with a request as it stands; the same for buttons and for commands. */
export const requestCan = {
  assign: ({ status }: Standing) => isOpen(status),
  checkIdentity: ({ status }: Standing) => status === "opened",
  buildPackage: ({ kind, status }: Standing) =>
    hasPackage(kind) && ["identity_checked", "package_ready", "redacted"].includes(status),
  redact: ({ kind, status }: Standing) => hasPackage(kind) && ["package_ready", "redacted"].includes(status),
  approve: ({ kind, status }: Standing) => hasPackage(kind) && status === "redacted",
  deliver: ({ kind, status }: Standing) => hasPackage(kind) && (status === "approved" || status === "delivered"),
  rectify: ({ kind, status }: Standing) => kind === "rectification" && status === "identity_checked",
  /** To limit or to object needs no proof of who asks: it only spares the person messages. */
  restrict: ({ kind, status }: Standing) => kind === "restriction" && isOpen(status),
  object: ({ kind, status }: Standing) => kind === "objection" && isOpen(status),
  approveErasure: ({ kind, status }: Standing) => kind === "erasure" && status === "identity_checked",
  extend: ({ status, extendedReason }: Standing & { extendedReason: string | null }) =>
    isOpen(status) && extendedReason === null,
  refuse: ({ status }: Standing) => isOpen(status) && status !== "erasing" && status !== "delivered",
  close: ({ status }: Standing) => status === "delivered",
} as const;

export interface Standing {
  kind: RequestKind;
  status: RequestStatus;
}

export function isOpen(status: RequestStatus): boolean {
  return status !== "closed" && status !== "refused";
}
