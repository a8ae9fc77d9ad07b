import { authorize, may } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import {
  allSigns,
  numberToKeep,
  type PersonSeen,
  type ResolvedPerson,
  type Sign,
  type Signs,
  signsOf,
  unownedSigns,
} from "../person";
import { currentContacts } from "../queries/current-contacts";
import {
  claimLinks,
  findOwners,
  insertContacts,
  insertIdentifiers,
  type Link,
  lockHeldKinds,
  type Newcomer,
  type Owner,
} from "../store";

/** A contact of ours, and what Meta tells about them. */
export type ToldAbout = PersonSeen & { contactId: string };

/**
 * Keeps what Meta tells about people whom we wrote to: their WhatsApp id, where it is not the number we dialled, and their
 * user ids (cloud-api 2.2, 9.4). Answers those about whom it told something new. Callers go through `learnIdentities` (consent).
 */
export async function keepIdentifiers(ctx: Context, people: readonly ToldAbout[]): Promise<ResolvedPerson[]> {
  if (!may(ctx.actor, "consent.record")) authorize(ctx, "consent.report");
  const { news, owners } = await readNews(ctx, people);
  const current = await currentContacts(ctx, [...new Set(news.map(({ contactId }) => contactId))]);
  const links = new Map<string, PlannedLink>();
  const others = new Map<string, Set<string>>();
  for (const { contactId: first, signs } of news) {
    const contactId = current.get(first);
    if (contactId === undefined) continue;
    const elsewhere = ownersOf(allSigns(signs), owners).filter((id) => id !== contactId);
    if (elsewhere.length > 0) others.set(contactId, new Set([...(others.get(contactId) ?? []), ...elsewhere]));
    for (const sign of unowned(signs, owners)) links.set(sign.hex, { contactId, sign, signs, isRespelling: true });
  }
  const kept = await transaction(ctx, (tx) => keepLinks(tx, { links: [...links.values()], newcomers: [] }));
  const changed = new Set([...others.keys(), ...kept.links.map(({ contactId }) => contactId)]);
  return [...changed].map((contactId) => ({
    contactId,
    others: [...(others.get(contactId) ?? [])],
    contradicts: kept.contradicted.has(contactId),
    hasNewIdentifier: kept.links.some((link) => link.contactId === contactId),
  }));
}

async function readNews(ctx: Context, people: readonly ToldAbout[]) {
  const told = distinct(people).map((person) => ({ ...person, signs: signsOf(ctx.secrets.lookupKey, person) }));
  const owners = await findOwners(
    ctx.db,
    told.flatMap(({ signs }) => allSigns(signs)),
  );
  const isNews = ({ contactId, signs }: (typeof told)[number]) =>
    unowned(signs, owners).length > 0 || ownersOf(allSigns(signs), owners).some((id) => id !== contactId);
  return { news: told.filter(isNews), owners };
}

function distinct(people: readonly ToldAbout[]): ToldAbout[] {
  const key = ({ contactId, waId, userId, parentUserId }: ToldAbout) =>
    [contactId, waId, userId, parentUserId].join(" ");
  return [...new Map(people.map((person) => [key(person), person])).values()];
}

function ownersOf(signs: readonly Sign[], owners: ReadonlyMap<string, Owner>): string[] {
  return signs.flatMap(({ hex }) => {
    const owner = owners.get(hex);
    return owner && !owner.isGivenUp ? [owner.contactId] : [];
  });
}

/** What nobody has, nor had: a late status about a number that was given up does not bring it back. */
function unowned(signs: Signs, owners: ReadonlyMap<string, Owner>): Sign[] {
  return unownedSigns(signs, ({ hex }) => owners.has(hex));
}

export interface PlannedLink extends Link {
  /** Everything told with it: a number is kept as a phone number only where the contact has none. */
  signs: Signs;
  /** The contact is known by this very number in another spelling, or answers to it. */
  isRespelling: boolean;
}

export interface KeptLinks {
  links: readonly Link[];
  /** Everything planned was ours to write. */
  isWhole: boolean;
  /** Contacts whose new identifier contradicts one they have. */
  contradicted: ReadonlySet<string>;
}

/** Writes identifiers of known contacts and of newcomers, inside the caller's transaction. */
export async function keepLinks(
  tx: Context,
  { links, newcomers }: { links: readonly PlannedLink[]; newcomers: readonly Newcomer[] },
): Promise<KeptLinks> {
  const isNew = new Set(newcomers.map(({ contactId }) => contactId));
  const old = [...new Set(links.map(({ contactId }) => contactId))].filter((id) => !isNew.has(id));
  const keys = new Map([
    ...(await tx.keys.createKeys([...isNew])), // the key first, the contact after
    ...(await tx.keys.keysOf(old)),
  ]);
  const { alive, held } = await lockHeldKinds(tx, old);
  const has = (contactId: string, kind: string) => held.get(contactId)?.has(kind) ?? false;
  const wanted = links
    // Whoever was erased since they were looked up gets nothing back, even where their key is still remembered.
    .filter(({ contactId }) => keys.has(contactId) && (isNew.has(contactId) || alive.has(contactId)))
    .flatMap(({ contactId, sign, signs }): Link[] => {
      if (sign.identifier.kind !== "wa_id") return [{ contactId, sign }];
      return numberToKeep(signs, has(contactId, "phone")).map((one) => ({ contactId, sign: one }));
    });
  const claimed = await claimLinks(tx, wanted);
  const owning = new Set(claimed.map(({ contactId }) => contactId));
  await insertContacts(
    tx,
    newcomers.filter(({ contactId }) => owning.has(contactId)),
  );
  await insertIdentifiers(tx, claimed, keys);
  const contradicted = links.filter(({ contactId, sign, isRespelling }) =>
    sign.identifier.kind === "bsuid"
      ? has(contactId, "bsuid")
      : sign.identifier.kind === "wa_id" && !isRespelling && has(contactId, "phone"),
  );
  return {
    links: claimed,
    isWhole: claimed.length === wanted.length,
    contradicted: new Set(contradicted.map(({ contactId }) => contactId)),
  };
}
