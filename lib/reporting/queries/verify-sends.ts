import { sql } from "drizzle-orm";
import * as z from "zod";
import { array } from "@/db/client";
import type { PurposePolicy } from "@/lib/consent/projection";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import { payloadPlace } from "@/lib/ledger/append";
import { itemLeafHash, itemSalt } from "@/lib/ledger/entry";
import { commit } from "@/lib/ledger/hash";
import { canonicalize } from "@/lib/ledger/jcs";
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
  /** The first 100; of attempts that were asked for by id, all. */
  exceptions: SendExceptionView[];
  /** Business time. */
  at: Date;
}

/** Everything, or the attempts of one campaign or message, of these ids, or those authorised in a span of business time. */
export interface SendsInQuestion {
  campaignId?: string;
  message?: { lane: number; id: string };
  attempts?: readonly { lane: number; id: string }[];
  /** Authorised later than this. */
  after?: Date;
  /** Authorised at this instant or earlier. */
  until?: Date;
}

export interface Verifying {
  signal?: AbortSignal;
  /** Told after each batch how many were judged so far. */
  onProgress?: (judged: number) => Promise<void>;
}

/**
 * "Sends without valid consent: 0 of N", computed now and from the log: every attempt and every consent event of the
 * people concerned is compared with what the log committed to, and the consent is folded anew from those events as they
 * were known when the gate decided. No flag and no projection is read. Streams in batches: memory does not grow with N.
 */
export async function verifySends(
  ctx: Context,
  { signal, onProgress, ...which }: SendsInQuestion & Verifying = {},
): Promise<SendsVerification> {
  authorize(ctx, "proof.read");
  const at = which.until ?? ctx.now();
  const rules = { policies: await readPolicies(ctx.db), revokedAt: await readRevocations(ctx.db) };
  const tally = new Tally(which.attempts?.length ?? SHOWN_EXCEPTIONS);
  let last: AttemptRow | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const page = await attemptPage(ctx, which, last);
    await judgePage(ctx, page, { ...rules, tally });
    await onProgress?.(tally.judged);
    last = page.at(-1);
    if (page.length < BATCH) return tally.result(at);
  }
}

class Tally {
  constructor(private readonly shown: number) {}

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
    if (this.#exceptions.length < this.shown)
      this.#exceptions.push({ attemptId, messageId, campaignId, exception, authorisedAt });
  }

  get judged(): number {
    return this.#attempts;
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
  { campaignId, message, attempts, after, until }: SendsInQuestion,
  last: AttemptRow | undefined,
): Promise<AttemptRow[]> {
  const rows = await ctx.db.execute<AttemptColumns>(sql`
    select a.lane, a.id, a.message_id, a.contact_id, a.campaign_id, m.purpose_id, a.n, a.basis_event_id, a.checks,
      a.not_evaluated, a.policy_version_id, a.authorised_at, a.entry_id
    from send_attempts a join messages m on m.lane = a.lane and m.id = a.message_id
    where a.basis = 'consent'
      ${campaignId === undefined ? sql`` : sql`and a.campaign_id = ${campaignId}::uuid`}
      ${message === undefined ? sql`` : sql`and a.lane = ${message.lane}::smallint and a.message_id = ${message.id}::uuid`}
      ${attempts === undefined ? sql`` : sql`and (a.lane, a.id) in (select * from ${attemptPairs(attempts)})`}
      ${after === undefined ? sql`` : sql`and a.authorised_at > ${after}::timestamptz`}
      ${until === undefined ? sql`` : sql`and a.authorised_at <= ${until}::timestamptz`}
      ${last ? sql`and (a.lane, a.id) > (${last.lane}::smallint, ${last.attemptId}::uuid)` : sql``}
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

function attemptPairs(attempts: readonly { lane: number; id: string }[]) {
  const lanes = attempts.map(({ lane }) => lane);
  const ids = attempts.map(({ id }) => id);
  return sql`unnest(${array(lanes, "smallint")}, ${array(ids, "uuid")})`;
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
  const hash = itemLeafHash(
    itemSalt(key, attemptId),
    attemptPayload({ ...attempt, basis: "consent", at: authorisedAt }),
  );
  if (!log.items.get(rowKey({ entryId, rowId: attemptId }))?.equals(hash)) return "attempt_altered";
  return events.every((event) => isAsCommitted(event, key, log)) ? null : "event_altered";
}

const opening = z.object({ payload: z.json(), salt: z.base64() });
const envelope = z.object({ c: z.base64() });

function isAsCommitted(event: EventRow, key: Buffer, { items, singles }: Log): boolean {
  // Retention took the evidence and the log's own copy of it: folded like every event, but no longer comparable.
  if (event.evidenceRemovedAt && !event.evidenceSealed && !singles.get(event.entryId)?.ciphertext) return true;
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
