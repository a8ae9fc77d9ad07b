import type { Json } from "@/lib/ledger/verifier";
import type { ConsentEventType, ConsentScope, ConsentSource } from "./consent";

/** What goes under the contact's key: who, where, with which files. Never read by a rule. */
export type ConsentEvidence = Readonly<Record<string, string | number | boolean | null>>;

/** An event to be recorded. Its id, recording time, completeness and log entry are added by the one writer. */
export interface NewConsentEvent {
  contactId: string;
  type: ConsentEventType;
  /** Given exactly when the scope is `purpose`. */
  purposeId: string | null;
  scope: ConsentScope;
  source: ConsentSource;
  /** When the person acted. Up to five minutes in the future are forgiven, more is refused. */
  occurredAt: Date;
  isComplete: boolean;
  /** The same key is recorded once, however often it is reported. */
  idempotencyKey: string;
  wordingVersionId?: string | null;
  evidence?: ConsentEvidence | null;
  jurisdiction?: string | null;
  language?: string | null;
  /** Who caused it, where that is not the actor of the context: the person, or Meta. */
  by?: "contact" | "meta";
  importId?: string | null;
}

/** A stored event, as the log commits to it. */
export interface ConsentEventFacts {
  id: string;
  contactId: string;
  type: ConsentEventType;
  purposeId: string | null;
  scope: ConsentScope;
  wordingVersionId: string | null;
  source: ConsentSource;
  sourceClass: "A" | "B";
  isComplete: boolean;
  occurredAt: Date;
  recordedAt: Date;
  jurisdiction: string | null;
  language: string | null;
  actorKind: string;
  actorId: string | null;
  evidence: ConsentEvidence | null;
}

/** The payload of an event's log entry. Every value stands in the row, so it can be derived again for a proof. */
export function consentPayload(event: ConsentEventFacts): Json {
  return {
    event: event.id,
    contact: event.contactId,
    type: event.type,
    purpose: event.purposeId,
    scope: event.scope,
    wordingVersion: event.wordingVersionId,
    source: event.source,
    class: event.sourceClass,
    complete: event.isComplete,
    occurredAt: event.occurredAt.toISOString(),
    recordedAt: event.recordedAt.toISOString(),
    jurisdiction: event.jurisdiction,
    language: event.language,
    actor: event.actorKind,
    actorId: event.actorId,
    evidence: event.evidence,
  };
}

/** Where an event's evidence belongs, as its additional authenticated data. */
export function evidencePlace(eventId: string): string {
  return `consent_events|evidence_sealed|${eventId}`;
}
