import type { ConsentEvidence } from "@/lib/consent/event";
import type { EvidenceRequest } from "@/lib/ledger/bundle";
import { attemptPayload, outcomePayload } from "@/lib/sending/entries";
import type { Basis } from "@/lib/sending/message";
import { type EventRow, payloadOf } from "./committed-events";

/** One attempt of a message, as its row has it. */
export interface AttemptEvidence {
  attemptId: string;
  messageId: string;
  /** Null: outside of campaigns. */
  campaignId: string | null;
  n: number;
  basis: Basis;
  basisEventId: string | null;
  checks: number;
  notEvaluated: number;
  policyVersionId: string | null;
  at: Date;
  entryId: string;
  outcomes: {
    kind: "accepted" | "held" | "retry" | "rejected" | "ambiguous" | "unsent" | "reconciled";
    wamid: string | null;
    code: number | null;
    reason: string | null;
    at: Date;
    entryId: string;
  }[];
}

/** What the log holds about one message, in the order in which it happened. */
export interface MessageEvidence {
  lane: number;
  contactId: string;
  /** Undefined: the person was erased; what is sealed stays sealed. */
  key: Buffer | undefined;
  /** Consent events of the person, and which of them are items of a batch. */
  events: readonly EventRow[];
  batched: ReadonlySet<string>;
  attempts: readonly AttemptEvidence[];
  /** Entries of one event each: the purpose's creation, the approval. */
  audits: readonly { lane: number; entryId: string }[];
}

/** The entries that a bundle about this message must contain, each once. */
export function evidenceRequests(evidence: MessageEvidence): EvidenceRequest[] {
  const requests = new Map<string, EvidenceRequest>();
  const add = (request: EvidenceRequest) => {
    const known = requests.get(request.entryId);
    if (!known) requests.set(request.entryId, request);
    else if (known.items && request.items)
      requests.set(request.entryId, { ...known, items: [...known.items, ...request.items] });
  };
  for (const { lane, entryId } of evidence.audits) add({ lane, entryId });
  for (const event of evidence.events) add(eventRequest(event, evidence));
  for (const attempt of evidence.attempts) {
    const { lane, contactId: subject } = evidence;
    const { attemptId: id, entryId } = attempt;
    add({ lane, entryId, items: [{ id, subject, payload: attemptPayload(attempt) }] });
    for (const { entryId: outcomeEntry, at, ...outcome } of attempt.outcomes) {
      const payload = outcomePayload({ ...outcome, attemptId: id }, at);
      add({ lane, entryId: outcomeEntry, items: [{ id, subject, payload }] });
    }
  }
  return [...requests.values()];
}

function eventRequest(event: EventRow, { key, batched }: MessageEvidence): EvidenceRequest {
  const place = { lane: event.entryLane, entryId: event.entryId };
  if (!batched.has(event.id)) return place;
  const payload = key && payloadOf(event, key);
  return {
    ...place,
    items: [{ id: event.id, subject: event.contactId, ...(payload === undefined ? {} : { payload }) }],
  };
}

const SHOWN_CHARACTERS = 1;

/** What a value of a person becomes where it may not be read: its first character. `Ana` → `A•••`. */
export function maskValue(text: string): string {
  return `${[...text].slice(0, SHOWN_CHARACTERS).join("")}•••`;
}

/** Evidence as it may be shown: what says where a person was (addresses, agents, files) is masked, the rest is as kept. */
export function maskEvidence(evidence: ConsentEvidence): ConsentEvidence {
  const personal = /(^|_)(ip|user_?agent|phone|email|name|wa_?id|(answered)?wamid)($|_)/i;
  return Object.fromEntries(
    Object.entries(evidence).map(([field, value]) => [
      field,
      personal.test(field) && typeof value === "string" ? maskValue(value) : value,
    ]),
  );
}
