import { sql } from "drizzle-orm";
import * as z from "zod";
import type { PurposePolicy } from "@/lib/consent/projection";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import { payloadPlace } from "@/lib/ledger/append";
import { itemLeafHash, itemSalt } from "@/lib/ledger/entry";
import { canonicalize } from "@/lib/ledger/jcs";
import { commit } from "@/lib/ledger/verifier";
import { attemptPayload } from "@/lib/sending/entries";
import { type EventRow, payloadOf, toHistory } from "../committed-events";
import { judgeSend, type SendException } from "../send-consent";
import {
  type CommittedRow,
  readEvents,
  readItemHashes,
  readPolicies,
  readRevocations,
  readSingleEntries,
  rowKey,
  type SingleEntry,
} from "../store";

const BATCH = 5_000;
const SHOWN_EXCEPTIONS = 100;

export interface SendExceptionView {
  attemptId: string;
  messageId: string;
  campaignId: string;
  exception: SendException;
  authorisedAt: Date;
}

export interface SendsVerification {
  /** Attempts whose basis is a consent: every campaign message. */
  attempts: number;
  withoutConsent: number;
  /** Of erased people: the consent was folded from what is left, the commitments cannot be opened any more. */
  sealed: number;
  byCampaign: { campaignId: string; attempts: number; withoutConsent: number }[];
  /** The first 100. */
  exceptions: SendExceptionView[];
  /** Business time. */
  at: Date;
}

/** Everything, or the attempts of one campaign or message. */
export interface SendsInQuestion {
  campaignId?: string;
  message?: { lane: number; id: string };
}

/**
 * "Sends without valid consent: 0 of N", computed now and from the log: every attempt and every consent event of the
 * people concerned is compared with what the log committed to, and the consent is folded anew from those events as they
 * were known when the gate decided. No flag and no projection is read. Streams in batches: memory does not grow with N.
 */
export async function verifySends(
  ctx: Context,
  { signal, ...which }: SendsInQuestion & { signal?: AbortSignal } = {},
): Promise<SendsVerification> {
  authorize(ctx, "proof.read");
  const rules = { policies: await readPolicies(ctx.db), revokedAt: await readRevocations(ctx.db) };
  const tally = new Tally();
  let after: AttemptRow | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const page = await attemptPage(ctx, which, after);
    await judgePage(ctx, page, { ...rules, tally });
    after = page.at(-1);
    if (page.length < BATCH) return tally.result(ctx.now());
  }
}

class Tally {
  #attempts = 0;
  #withoutConsent = 0;
  #sealed = 0;
  readonly #campaigns = new Map<string, { campaignId: string; attempts: number; withoutConsent: number }>();
  readonly #exceptions: SendExceptionView[] = [];

