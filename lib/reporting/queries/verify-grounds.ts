import { sql } from "drizzle-orm";
import type { PurposePolicy } from "@/lib/consent/projection";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { itemLeafHash, itemSalt } from "@/lib/ledger/entry";
import { attemptPayload } from "@/lib/sending/entries";
import type { Basis } from "@/lib/sending/message";
import { toHistory } from "../committed-events";
import { judgeGround, type SendException } from "../send-consent";
import { readEvents, readItemHashes, readPolicies, rowKey } from "../store";

const BATCH = 5_000;
const SHOWN_EXCEPTIONS = 100;

export interface GroundException {
  attemptId: string;
  messageId: string;
  basis: DirectBasis;
  exception: SendException;
  authorisedAt: Date;
}

export interface GroundsVerification {
  attempts: number;
  byBasis: Record<DirectBasis, number>;
  withoutGround: number;
  /** The first 100. */
  exceptions: GroundException[];
}

export type DirectBasis = Exclude<Basis, "consent">;

/**
 * Messages to one person need no consent, but each must name what it rests on (I1): the person's own message of the 24 hours
 * before, the request that waited for their answer, or a number of our own. Every attempt is compared with the log first.
 */
export async function verifyGrounds(
  ctx: Context,
  { message }: { message?: { lane: number; id: string } } = {},
): Promise<GroundsVerification> {
  authorize(ctx, "proof.read");
  const policies = await readPolicies(ctx.db);
  const result: GroundsVerification = {
    attempts: 0,
    byBasis: { service: 0, request: 0, test: 0 },
    withoutGround: 0,
    exceptions: [],
  };
  let after: AttemptRow | undefined;
  for (;;) {
    const page = await attemptPage(ctx, message, after);
    for (const { row, exception } of await judged(ctx, page, policies)) {
      result.attempts += 1;
      result.byBasis[row.basis] += 1;
      if (!exception) continue;
      result.withoutGround += 1;
      const { id: attemptId, message_id: messageId, basis, at } = row;
      if (result.exceptions.length < SHOWN_EXCEPTIONS)
        result.exceptions.push({ attemptId, messageId, basis, exception, authorisedAt: new Date(at) });
    }
    after = page.at(-1);
    if (page.length < BATCH) return result;
  }
}

interface AttemptRow extends Record<string, unknown> {
  lane: number;
  id: string;
  message_id: string;
  contact_id: string;
  campaign_id: string | null;
  purpose_id: string | null;
  n: number;
  basis: DirectBasis;
  basis_event_id: string | null;
  checks: number;
  not_evaluated: number;
  policy_version_id: string | null;
  at: string;
  entry_id: string;
  /** When what it rests on happened; null: it is not there, or is somebody else's. */
  ground_at: string | null;
}

async function attemptPage(
  ctx: Context,
  message: { lane: number; id: string } | undefined,
  after: AttemptRow | undefined,
): Promise<AttemptRow[]> {
  return ctx.db.execute<AttemptRow>(sql`
    select a.lane, a.id, a.message_id, a.contact_id, a.campaign_id, m.purpose_id, a.n, a.basis, a.basis_event_id, a.checks,
      a.not_evaluated, a.policy_version_id, a.authorised_at as at, a.entry_id,
      case a.basis
        when 'service' then (select least(i.provider_at, i.received_at) from inbound_messages i
          where i.lane = a.lane and i.id = a.basis_event_id and i.contact_id = a.contact_id and i.number_id = m.number_id)
        when 'request' then (select e.recorded_at from consent_events e
          where e.lane = a.lane and e.id = a.basis_event_id and e.contact_id = a.contact_id and e.purpose_id = m.purpose_id)
        when 'test' then (select o.declared_at from own_numbers o
          where o.lane = a.lane and o.id = a.basis_event_id and o.contact_id = a.contact_id)
      end as ground_at
    from send_attempts a join messages m on m.lane = a.lane and m.id = a.message_id
    where a.basis <> 'consent'
      ${message === undefined ? sql`` : sql`and a.lane = ${message.lane}::smallint and a.message_id = ${message.id}::uuid`}
      ${after ? sql`and (a.lane, a.id) > (${after.lane}::smallint, ${after.id}::uuid)` : sql``}
    order by a.lane, a.id limit ${BATCH}::int`);
}

async function judged(
  ctx: Context,
  page: readonly AttemptRow[],
  policies: ReadonlyMap<string, PurposePolicy>,
): Promise<{ row: AttemptRow; exception: SendException | null }[]> {
  if (page.length === 0) return [];
  const contactIds = [...new Set(page.map((row) => row.contact_id))];
  const asking = page.filter(({ basis }) => basis === "request").map((row) => row.contact_id);
  const [keys, events, items] = await Promise.all([
    ctx.keys.keysOf(contactIds),
    readEvents(ctx.db, [...new Set(asking)]),
    readItemHashes(
      ctx.db,
      page.map(({ lane, entry_id: entryId, id }) => ({ lane, entryId, rowId: id })),
    ),
  ]);
  return page.map((row) => {
    const key = keys.get(row.contact_id);
    const committed = items.get(rowKey({ entryId: row.entry_id, rowId: row.id }));
    const isAltered = key !== undefined && !committed?.equals(itemLeafHash(itemSalt(key, row.id), payloadOf(row)));
    const exception = isAltered
      ? "attempt_altered"
      : judgeGround({
          basis: row.basis,
          authorisedAt: new Date(row.at),
          groundAt: row.ground_at === null ? null : new Date(row.ground_at),
          history: (events.get(row.contact_id) ?? []).map(toHistory),
          policy: policies.get(row.purpose_id ?? ""),
        });
    return { row, exception };
  });
}

function payloadOf(row: AttemptRow) {
  return attemptPayload({
    attemptId: row.id,
    messageId: row.message_id,
    campaignId: row.campaign_id,
    n: row.n,
    basis: row.basis,
    basisEventId: row.basis_event_id,
    checks: row.checks,
    notEvaluated: row.not_evaluated,
    policyVersionId: row.policy_version_id,
    at: new Date(row.at),
  });
}
