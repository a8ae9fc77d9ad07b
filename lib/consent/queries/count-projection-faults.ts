import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { LANES, laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { type ProjectedState, projectStates } from "../projection";
import { loadHistories, loadPolicies } from "../store";

const CONTACTS_PER_BATCH = 1_000;

interface HeldRow extends Record<string, unknown> {
  contact: string;
  purpose: string;
  status: string;
  basis: string | null;
  expires: string | null;
  pending: string | null;
}

/**
 * How many rows of the projection are not what the contact's events give (I5): changed, invented, or missing although they say
 * that somebody agreed. Changes nothing; memory does not grow with the number of people. `onBatch` may throw to end it.
 */
export async function countProjectionFaults(ctx: Context, onBatch?: () => Promise<void>): Promise<number> {
  authorize(ctx, "consent.read");
  let faults = 0;
  for (let lane = 0; lane < LANES; lane++) {
    for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
      const rows = await ctx.db.execute<{ id: string }>(sql`
        select id from (
          select contact_id as id from consent_events where lane = ${lane}::smallint and contact_id > ${after}::uuid
          union select contact_id from consent_state where lane = ${lane}::smallint and contact_id > ${after}::uuid
        ) known order by id limit ${CONTACTS_PER_BATCH}`);
      const ids = rows.map(({ id }) => id);
      if (ids.length > 0) faults += await faultsAmong(ctx, ids);
      await onBatch?.();
      after = ids.at(-1) ?? after;
      if (ids.length < CONTACTS_PER_BATCH) break;
    }
  }
  return faults;
}

/** One snapshot: an event that comes in between must not look like a fault. */
async function faultsAmong(ctx: Context, contactIds: readonly string[]): Promise<number> {
  return ctx.db.transaction(
    async (tx) => {
      const policies = await loadPolicies(tx);
      const histories = await loadHistories(tx, contactIds);
      const held = await tx.execute<HeldRow>(sql`
        select s.contact_id as contact, s.purpose_id as purpose, s.status, s.basis_event_id as basis, s.expires_at as expires,
          s.pending_until as pending
        from unnest(${array(contactIds.map(laneOf), "smallint")}, ${array(contactIds, "uuid")}) as wanted (lane, id)
        join consent_state s on s.lane = wanted.lane and s.contact_id = wanted.id`);
      const heldByPlace = new Map(held.map((row) => [`${row.contact} ${row.purpose}`, row]));
      let faults = 0;
      for (const [contactId, history] of histories) {
        for (const state of projectStates(policies, history)) {
          const place = `${contactId} ${state.purposeId}`;
          if (!agrees(heldByPlace.get(place), state)) faults += 1;
          heldByPlace.delete(place);
        }
      }
      return faults + heldByPlace.size;
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}

/** A missing row reads as no consent: right after an opt-out that is older than the purpose, never after an opt-in. */
function agrees(held: HeldRow | undefined, state: ProjectedState): boolean {
  if (!held) return state.status !== "granted" && state.status !== "pending";
  return (
    held.status === state.status &&
    held.basis === state.basisEventId &&
    instant(held.expires) === (state.expiresAt?.getTime() ?? null) &&
    instant(held.pending) === (state.pendingUntil?.getTime() ?? null)
  );
}

function instant(text: string | null): number | null {
  return text === null ? null : new Date(text).getTime();
}
