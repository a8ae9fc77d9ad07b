import { sql } from "drizzle-orm";
import { array } from "@/db/client";
import { AppError } from "@/lib/foundation/errors";
import { LANES } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { Basis, MessageKind, MessageState } from "@/lib/sending/message";
import type { AttemptEvidence, MessageEvidence } from "../message-evidence";
import { readEvents, readItemHashes, rowKey } from "../store";

export interface MessageRow extends Record<string, unknown> {
  lane: number;
  id: string;
  kind: MessageKind;
  basis: Basis;
  /** Null outside of campaigns, like the variant. */
  campaign_id: string | null;
  contact_id: string;
  variant: string | null;
  template_id: string | null;
  number_id: string | null;
  purpose_id: string | null;
  state: MessageState;
  reason: string | null;
  accepted_at: string | null;
  delivered_at: string | null;
  read_at: string | null;
  attempt_id: string | null;
}

/** The message and all that the log holds about it. For other queries and commands of this room. @throws AppError("not_found") */
export async function readMessageEvidence(
  ctx: Context,
  messageId: string,
): Promise<{ message: MessageRow; evidence: MessageEvidence }> {
  authorize(ctx, "proof.read");
  const [message] = await ctx.db.execute<MessageRow>(sql`
    select m.lane, m.id, m.kind, m.basis, m.number_id, m.campaign_id, m.contact_id, m.variant, m.template_id, m.purpose_id, m.state, m.reason,
      m.accepted_at, m.delivered_at, m.read_at, m.attempt_id
    from generate_series(0, ${LANES - 1}::int) as l(lane)
    join messages m on m.lane = l.lane and m.id = ${messageId}::uuid`);
  if (!message) throw new AppError("not_found", { messageId });
  const { lane, contact_id: contactId, campaign_id: campaignId, purpose_id: purposeId } = message;
  const own = (await readEvents(ctx.db, [contactId])).get(contactId) ?? [];
  const wordingIds = own.flatMap(({ wordingVersionId }) => wordingVersionId ?? []);
  const [keys, attempts, audits] = await Promise.all([
    ctx.keys.keysOf([contactId]),
    readAttempts(ctx, lane, messageId),
    readAudits(ctx, { campaignId, purposeId, wordingIds }),
  ]);
  const declared = await readDeclarations(ctx, attempts);
  const rows = own.map(({ entryLane, entryId, id }) => ({ lane: entryLane, entryId, rowId: id }));
  const items = await readItemHashes(ctx.db, rows);
  const batched = new Set(rows.filter((row) => items.has(rowKey(row))).map(({ rowId }) => rowId));
  return {
    message,
    evidence: {
      lane,
      contactId,
      key: keys.get(contactId),
      events: own,
      batched,
      attempts,
      audits: [...audits, ...declared],
    },
  };
}

interface AttemptRow extends Record<string, unknown> {
  id: string;
  n: number;
  campaign_id: string | null;
  basis: Basis;
  basis_event_id: string | null;
  checks: number;
  not_evaluated: number;
  policy_version_id: string | null;
  at: string;
  entry_id: string;
  kind: AttemptEvidence["outcomes"][number]["kind"] | null;
  wamid: string | null;
  code: number | null;
  reason: string | null;
  outcome_at: string | null;
  outcome_entry: string | null;
}

async function readAttempts(ctx: Context, lane: number, messageId: string): Promise<AttemptEvidence[]> {
  const rows = await ctx.db.execute<AttemptRow>(sql`
    select a.id, a.n, a.campaign_id, a.basis, a.basis_event_id, a.checks, a.not_evaluated, a.policy_version_id, a.authorised_at as at, a.entry_id, o.kind,
      o.wamid, o.code, o.reason, o.at as outcome_at, o.entry_id as outcome_entry
    from send_attempts a left join attempt_outcomes o on o.lane = a.lane and o.attempt_id = a.id
    where a.lane = ${lane}::smallint and a.message_id = ${messageId}::uuid order by a.n, o.n`);
  const attempts = new Map<string, AttemptEvidence>();
  for (const row of rows) {
    const attempt = attempts.get(row.id) ?? {
      attemptId: row.id,
      messageId,
      campaignId: row.campaign_id,
      n: row.n,
      basis: row.basis,
      basisEventId: row.basis_event_id,
      checks: row.checks,
      notEvaluated: row.not_evaluated,
      policyVersionId: row.policy_version_id,
      at: new Date(row.at),
      entryId: row.entry_id,
      outcomes: [],
    };
    const { kind, wamid, code, reason, outcome_at: at, outcome_entry: entryId } = row;
    if (kind !== null && at !== null && entryId !== null)
      attempt.outcomes.push({ kind, wamid, code, reason, at: new Date(at), entryId });
    attempts.set(row.id, attempt);
  }
  return [...attempts.values()];
}

/**
 * What the purpose demands, the texts that were agreed to, and who approved the campaign: entries of the organisation's own,
 * readable with its key.
 */
async function readAudits(
  ctx: Context,
  {
    campaignId,
    purposeId,
    wordingIds,
  }: { campaignId: string | null; purposeId: string | null; wordingIds: readonly string[] },
): Promise<MessageEvidence["audits"]> {
  const rows = await ctx.db.execute<{ lane: number; id: string }>(sql`
    (select entry_lane as lane, entry_id as id from audit_events
      where subject = ${purposeId} and type = 'purpose.created' order by at desc limit 1)
    union all
    (select entry_lane, entry_id from audit_events
      where subject = any(${array(wordingIds, "text")}) and type = 'wording.published')
    union all
    (select entry_lane, entry_id from audit_events
      where subject = ${campaignId} and type = 'campaign.approved' order by at desc limit 1)
    union all
    (select entry_lane, entry_id from audit_events
      where subject = ${campaignId} and type = 'campaign.launched' order by at desc limit 1)`);
  return rows.map(({ lane, id }) => ({ lane, entryId: id }));
}

/** That the number of a test had been declared to be one of our own. */
async function readDeclarations(
  ctx: Context,
  attempts: readonly AttemptEvidence[],
): Promise<MessageEvidence["audits"]> {
  const own = [
    ...new Set(attempts.flatMap(({ basis, basisEventId }) => (basis === "test" ? (basisEventId ?? []) : []))),
  ];
  if (own.length === 0) return [];
  const rows = await ctx.db.execute<{ lane: number; id: string }>(sql`
    select entry_lane as lane, entry_id as id from audit_events
    where subject = any(${array(own, "text")}) and type = 'own_number.declared'`);
  return rows.map(({ lane, id }) => ({ lane, entryId: id }));
}
