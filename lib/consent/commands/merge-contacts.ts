import { sql } from "drizzle-orm";
import { absorbContact } from "@/lib/audience/commands/absorb-contact";
import { laneOf, newId } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { appendEntry } from "@/lib/ledger/append";
import type { ConsentStatus } from "../consent";
import type { NewConsentEvent } from "../event";
import { mergingAct } from "../merge";
import { type ProjectedState, projectStates, statusAt } from "../projection";
import { loadHistories, loadPolicies, lockContacts } from "../store";
import type { NewSuppression, SuppressionKind } from "../suppression";
import { recordConsentEvents } from "./record-consent-events";
import { meetSuppressions, suppress } from "./suppress";

/**
 * Why two contacts are one person: one payload of Meta's named both; Meta told that the number or the user id changed; an
 * officer decided.
 */
export type MergeReason = "one_payload" | "number_changed" | "user_id_changed" | "decided";

export interface MergeContacts {
  /** Lives on. */
  into: string;
  /** Is from now on the same person, under the other's id. */
  from: string;
  reason: MergeReason;
}

/**
 * Makes two contacts one person (compliance 1.1): per purpose the more restrictive consent of the two holds, blocks of both
 * hold for all identifiers, and who was merged away is never written to again, nor the other one by a campaign that wrote to
 * the first. A changed number so carries refusals and no consent. Messages stay where they are. False: there was nothing to
 * merge, because one is erased or they are one already.
 */
export async function mergeContacts(ctx: Context, merge: MergeContacts): Promise<boolean> {
  authorize(ctx, "job.run");
  return transaction(ctx, async (tx) => {
    const { alive, current } = await lockContacts(tx.db, [merge.into, merge.from]);
    const [into, from] = [current(merge.into), current(merge.from)];
    if (into === from || !alive.has(into) || !alive.has(from)) return false;
    const key = (await tx.keys.keysOf([into, from])).get(into);
    if (!key || !(await tx.keys.keysOf([from])).has(from)) return false;
    const events = await restrictingEvents(tx, { into, from });
    const blocks = await blocksOf(tx, { into, from });
    await absorbContact(tx, { into, from, givesUpNumber: merge.reason === "number_changed" });
    await recordConsentEvents(tx, { events });
    await suppress(tx, { suppressions: blocks });
    await meetSuppressions(tx, [into]);
    await keepCampaigns(tx, { into, from });
    await keepAttempts(tx, { into, from });
    const id = newId();
    await appendEntry(tx.db, {
      lane: laneOf(into),
      type: "contact.merged",
      ref: id,
      subject: into,
      by: tx.actor.kind,
      at: tx.now(),
      key,
      payload: { id, into, from, reason: merge.reason },
    });
    return true;
  });
}

interface Pair {
  into: string;
  from: string;
}

async function restrictingEvents(tx: Context, { into, from }: Pair): Promise<NewConsentEvent[]> {
  const policies = await loadPolicies(tx.db);
  const histories = await loadHistories(tx.db, [into, from]);
  const [own, other] = [into, from].map((id) => projectStates(policies, histories.get(id) ?? []));
  return policies.flatMap(({ purposeId }): NewConsentEvent[] => {
    const type = mergingAct({ into: statusOf(tx, own, purposeId), from: statusOf(tx, other, purposeId) });
    if (!type) return [];
    return [
      {
        contactId: into,
        type,
        purposeId,
        scope: "purpose",
        source: "system",
        occurredAt: tx.now(),
        isComplete: true,
        idempotencyKey: `merge ${from} ${purposeId}`,
        evidence: { mergedContact: from },
      },
    ];
  });
}

function statusOf(tx: Context, states: readonly ProjectedState[] | undefined, purposeId: string): ConsentStatus {
  const state = states?.find((one) => one.purposeId === purposeId);
  return state ? statusAt(state, tx.now()) : "none";
}

/** The other's blocks that are active and that the one who lives on does not have as long. */
async function blocksOf(tx: Context, { into, from }: Pair): Promise<NewSuppression[]> {
  const rows = await tx.db.execute<{
    kind: SuppressionKind;
    scope: NewSuppression["scope"];
    since: string;
    until: string | null;
    reason: string | null;
  }>(sql`
    select kind, scope, since, until, reason_event_id as reason from contact_suppressions
    where lane = ${laneOf(from)}::smallint and contact_id = ${from}::uuid and lifted_at is null
      and (until is null or until > ${tx.now()}::timestamptz)`);
  return rows.map(({ kind, scope, since, until, reason }) => ({
    contactId: into,
    kind,
    scope,
    since: new Date(since),
    until: until ? new Date(until) : null,
    reasonEventId: reason,
  }));
}

/** What wrote to the one has written to the other (gate, check 12). The gate waits for the row locks that we hold. */
async function keepCampaigns(tx: Context, { into, from }: Pair): Promise<void> {
  await tx.db.execute(sql`
    insert into merged_campaigns (lane, contact_id, campaign_id)
    select distinct ${laneOf(into)}::smallint, ${into}::uuid, campaign_id from send_attempts
    where lane = ${laneOf(from)}::smallint and contact_id = ${from}::uuid and campaign_id is not null
    union
    select ${laneOf(into)}::smallint, ${into}::uuid, campaign_id from merged_campaigns
    where lane = ${laneOf(from)}::smallint and contact_id = ${from}::uuid
    on conflict do nothing`);
}

/** For how long an attempt counts: the longest window of the caps, a purpose's own month (gate, check 9). */
const CAPS_HOURS = 720;

/**
 * What was sent to the one counts for the other: against the caps, for the spacing, and for as long as marketing rests after
 * Meta refused it. Copied, because the gate never leaves its lane.
 */
async function keepAttempts(tx: Context, { into, from }: Pair): Promise<void> {
  const since = new Date(tx.now().getTime() - CAPS_HOURS * 3_600_000);
  await tx.db.execute(sql`
    insert into merged_attempts (lane, contact_id, attempt_id, is_marketing, authorised_at, start_before, cooling_until)
    select ${laneOf(into)}::smallint, ${into}::uuid, a.id, coalesce(p.category = 'MARKETING', false), a.authorised_at, a.start_before,
      case when m.error_code = 131049 and m.state in ('failed', 'rejected')
        then marketing_rests_until(a.lane, a.contact_id, ${tx.now()}::timestamptz) end
    from send_attempts a join messages m on m.lane = a.lane and m.id = a.message_id left join purposes p on p.id = m.purpose_id
    where a.lane = ${laneOf(from)}::smallint and a.contact_id = ${from}::uuid and a.authorised_at > ${since}::timestamptz
      and (m.error_code = 131049 or not exists (select from attempt_outcomes o
        where o.lane = a.lane and o.attempt_id = a.id and o.kind in ('unsent', 'retry', 'rejected')))
    union all
    select ${laneOf(into)}::smallint, ${into}::uuid, attempt_id, is_marketing, authorised_at, start_before, cooling_until
    from merged_attempts where lane = ${laneOf(from)}::smallint and contact_id = ${from}::uuid
    on conflict do nothing`);
}
