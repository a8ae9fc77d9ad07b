import { resolveContacts } from "@/lib/audience/commands/resolve-contacts";
import type { PersonSeen, ResolvedPerson } from "@/lib/audience/person";
import { type Context, transaction } from "@/lib/identity/context";
import { authorizeRecording } from "../authorize-withdrawal";
import { meetSuppressions } from "./suppress";

/**
 * Who people are, in the order given (`resolveContacts`), with the blocks that stand on what was learnt about them: somebody
 * erased who writes again is a new contact to us, and meets the blocks on their number.
 */
export async function recogniseContacts(
  ctx: Context,
  people: readonly PersonSeen[],
): Promise<(ResolvedPerson | undefined)[]> {
  authorizeRecording(ctx);
  return transaction(ctx, async (tx) => {
    const resolved = await resolveContacts(tx, people);
    const changed = resolved.flatMap((person) => (person?.hasNewIdentifier ? [person.contactId] : []));
    await meetSuppressions(tx, [...new Set(changed)]);
    return resolved;
  });
}

/** Everybody who may be meant: a refusal holds for all of them. */
export function everyoneMeant(person: ResolvedPerson | undefined): string[] {
  return person ? [person.contactId, ...person.others] : [];
}
