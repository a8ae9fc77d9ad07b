import { isComplete } from "@/lib/consent/consent";
import type { NewConsentEvent } from "@/lib/consent/event";
import type { ConsentNow } from "@/lib/consent/queries/get-consent-now";
import type { PersonRow, RowConsent } from "./read-row";

/** What all events of one import share. */
export interface ClaimSettings {
  importId: string;
  purposeId: string;
  /** Hex; makes a withdrawal without a date that of this file. */
  fileSha256: string;
  /** When claims without a usable date count as made: when the file was uploaded. */
  at: Date;
  /** Id of a wording version by its label in lower case, for a language. */
  wordingOf(label: string, language: string | undefined): string | undefined;
}

/**
 * The events that rows of one person amount to (class B). A claim with all five pieces of evidence is a grant at its own
 * date; one without is a question that the person has yet to answer. Keys come from the person, the act and its time, not
 * from the file, so that the same fact in another file, or the same file again, is the same event.
 */
export function eventsOf(
  person: Pick<PersonRow, "language" | "country"> & { contactId: string; claims: readonly RowConsent[] },
  now: ConsentNow,
  settings: ClaimSettings,
): NewConsentEvent[] {
  return person.claims.flatMap((claim) => {
    const wordingVersionId = claim.wordingVersion && settings.wordingOf(claim.wordingVersion, person.language);
    return eventsOfClaim({ person, claim, settings, wordingVersionId: wordingVersionId ?? null }, now);
  });
}

function eventsOfClaim(context: ClaimContext, now: ConsentNow): NewConsentEvent[] {
  const { claim, actAt, sourceSystem, evidenceHash, attester } = context.claim;
  if (claim === "none") return [];
  if (claim === "left") return now.status === "withdrawn" && now.isBlocked ? [] : [withdrawal(context)];
  const wordingVersionId = context.wordingVersionId ?? undefined;
  const evidence = { actAt, wordingVersionId, sourceSystem, evidenceFileHash: evidenceHash, attester };
  return claim === "claimed" && actAt && isComplete("B", evidence) ? [grant(context, actAt)] : question(context, now);
}

interface ClaimContext {
  person: Pick<PersonRow, "language" | "country"> & { contactId: string };
  claim: RowConsent;
  settings: ClaimSettings;
  wordingVersionId: string | null;
}

function grant(context: ClaimContext, actAt: Date): NewConsentEvent {
  const { contactId } = context.person;
  const key = [contactId, "granted", context.settings.purposeId, actAt.toISOString(), context.claim.sourceSystem];
  return {
    ...common(context),
    ...ofPurpose(context),
    type: "granted",
    occurredAt: actAt,
    isComplete: true,
    idempotencyKey: keyOf(key),
  };
}

/** Recorded where it can still open the matter: a person who agreed or refused is not asked again by a file. */
function question(context: ClaimContext, now: ConsentNow): NewConsentEvent[] {
  if (now.status !== "none" && now.status !== "expired") return [];
  const { settings, claim, person } = context;
  const act = claim.actAt?.toISOString() ?? "undated";
  const key = [person.contactId, "requested", settings.purposeId, act, claim.sourceSystem ?? "unknown"];
  return [
    {
      ...common(context),
      ...ofPurpose(context),
      type: "requested",
      occurredAt: settings.at,
      isComplete: false,
      idempotencyKey: keyOf(key),
    },
  ];
}

function withdrawal(context: ClaimContext): NewConsentEvent {
  const { person, claim, settings } = context;
  const act = claim.actAt?.toISOString() ?? `undated ${settings.fileSha256.slice(0, 32)}`;
  return {
    ...common(context),
    type: "withdrawn",
    purposeId: null,
    scope: "all_marketing",
    occurredAt: claim.actAt ?? settings.at,
    isComplete: true,
    idempotencyKey: keyOf([person.contactId, "withdrawn", act]),
  };
}

function ofPurpose({ settings }: ClaimContext) {
  return { purposeId: settings.purposeId, scope: "purpose" } as const;
}

function common({ person, claim, settings, wordingVersionId }: ClaimContext) {
  const { actAt, wordingVersion, sourceSystem, evidenceHash, attester, isOtherChannel } = claim;
  return {
    contactId: person.contactId,
    source: "import",
    wordingVersionId,
    jurisdiction: person.country ?? null,
    language: person.language ?? null,
    importId: settings.importId,
    evidence: {
      actAt: actAt?.toISOString() ?? null,
      wordingVersion: wordingVersion ?? null,
      sourceSystem: sourceSystem ?? null,
      evidenceFileSha256: evidenceHash ?? null,
      attester: attester ?? null,
      importFileSha256: settings.fileSha256,
      ...(isOtherChannel ? { otherChannel: true } : {}),
    },
  } as const;
}

function keyOf(parts: readonly (string | undefined)[]): string {
  return `import:${parts.join(":")}`;
}
