import * as z from "zod";
import type { ConsentEventType, ConsentScope, ConsentSource, SourceClass } from "@/lib/consent/consent";
import { type ConsentEvidence, consentPayload, evidencePlace } from "@/lib/consent/event";
import type { HistoryEvent } from "@/lib/consent/projection";
import { open } from "@/lib/keystore/cipher";
import type { Json } from "@/lib/ledger/verifier";

/** A consent event as its row has it. */
export interface EventRow {
  id: string;
  contactId: string;
  type: ConsentEventType;
  purposeId: string | null;
  scope: ConsentScope;
  wordingVersionId: string | null;
  source: ConsentSource;
  sourceClass: SourceClass;
  isComplete: boolean;
  occurredAt: Date;
  recordedAt: Date;
  jurisdiction: string | null;
  language: string | null;
  actorKind: string;
  actorId: string | null;
  evidenceSealed: Buffer | null;
  /** Set when retention took the evidence away: what the log committed to cannot be made from this row any more. */
  evidenceRemovedAt: Date | null;
  entryLane: number;
  entryId: string;
}

const evidence: z.ZodType<ConsentEvidence> = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null()]),
);

/** What was kept as proof of the act; null where nothing was. Throws when the sealed text was altered. */
export function openEvidence(event: Pick<EventRow, "id" | "evidenceSealed">, key: Buffer): ConsentEvidence | null {
  if (!event.evidenceSealed) return null;
  return evidence.parse(JSON.parse(open(key, event.evidenceSealed, evidencePlace(event.id)).toString("utf8")));
}

/** The payload that the log committed to, made from the row again; undefined when its sealed evidence was altered. */
export function payloadOf(event: EventRow, key: Buffer): Json | undefined {
  try {
    return consentPayload({ ...event, evidence: openEvidence(event, key) });
  } catch {
    return undefined;
  }
}

export function toHistory(event: EventRow): HistoryEvent {
  const { id, type, purposeId, scope, sourceClass, isComplete, wordingVersionId, occurredAt, recordedAt } = event;
  return { id, type, purposeId, scope, sourceClass, isComplete, wordingVersionId, occurredAt, recordedAt };
}
