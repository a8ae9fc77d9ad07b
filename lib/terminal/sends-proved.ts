import * as z from "zod";
import { consentEventTypes, consentScopes } from "@/lib/consent/consent";
import { type HistoryEvent, type PurposePolicy, projectStates, statusAt } from "@/lib/consent/projection";
import type { Json, ProvedRow } from "@/lib/ledger/verifier";

// Proved payloads, as their rooms commit to them: sending/entries.ts, consent/event.ts, consent/commands/create-purpose.ts.

const Instant = z.iso.datetime().transform((text) => new Date(text));
const Attempt = z.object({
  attempt: z.uuid(),
  basis: z.literal("consent"),
  basisEvent: z.uuid(),
  authorisedAt: Instant,
});
const ConsentEvent = z.object({
  event: z.uuid(),
  contact: z.uuid(),
  type: z.enum(consentEventTypes),
  purpose: z.uuid().nullable(),
  scope: z.enum(consentScopes),
  wordingVersion: z.uuid().nullable(),
  class: z.enum(["A", "B"]),
  complete: z.boolean(),
  occurredAt: Instant,
  recordedAt: Instant,
});
const PurposeCreated = z.object({
  type: z.literal("purpose.created"),
  data: z.object({
    id: z.uuid(),
    category: z.string(),
    doubleOptIn: z.boolean(),
    pendingHours: z.number(),
    validityDays: z.number(),
  }),
});

export interface SendsVerdict {
  /** Attempts whose consent was folded anew and stood at the moment of the gate. */
  consented: number;
  /** One sentence for each attempt without a consent. */
  failures: string[];
  /** Attempts whose consent event cannot be read: the person was erased, or the bundle leaves it out. */
  unread: number;
}

/**
 * Folds the consent behind every proved attempt again, from proved events and proved purposes alone: what the database
 * says about it plays no part. Only events that had been recorded when the gate decided count.
 */
export function checkSends(proved: readonly ProvedRow[]): SendsVerdict {
  const payloads = proved.map((row) => row.payload);
  const events = read(payloads, ConsentEvent);
  const eventById = new Map(events.map((event) => [event.event, event]));
  const eventsByContact = new Map(events.map(({ contact }): [string, typeof events] => [contact, []]));
  for (const event of events) eventsByContact.get(event.contact)?.push(event);
  const purposeById = new Map(read(payloads, PurposeCreated).map(({ data }) => [data.id, data]));
  const verdict: SendsVerdict = { consented: 0, failures: [], unread: 0 };
  for (const attempt of read(payloads, Attempt)) {
    const basis = eventById.get(attempt.basisEvent);
    const purpose = purposeById.get(basis?.purpose ?? "");
    if (!basis || !purpose) {
      verdict.unread += 1;
      continue;
    }
    const policy = { ...purpose, purposeId: purpose.id, isMarketing: purpose.category === "MARKETING" };
    const history = eventsByContact.get(basis.contact) ?? [];
    if (stoodAt(attempt, history, policy)) verdict.consented += 1;
    else verdict.failures.push(`attempt ${attempt.attempt}: no consent stood at ${attempt.authorisedAt.toISOString()}`);
  }
  return verdict;
}

function stoodAt(
  { authorisedAt, basisEvent }: z.infer<typeof Attempt>,
  history: readonly z.infer<typeof ConsentEvent>[],
  policy: PurposePolicy,
): boolean {
  const known = history.filter(
    ({ recordedAt, occurredAt }) => recordedAt <= authorisedAt && occurredAt <= authorisedAt,
  );
  const [state] = projectStates([policy], known.map(toHistory));
  return state !== undefined && statusAt(state, authorisedAt) === "granted" && state.basisEventId === basisEvent;
}

function toHistory(event: z.infer<typeof ConsentEvent>): HistoryEvent {
  const { type, scope, occurredAt, recordedAt } = event;
  return {
    id: event.event,
    type,
    scope,
    occurredAt,
    recordedAt,
    purposeId: event.purpose,
    sourceClass: event.class,
    isComplete: event.complete,
    wordingVersionId: event.wordingVersion,
  };
}

function read<Schema extends z.ZodType>(payloads: readonly Json[], schema: Schema): z.infer<Schema>[] {
  return payloads.flatMap((payload) => {
    const parsed = schema.safeParse(payload);
    return parsed.success ? [parsed.data] : [];
  });
}
