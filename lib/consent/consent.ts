/** What can happen to a consent, as the reducer reads it (compliance/design.md 1.4). */
export const consentActs = ["request", "confirm", "grant", "renew", "deny", "withdraw", "invalidate"] as const;
export type ConsentAct = (typeof consentActs)[number];

/** What is recorded (compliance/design.md 1.3). The last three are kept as evidence and do not move the state. */
export const consentEventTypes = [
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
export type ConsentEventType = (typeof consentEventTypes)[number];

/** The act behind a recorded event; undefined for those that the reducer does not read. */
export const actOf: Readonly<Record<ConsentEventType, ConsentAct | undefined>> = {
  requested: "request",
  confirmed: "confirm",
  granted: "grant",
  renewed: "renew",
  denied: "deny",
  withdrawn: "withdraw",
  invalidated: "invalidate",
  expired: undefined, // the reducer expires by itself: the event only tells people
  evidence_added: undefined,
  preference_read: undefined,
};

export const consentStatuses = ["none", "pending", "granted", "denied", "withdrawn", "expired", "invalidated"] as const;
export type ConsentStatus = (typeof consentStatuses)[number];

/** A: an act of the person that we captured with technical evidence. B: everything that somebody else reports. */
export type SourceClass = "A" | "B";

export const consentSources = [
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
export type ConsentSource = (typeof consentSources)[number];

const ACTS_OF_THE_PERSON: ReadonlySet<ConsentSource> = new Set([
  "web_form",
  "keyword_in",
  "whatsapp_button",
  "whatsapp_flow",
  "ctwa_ad",
  "meta_user_preferences",
]);

export function sourceClassOf(source: ConsentSource): SourceClass {
  return ACTS_OF_THE_PERSON.has(source) ? "A" : "B";
}

/** What a report by somebody else must bring with it (compliance/design.md 1.3, `complete`). */
export interface ReportedEvidence {
  actAt?: Date | undefined;
  wordingVersionId?: string | undefined;
  sourceSystem?: string | undefined;
  evidenceFileHash?: string | undefined;
  attester?: string | undefined;
}

/** Whether an event counts as complete: class A always, class B only with all five pieces. */
export function isComplete(sourceClass: SourceClass, evidence: ReportedEvidence): boolean {
  if (sourceClass === "A") return true;
  const { actAt, wordingVersionId, sourceSystem, evidenceFileHash, attester } = evidence;
  return Boolean(actAt && wordingVersionId && sourceSystem && evidenceFileHash && attester);
}

/** How far a withdrawal reaches: the purpose, all marketing (default of a STOP), or everything. */
export const consentScopes = ["purpose", "all_marketing", "all"] as const;
export type ConsentScope = (typeof consentScopes)[number];

export interface ConsentPolicy {
  /** A grant only asks the question; it takes the person's confirmation. */
  doubleOptIn: boolean;
  /** How long the question stays open, in hours. */
  pendingHours: number;
  /** How long a consent lasts from the act, in days. */
  validityDays: number;
}

/** One event as the reducer reads it. */
export interface ConsentFact {
  act: ConsentAct;
  /** When the person acted, not when we heard of it. */
  occurredAt: Date;
  sourceClass: SourceClass;
  complete: boolean;
}

export interface ConsentState {
  status: ConsentStatus;
  /** Set while granted. */
  expiresAt: Date | null;
  /** Set while pending: until when the question is open. */
  pendingUntil: Date | null;
}
