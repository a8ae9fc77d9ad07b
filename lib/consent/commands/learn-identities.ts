import { keepIdentifiers, newsAmong, type ToldAbout } from "@/lib/audience/commands/keep-identifiers";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { settleIdentities } from "./settle-identities";
import { meetSuppressions } from "./suppress";

/**
 * Keeps what Meta tells about people whom we wrote to, in answers to sends and in statuses: their WhatsApp id and user ids, so
 * that they are found when they write. One look-up for all of them; most tell nothing new.
 */
export async function learnIdentities(ctx: Context, people: readonly ToldAbout[]): Promise<void> {
  authorize(ctx, "job.run");
  const news = await newsAmong(ctx, people);
  if (news.length === 0) return;
  const told = await transaction(ctx, async (tx) => {
    const changed = await keepIdentifiers(tx, news);
    const blocked = changed.flatMap(({ hasNewIdentifier, contactId }) => (hasNewIdentifier ? [contactId] : []));
    await meetSuppressions(tx, blocked);
    return changed;
  });
  await settleIdentities(ctx, told);
}
