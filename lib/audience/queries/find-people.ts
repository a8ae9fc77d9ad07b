import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { allSigns, type PersonSeen, signsOf } from "../person";
import { findOwners } from "../store";

/** Who people are, in the order given and without adding anybody: by the same order as `resolveContacts`. */
export async function findPeople(ctx: Context, people: readonly PersonSeen[]): Promise<(string | undefined)[]> {
  authorize(ctx, "consent.record");
  const signs = people.map((person) => allSigns(signsOf(ctx.secrets.lookupKey, person)));
  const owners = await findOwners(ctx.db, signs.flat());
  return signs.map((own) => {
    const found = own.map(({ hex }) => owners.get(hex)).find((owner) => owner && !owner.isGivenUp);
    return found?.contactId;
  });
}
