import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { allSigns, type PersonSeen, signsOf } from "../person";
import { findOwners } from "../store";

/**
 * Those of whom something is told that we do not have yet: an identifier that nobody has, identifiers of several contacts, or of
 * another one than `contactId`. Who is told without a number is among them, because the number is what we wrote to.
 */
export async function findUnsettled<Person extends PersonSeen & { contactId?: string }>(
  ctx: Context,
  people: readonly Person[],
): Promise<Person[]> {
  authorize(ctx, "consent.record");
  const told = people.map((person) => ({ person, signs: signsOf(ctx.secrets.lookupKey, person) }));
  const owners = await findOwners(
    ctx.db,
    told.flatMap(({ signs }) => allSigns(signs)),
  );
  return told.flatMap(({ person, signs }) => {
    const { number, userId, parentUserId } = signs;
    const ids = [userId, parentUserId].filter((sign) => sign !== undefined);
    if (!number) return ids.length > 0 ? [person] : [];
    const ownerOfNumber =
      owners.get(number.waId.hex) ?? (number.isCanonical ? owners.get(number.phone.hex) : undefined);
    const all = [ownerOfNumber, ...ids.map(({ hex }) => owners.get(hex))].map((owner) => owner?.contactId);
    const [first] = all;
    const isSettled = first !== undefined && all.every((id) => id === first) && (person.contactId ?? first) === first;
    return isSettled ? [] : [person];
  });
}