  add(attempt: AttemptRow, exception: SendException | null, isSealed: boolean): void {
    const { campaignId } = attempt;
    const campaign = this.#campaigns.get(campaignId) ?? { campaignId, attempts: 0, withoutConsent: 0 };
    this.#campaigns.set(campaignId, campaign);
    this.#attempts += 1;
    campaign.attempts += 1;
    if (isSealed) this.#sealed += 1;
    if (!exception) return;
    this.#withoutConsent += 1;
    campaign.withoutConsent += 1;
    const { attemptId, messageId, authorisedAt } = attempt;
    if (this.#exceptions.length < SHOWN_EXCEPTIONS)
      this.#exceptions.push({ attemptId, messageId, campaignId, exception, authorisedAt });
  }

  result(at: Date): SendsVerification {
    return {
      attempts: this.#attempts,
      withoutConsent: this.#withoutConsent,
      sealed: this.#sealed,
      byCampaign: [...this.#campaigns.values()],
      exceptions: this.#exceptions,
      at,
    };
  }
}

interface AttemptRow {
  lane: number;
  attemptId: string;
  messageId: string;
  contactId: string;
  campaignId: string;
  purposeId: string;
  n: number;
  basisEventId: string | null;
  checks: number;
  notEvaluated: number;
  policyVersionId: string | null;
  authorisedAt: Date;
  entryId: string;
}

interface AttemptColumns extends Record<string, unknown> {
  lane: number;
  id: string;
  message_id: string;
  contact_id: string;
  campaign_id: string;
  purpose_id: string;
  n: number;
  basis_event_id: string | null;
  checks: number;
  not_evaluated: number;
  policy_version_id: string | null;
  authorised_at: string;
  entry_id: string;
}

async function attemptPage(
  ctx: Context,
  { campaignId, message }: SendsInQuestion,
  after: AttemptRow | undefined,
): Promise<AttemptRow[]> {
  const rows = await ctx.db.execute<AttemptColumns>(sql`
    select a.lane, a.id, a.message_id, a.contact_id, a.campaign_id, m.purpose_id, a.n, a.basis_event_id, a.checks,
      a.not_evaluated, a.policy_version_id, a.authorised_at, a.entry_id
    from send_attempts a join messages m on m.lane = a.lane and m.id = a.message_id
    where a.basis = 'consent'
      ${campaignId === undefined ? sql`` : sql`and a.campaign_id = ${campaignId}::uuid`}
      ${message === undefined ? sql`` : sql`and a.lane = ${message.lane}::smallint and a.message_id = ${message.id}::uuid`}
      ${after ? sql`and (a.lane, a.id) > (${after.lane}::smallint, ${after.attemptId}::uuid)` : sql``}
    order by a.lane, a.id limit ${BATCH}::int`);
  return rows.map((row) => ({
    lane: row.lane,
    attemptId: row.id,
    messageId: row.message_id,
    contactId: row.contact_id,
    campaignId: row.campaign_id,
    purposeId: row.purpose_id,
    n: row.n,
    basisEventId: row.basis_event_id,
    checks: row.checks,
    notEvaluated: row.not_evaluated,
    policyVersionId: row.policy_version_id,
    authorisedAt: new Date(row.authorised_at),
    entryId: row.entry_id,
  }));
}

interface Rules {
  policies: ReadonlyMap<string, PurposePolicy>;
  revokedAt: ReadonlyMap<string, Date>;
  tally: Tally;
}

async function judgePage(
  ctx: Context,
  page: readonly AttemptRow[],
  { policies, revokedAt, tally }: Rules,
): Promise<void> {
  const contactIds = [...new Set(page.map(({ contactId }) => contactId))];
  const [keys, events] = await Promise.all([ctx.keys.keysOf(contactIds), readEvents(ctx.db, contactIds)]);
  const log = await readLog(ctx, page, [...events.values()].flat());
  for (const attempt of page) {
    const { contactId, basisEventId, authorisedAt, purposeId } = attempt;
    const key = keys.get(contactId);
    const own = events.get(contactId) ?? [];
    const history = own.map(toHistory);
    const policy = policies.get(purposeId);
    tally.add(
      attempt,
      (key && alteration(attempt, own, { key, log })) ??
        judgeSend({ basisEventId, authorisedAt, history, policy, revokedAt }),
      key === undefined,
    );
  }
}

interface Log {
  items: ReadonlyMap<string, Buffer>;
  singles: ReadonlyMap<string, SingleEntry>;
}

async function readLog(ctx: Context, page: readonly AttemptRow[], events: readonly EventRow[]): Promise<Log> {
  const attempts = page.map(({ lane, entryId, attemptId }): CommittedRow => ({ lane, entryId, rowId: attemptId }));
  const recorded = events.map(({ entryLane, entryId, id }): CommittedRow => ({ lane: entryLane, entryId, rowId: id }));
  const items = await readItemHashes(ctx.db, [...attempts, ...recorded]);
  const singles = await readSingleEntries(
    ctx.db,
    recorded.filter((row) => !items.has(rowKey(row))),
  );
  return { items, singles };
}

/** What is not as the log has it; null when everything is. */
function alteration(
  attempt: AttemptRow,
  events: readonly EventRow[],
  { key, log }: { key: Buffer; log: Log },
): SendException | null {
  const { attemptId, entryId, authorisedAt } = attempt;
  const hash = itemLeafHash(itemSalt(key, attemptId), attemptPayload({ ...attempt, at: authorisedAt }));
  if (!log.items.get(rowKey({ entryId, rowId: attemptId }))?.equals(hash)) return "attempt_altered";
  return events.every((event) => isAsCommitted(event, key, log)) ? null : "event_altered";
}

const opening = z.object({ payload: z.json(), salt: z.base64() });
const envelope = z.object({ c: z.base64() });

function isAsCommitted(event: EventRow, key: Buffer, { items, singles }: Log): boolean {
  const payload = payloadOf(event, key);
  if (payload === undefined) return false;
  const item = items.get(rowKey({ entryId: event.entryId, rowId: event.id }));
  if (item) return itemLeafHash(itemSalt(key, event.id), payload).equals(item);
  const single = singles.get(event.entryId);
  if (!single?.ciphertext) return false;
  try {
    const opened = opening.parse(
      JSON.parse(open(key, single.ciphertext, payloadPlace(event.entryId)).toString("utf8")),
    );
    const committed = commit(Buffer.from(opened.salt, "base64"), payload).toString("base64");
    return (
      canonicalize(opened.payload) === canonicalize(payload) && envelope.parse(JSON.parse(single.leaf)).c === committed
    );
  } catch {
    return false;
  }
}
