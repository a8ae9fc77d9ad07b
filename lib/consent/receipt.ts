import type { Json } from "@/lib/ledger/verifier";
import type { ConsentEventFacts } from "./event";
import type { WordingNotice } from "./wording";

/** A purpose as a receipt names it. */
export interface ReceiptPurpose {
  id: string;
  name: string;
  category: string;
  dpvIri: string;
  lawfulBasis: string;
  validityDays: number;
  retentionDays: number;
}

export interface ReceiptFacts {
  event: ConsentEventFacts;
  /** Those that the event is about: one, or all that its scope covers. */
  purposes: readonly ReceiptPurpose[];
  controller: string;
  /** The text as shown; undefined where the event names none. */
  wording:
    | { id: string; label: string; language: string; text: string; textSha256: string; privacyNoticeUrl: string }
    | undefined;
  notice: WordingNotice;
  /** What proves that the event is in the log; null until a signed checkpoint covers it. */
  proof: Json;
}

/** Words of the Data Privacy Vocabulary for what happened. */
const DPV_STATUS: Readonly<Record<ConsentEventFacts["type"], string>> = {
  requested: "dpv:ConsentRequested",
  confirmed: "dpv:ConsentGiven",
  granted: "dpv:ConsentGiven",
  renewed: "dpv:RenewedConsentGiven",
  denied: "dpv:ConsentRefused",
  withdrawn: "dpv:ConsentWithdrawn",
  invalidated: "dpv:ConsentInvalidated",
  expired: "dpv:ConsentExpired",
  evidence_added: "dpv:ConsentUnknown",
  preference_read: "dpv:ConsentUnknown",
};

const META = "Meta Platforms (WhatsApp)";

/**
 * A receipt that a person can keep: field names of the Kantara Consent Receipt 1.1, the sections of ISO/IEC TS 27560, and the
 * Data Privacy Vocabulary as JSON-LD context. It says what is known, and `null` or nothing for what is not.
 */
export function consentReceipt(facts: ReceiptFacts): Json {
  const { event, purposes, controller, wording, notice, proof } = facts;
  return {
    "@context": { dpv: "https://w3id.org/dpv#", dct: "http://purl.org/dc/terms/" },
    "@type": "dpv:ConsentReceipt",
    // Kantara Consent Receipt 1.1
    version: "KI-CR-v1.1.0",
    jurisdiction: event.jurisdiction,
    consentTimestamp: Math.floor(event.occurredAt.getTime() / 1000),
    collectionMethod: event.source,
    consentReceiptID: event.id,
    language: event.language ?? wording?.language ?? null,
    piiPrincipalId: event.contactId,
    piiControllers: [
      {
        piiController: controller,
        onBehalf: false,
        contact: notice.controllerContact || null,
        address: notice.controllerAddress || null,
        piiControllerUrl: wording?.privacyNoticeUrl ?? null,
      },
    ],
    policyUrl: wording?.privacyNoticeUrl ?? null,
    services: [{ service: "WhatsApp", purposes: purposes.map((purpose) => kantaraPurpose(purpose, facts)) }],
    sensitive: false,
    spiCat: [],
    // ISO/IEC TS 27560
    record: { schemaVersion: "27560:2023", recordId: event.id, piiPrincipalId: event.contactId },
    piiProcessing: {
      privacyNotice: wording
        ? {
            id: wording.id,
            version: wording.label,
            language: wording.language,
            text: wording.text,
            textSha256: wording.textSha256,
            privacyNoticeSha256: notice.privacyNoticeSha256 || null,
          }
        : null,
      purposes: purposes.map(({ id, name, dpvIri, lawfulBasis, retentionDays }) => ({
        id,
        "dct:title": name,
        purpose: dpvIri,
        lawfulBasis,
        piiInformation: ["dpv-pd:TelephoneNumber", "dpv-pd:Name"],
        retentionPeriod: notice.retention || `P${retentionDays}D`,
      })),
      recipients: notice.recipients || META,
      storageLocations: notice.storage || null,
      withdrawalMethod: notice.withdrawal || null,
      privacyRights: notice.rights || null,
      authorityParty: notice.authority || null,
    },
    event: {
      eventId: event.id,
      eventTime: event.occurredAt.toISOString(),
      recordedTime: event.recordedAt.toISOString(),
      eventType: event.type,
      eventState: DPV_STATUS[event.type],
      scope: event.scope,
      source: event.source,
      sourceClass: event.sourceClass,
      complete: event.isComplete,
      entity: event.actorKind,
      evidence: event.evidence,
    },
    ledger: proof,
  };
}

function kantaraPurpose({ name, category, validityDays }: ReceiptPurpose, { notice, event }: ReceiptFacts): Json {
  return {
    purpose: name,
    purposeCategory: [category],
    consentType: event.sourceClass === "A" ? "EXPLICIT" : "REPORTED",
    piiCategory: ["Contact"],
    primaryPurpose: true,
    termination: notice.withdrawal || `P${validityDays}D`,
    thirdPartyDisclosure: true,
    thirdPartyName: notice.recipients || META,
  };
}
