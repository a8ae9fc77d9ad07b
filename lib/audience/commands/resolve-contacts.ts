import { newContactId } from "@/lib/foundation/ids";
import { parsePhone } from "@/lib/foundation/phone";
import { authorize, may } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import {
  allSigns,
  type PersonSeen,
  type ResolvedPerson,
  type Sign,
  type Signs,
  signsOf,
  unownedSigns,
} from "../person";
import { findOwners, type Link, type Newcomer, type Owner } from "../store";
import { countryOfUserId } from "../wa-id";
import { type KeptLinks, keepLinks, type PlannedLink } from "./keep-identifiers";

/**
 * Who people are, in the order given: by WhatsApp id or number in whatever spelling of its country, then user id
 * (BSUID), then parent user id (cloud-api 12.1, 12.2). Whoever is not known yet is added, also with a user id alone, so that even a stranger's STOP
 * is kept (compliance 1.4). What is new about somebody known is kept with them. Undefined: nothing names the person.
 *
 * Callers go through `recogniseContacts` (consent), which also brings the blocks on those identifiers.
 */
export async function resolveContacts(
  ctx: Context,
  people: readonly PersonSeen[],
): Promise<(ResolvedPerson | undefined)[]> {
  if (!may(ctx.actor, "consent.record")) authorize(ctx, "consent.report");
  const signs = people.map((person) => signsOf(ctx.secrets.lookupKey, person));
  const wanted = signs.flatMap(allSigns);
  if (wanted.length === 0) return people.map(() => undefined);
  return transaction(ctx, async (tx) => {
    const known = identifying(await findOwners(tx.db, wanted));
    const planned = plan(signs, known);
    if (planned.links.length === 0) return signs.map((one) => resolved(one, known, NOTHING_KEPT));
    const kept = await keepLinks(tx, planned);
    // Another process may have been first with some of them.
    const settled = kept.isWhole ? withLinks(known, kept.links) : identifying(await findOwners(tx.db, wanted));
    return signs.map((one) => resolved(one, settled, kept));
  });
}

const NOTHING_KEPT: KeptLinks = { links: [], isWhole: true, contradicted: new Set() };

/** Contact by the hex of a lookup. */
type Known = ReadonlyMap<string, string>;

function identifying(owners: ReadonlyMap<string, Owner>): Known {
  return new Map([...owners].flatMap(([hex, owner]) => (owner.isGivenUp ? [] : [[hex, owner.contactId] as const])));
}

function withLinks(known: Known, links: readonly Link[]): Known {
  return new Map([...known, ...links.map(({ sign, contactId }) => [sign.hex, contactId] as const)]);
}

/** Contacts behind some signs, each once, in the order of the signs. */
function ownersOf(signs: readonly Sign[], known: Known): string[] {
  return [...new Set(signs.flatMap(({ hex }) => known.get(hex) ?? []))];
}

/** What has to be written so that everybody is somebody, and whatever was told about them is kept. */
function plan(people: readonly Signs[], known: Known): { newcomers: Newcomer[]; links: PlannedLink[] } {
  const soFar = new Map(known);
  const newcomers: Newcomer[] = [];
  const links: PlannedLink[] = [];
  for (const signs of people) {
    if (allSigns(signs).length === 0) continue;
    const [first] = ownersOf(allSigns(signs), soFar);
    const contactId = first ?? newContactId();
    if (!first) newcomers.push({ contactId, country: countryOf(signs) });
    const isRespelling = signs.number !== undefined && soFar.get(signs.number.phone.hex) === contactId;
    for (const sign of unownedSigns(signs, ({ hex }) => soFar.has(hex))) {
      links.push({ contactId, sign, signs, isRespelling });
      soFar.set(sign.hex, contactId);
      if (sign === signs.number?.waId && !soFar.has(signs.number.phone.hex))
        soFar.set(signs.number.phone.hex, contactId);
    }
  }
  return { newcomers, links };
}

function countryOf({ number, userId, parentUserId }: Signs): string | undefined {
  const named = userId ?? parentUserId;
  const dialled = number && parsePhone(number.phone.identifier.value)?.country;
  return dialled ?? (named && countryOfUserId(named.identifier.value));
}

function resolved(signs: Signs, known: Known, kept: KeptLinks): ResolvedPerson | undefined {
  const [contactId, ...others] = ownersOf(allSigns(signs), known);
  if (contactId === undefined) return undefined;
  return {
    contactId,
    others,
    contradicts: kept.contradicted.has(contactId),
    hasNewIdentifier: kept.links.some((link) => link.contactId === contactId),
  };
}
