import { keepIdentifiers, type ToldAbout } from "@/lib/audience/commands/keep-identifiers";
import type { PersonSeen } from "@/lib/audience/person";
import { findUnsettled } from "@/lib/audience/queries/find-unsettled";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { settleIdentities } from "./settle-identities";
import { meetSuppressions } from "./suppress";

/**
 * Keeps what Meta tells about people whom we wrote to, in answers to sends and in statuses: their WhatsApp id and user ids, so
 * that they are found when they write.
 */
export async function learnIdentities(ctx: Context, people: readonly ToldAbout[]): Promise<void> {
  authorize(ctx, "job.run");
  if (people.length === 0) return;
  const told = await transaction(ctx, async (tx) => {
    const changed = await keepIdentifiers(tx, people);
    const blocked = changed.flatMap(({ hasNewIdentifier, contactId }) => (hasNewIdentifier ? [contactId] : []));
    await meetSuppressions(tx, blocked);
    return changed;
  });
  await settleIdentities(ctx, told);
}

const REMEMBERED = 100_000;
/** What this process has learnt: of a message's several statuses the first one tells who it went to. */
const learnt = new Set<string>();

/**
 * The same for the hot path, where the same is told again and again: one look-up for all of them, none for what this process has
 * learnt, and `withContacts` asked only about those of whom something new is told. Not to be called inside a transaction, which
 * may come to nothing.
 */
export async function learnOnce<Person extends PersonSeen & { contactId?: string }>(
  ctx: Context,
  people: readonly Person[],
  withContacts: (people: readonly Person[]) => Promise<readonly ToldAbout[]>,
): Promise<void> {
  authorize(ctx, "job.run");
  const told = new Map(people.map((person) => [wordsOf(person), person]));
  for (const words of told.keys()) if (learnt.has(words)) told.delete(words);
  if (told.size === 0) return;
  const unsettled = await findUnsettled(ctx, [...told.values()]);
  if (unsettled.length > 0) await learnIdentities(ctx, await withContacts(unsettled));
  if (learnt.size + told.size > REMEMBERED) learnt.clear();
  for (const words of told.keys()) learnt.add(words);
}

function wordsOf({ contactId, waId, userId, parentUserId }: PersonSeen & { contactId?: string }): string {
  return [contactId, waId, userId, parentUserId].join(" ");
}
