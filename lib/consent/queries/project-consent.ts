import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { sourceClassOf } from "../consent";
import type { NewConsentEvent } from "../event";
import { type ProjectedState, projectStates } from "../projection";
import { loadHistories, loadPolicies } from "../store";

/** What the states would be if these events were recorded now. Writes nothing. */
export async function projectConsent(
  ctx: Context,
  events: readonly NewConsentEvent[],
): Promise<Map<string, ProjectedState[]>> {
  authorize(ctx, "import.read");
  const contactIds = [...new Set(events.map(({ contactId }) => contactId))];
  if (contactIds.length === 0) return new Map();
  const policies = await loadPolicies(ctx.db);
  const histories = await loadHistories(ctx.db, contactIds);
  for (const [index, event] of events.entries()) {
    histories.get(event.contactId)?.push({
      ...event,
      id: `planned ${index}`,
      sourceClass: sourceClassOf(event.source),
      wordingVersionId: event.wordingVersionId ?? null,
      recordedAt: ctx.now(),
    });
  }
  return new Map([...histories].map(([contactId, history]) => [contactId, projectStates(policies, history)]));
}
