import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { recordConsentEvents } from "@/lib/consent/commands/record-consent-events";
import { withdrawConsent } from "@/lib/consent/commands/withdraw-consent";
import { LANES, newId } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { verifySends } from "@/lib/reporting/queries/verify-sends";
import { claimMessages } from "@/lib/sending/commands/claim-messages";
import { keepLease } from "@/lib/sending/commands/keep-lease";
import { type Send, sendClaimed } from "@/lib/sending/commands/send-claimed";
import { skipRefused } from "@/lib/sending/commands/skip-refused";
import { queuedCampaign, SENT_AT, type SentCampaign } from "@/lib/sending/testing/sent-campaign";
import { seededRandom } from "@/lib/statistics/random";

// P1 and P2, the short form: eight writers of STOPs, refusals, agreements and imports, while two workers send. What may have left
// is judged by the reducer over the log, against the requests that began.

const t = await testDatabase();
afterAll(() => t.close());

const PEOPLE = 256;
const WRITERS = 8;
const ACTS = 24;

let campaign: SentCampaign;
beforeAll(async () => {
  campaign = await queuedCampaign(t, PEOPLE);
});

interface Act {
  contactId: string;
  closes: boolean;
  begun: number;
  committed: number;
}

/** One writer: acts on people drawn by its own seed, one after the other. */
async function write(ctx: Context, writer: number): Promise<Act[]> {
  const random = seededRandom(`writer ${writer}`);
  const acts: Act[] = [];
  for (let n = 0; n < ACTS; n++) {
    const contactId = campaign.contactIds[Math.floor(random() * PEOPLE)] ?? "";
    const kind = Math.floor(random() * 5);
    const begun = performance.now();
    await act(ctx, { kind, contactId, key: `chaos ${writer} ${n}` });
    acts.push({ contactId, closes: kind < 3, begun, committed: performance.now() });
  }
  return acts;
}

async function act(
  ctx: Context,
  { kind, contactId, key }: { kind: number; contactId: string; key: string },
): Promise<void> {
  const occurredAt = ctx.now();
  const event = {
    contactId,
    purposeId: campaign.world.ids.purposeId,
    scope: "purpose",
    occurredAt,
    isComplete: true,
    idempotencyKey: key,
    wordingVersionId: campaign.wordingVersionId,
  } as const;
  switch (kind) {
    case 0:
    case 1:
      await withdrawConsent(ctx, {
        withdrawals: [{ contactId, occurredAt, source: "keyword_in", idempotencyKey: key }],
      });
      return;
    case 2:
      await recordConsentEvents(ctx, { events: [{ ...event, type: "denied", source: "whatsapp_button" }] });
      return;
    case 3:
      await recordConsentEvents(ctx, { events: [{ ...event, type: "granted", source: "web_form" }] });
      return;
    default:
      // An import of what had been agreed to long ago, and has ended since.
      await recordConsentEvents(ctx, {
        events: [{ ...event, type: "granted", source: "import", occurredAt: new Date("2024-06-01T00:00:00Z") }],
        batch: { lane: 7, ref: newId() },
      });
  }
}

interface Request {
  to: string;
  begun: number;
}

/** One worker: every lane in turn until the writers are done and nothing is due. */
async function work(ctx: Context, { send, isQuiet }: { send: Send; isQuiet: () => boolean }): Promise<void> {
  const workerId = newId();
  const { numberId } = campaign.world.ids;
  await keepLease(ctx, workerId);
  for (let isLast = false; !isLast; ) {
    isLast = isQuiet();
    for (let lane = 0; lane < LANES; lane++) {
      const { messages } = await claimMessages(ctx, { lane, numberId, limit: 2, workerId });
      await sendClaimed(ctx, { numberId, messages, send, mayStart: () => true, concurrency: 4 });
    }
  }
}

/** Business time of the database minus this process's: by the quickest of some answers, in whose middle it was read. */
async function databaseAhead(): Promise<number> {
  let best = { took: Number.POSITIVE_INFINITY, ahead: 0 };
  for (let n = 0; n < 20; n++) {
    const asked = performance.now();
    const [row] = await t.db.execute<{ at: number }>(sql`select (extract(epoch from app_now()) * 1000)::float8 as at`);
    const took = performance.now() - asked;
    if (row && took < best.took) best = { took, ahead: row.at - asked - took / 2 };
  }
  return best.ahead;
}

test("eight writers at once: nothing leaves without a consent that stood, nobody gets two, and no request follows a refusal", async () => {
  const { world, campaignId } = campaign;
  const base = Date.parse(SENT_AT);
  await t.db.execute(sql`select set_app_clock(${new Date(base)}::timestamptz, 1)`);
  const ahead = await databaseAhead();
  const ctx: Context = { ...world.worker, now: () => new Date(ahead + performance.now()) };
  const requests: Request[] = [];
  const send: Send = async (request) => {
    requests.push({ to: String(request.to), begun: performance.now() });
    return { kind: "accepted", wamid: `wamid.${newId()}` };
  };
  let left = WRITERS;
  const writing = Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      const acts = await write(ctx, writer);
      left -= 1;
      return acts;
    }),
  );
  await Promise.all([0, 1].map(() => work(ctx, { send, isQuiet: () => left === 0 })));
  const acts = (await writing).flat();

  const { attempts, withoutConsent, exceptions } = await verifySends(world.people.iria, { campaignId });
  expect({ withoutConsent, exceptions }).toEqual({ withoutConsent: 0, exceptions: [] });
  expect(requests.length).toBeGreaterThan(0);
  expect(attempts).toBe(requests.length);
  expect(new Set(requests.map(({ to }) => to)).size, "nobody got two").toBe(requests.length);

  const numbers = new Map(campaign.contactIds.map((id, index) => [`+34600${String(100_000 + index)}`, id]));
  const late = requests.filter(({ to, begun }) => {
    const own = acts.filter(({ contactId }) => contactId === numbers.get(to));
    const stopped = own.filter(({ closes, committed }) => closes && committed < begun - 2_000);
    return stopped.some(
      (stop) => !own.some((other) => !other.closes && other.committed > stop.begun && other.begun < begun),
    );
  });
  expect(late).toEqual([]);

  await skipRefused(ctx, new Date(base));
  const waiting = await t.db.execute(sql`
    select m.id from messages m join consent_state s on s.lane = m.lane and s.contact_id = m.contact_id and s.purpose_id = m.purpose_id
    where m.state = 'queued' and s.status <> 'granted'`);
  expect(waiting, "nothing waits for somebody who refused").toEqual([]);
});
