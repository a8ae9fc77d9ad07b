import { type ContactFacts, changesOf, filledFrom } from "@/lib/audience/contact-changes";
import { type Identifier, lookupOf, phoneIdentifier } from "@/lib/audience/identifier";
import { findKnownContacts, type KnownContact } from "@/lib/audience/queries/find-known-contacts";
import type { NewConsentEvent } from "@/lib/consent/event";
import { type ConsentNow, findBlockedLookups, getConsentNow } from "@/lib/consent/queries/get-consent-now";
import { newContactId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type ClaimSettings, eventsOf } from "../consent-claims";
import type { PersonRow, RowConsent } from "../read-row";

/** One person of a batch, and what becomes of them. */
export interface PlannedContact {
  contactId: string;
  phone: string;
  firstRow: number;
  rowCount: number;
  outcome: "created" | "updated" | "unchanged";
  /** All facts of a new contact, or those that change. */
  facts: ContactFacts;
  newIdentifiers: Identifier[];
  events: NewConsentEvent[];
  before: ConsentNow;
  isOtherChannel: boolean;
}

interface Gathered {
  phone: string;
  firstRow: number;
  rowCount: number;
  facts: ContactFacts;
  identifiers: Identifier[];
  claims: RowConsent[];
}

const NOBODY: ConsentNow = { status: "none", isBlocked: false };

/**
 * What a batch of rows amounts to: rows of one phone number are one contact, known contacts are found, and only what
 * differs is to be written. Reads in three statements whatever the number of rows, and writes nothing.
 *
 * @param isRepeated true for a phone number that an earlier batch of the same file held
 */
export async function planBatch(
  ctx: Context,
  { people, settings }: { people: readonly PersonRow[]; settings: ClaimSettings },
  isRepeated: (phone: string) => boolean,
): Promise<PlannedContact[]> {
  authorize(ctx, "import.read");
  const gathered = gather(people);
  const lookups = gathered.map(({ phone }) => lookupOf(ctx.secrets.lookupKey, { kind: "phone", value: phone }));
  const known = await findKnownContacts(ctx, lookups);
  const contactIds = [...known.values()].map(({ contactId }) => contactId);
  const consents = await getConsentNow(ctx, { contactIds, purposeId: settings.purposeId });
  const strangers = lookups.filter((lookup) => !known.has(lookup.toString("hex")));
  const blocked = await findBlockedLookups(ctx, strangers);
  return gathered.map((one, index) => {
    const lookup = lookups[index]?.toString("hex") ?? "";
    const contact = known.get(lookup);
    const before = contact
      ? (consents.get(contact.contactId) ?? NOBODY)
      : { ...NOBODY, isBlocked: blocked.has(lookup) };
    return planOne(ctx, { one, contact, before, settings, fillsOnly: isRepeated(one.phone) });
  });
}

function gather(people: readonly PersonRow[]): Gathered[] {
  const byPhone = new Map<string, Gathered>();
  for (const person of people) {
    const { name, country, language, timeZone, attributes } = person;
    const facts: ContactFacts = { attributes, ...(name && { name }), ...(country && { country }) };
    if (language) facts.language = language;
    if (timeZone) facts.timeZone = timeZone;
    const held = byPhone.get(person.phone.e164);
    if (!held) {
      byPhone.set(person.phone.e164, {
        phone: person.phone.e164,
        firstRow: person.row,
        rowCount: 1,
        facts,
        identifiers: identifiersOf(person),
        claims: [person.consent],
      });
      continue;
    }
    held.rowCount += 1;
    held.facts = filledFrom(held.facts, facts);
    held.identifiers.push(...identifiersOf(person));
    held.claims.push(person.consent);
  }
  return [...byPhone.values()];
}

function identifiersOf({ phone, email, externalId }: PersonRow): Identifier[] {
  return [
    phoneIdentifier(phone),
    ...(email ? [{ kind: "email", value: email } as const] : []),
    ...(externalId ? [{ kind: "external", value: externalId } as const] : []),
  ];
}

interface PlanOne {
  one: Gathered;
  contact: KnownContact | undefined;
  before: ConsentNow;
  settings: ClaimSettings;
  fillsOnly: boolean;
}

function planOne(ctx: Context, { one, contact, before, settings, fillsOnly }: PlanOne): PlannedContact {
  const contactId = contact?.contactId ?? newContactId();
  const changes = contact && changesOf(contact, one.facts, fillsOnly);
  const newIdentifiers = distinct(one.identifiers).filter(
    (identifier) => !contact?.lookups.has(lookupOf(ctx.secrets.lookupKey, identifier).toString("hex")),
  );
  const claims = one.claims.some(({ claim }) => claim === "left")
    ? one.claims.filter(({ claim, evidenceHash }) => claim === "left" || evidenceHash !== undefined)
    : one.claims;
  const { country, language } = one.facts;
  const events = eventsOf(
    { contactId, claims, ...(country && { country }), ...(language && { language }) },
    before,
    settings,
  );
  const isSame = contact && !changes && newIdentifiers.length === 0;
  return {
    contactId,
    phone: one.phone,
    firstRow: one.firstRow,
    rowCount: one.rowCount,
    outcome: contact ? (isSame ? "unchanged" : "updated") : "created",
    facts: contact ? (changes ?? { attributes: {} }) : one.facts,
    newIdentifiers,
    events: [...new Map(events.map((event) => [event.idempotencyKey, event])).values()],
    before,
    isOtherChannel: claims.some(({ isOtherChannel }) => isOtherChannel) && !claims.some(isOfWhatsApp),
  };
}

function isOfWhatsApp({ claim, isOtherChannel }: RowConsent): boolean {
  return claim !== "none" && !isOtherChannel;
}

function distinct(identifiers: readonly Identifier[]): Identifier[] {
  return [...new Map(identifiers.map((identifier) => [`${identifier.kind} ${identifier.value}`, identifier])).values()];
}
