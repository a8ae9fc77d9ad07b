import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { refusalOf } from "@/lib/campaigns/testing/world";
import { newId } from "@/lib/foundation/ids";
import { messageStates } from "../message";
import { type SentCampaign, sentCampaign } from "../testing/sent-campaign";
import { getBooks } from "./get-books";
import { getMessage } from "./get-message";
import { getProgress } from "./get-progress";
import { listRecipients, type RecipientView } from "./list-recipients";

const t = await testDatabase();
afterAll(() => t.close());

let sent: SentCampaign;
beforeAll(async () => {
  sent = await sentCampaign(t);
});

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

test("the books close: everybody allocated is in exactly one state, the holdout too", async () => {
  const { campaignId, world, contactIds } = sent;
  const books = await getBooks(world.people.lucia, { campaignId });
  expect(books).toMatchObject({ recipients: contactIds.length, isClosed: true });
  expect(sum(messageStates.map((state) => books.states[state]))).toBe(contactIds.length);
  expect(books.parts.map(({ key }) => key)).toEqual(["A", "B", "holdout"]);
  expect(sum(books.parts.map(({ people }) => people))).toBe(contactIds.length);
  expect(books.parts[2]?.states.held_out).toBe(books.parts[2]?.people);
});

test("progress shows where people stand and nothing that they did", async () => {
  const { campaignId, world } = sent;
  const progress = await getProgress(world.people.lucia, { campaignId });
  expect(progress).toMatchObject({ status: "sending", open: 0, share: 1, mayPause: true, limitPerSecond: 80 });
  expect(progress.people + progress.heldOut).toBe(60);
  for (const part of progress.parts) {
    expect(part.delivered + part.inFlight + part.failed + part.skipped + part.open).toBe(part.people);
    expect(part.delivered).toBe(part.sent);
  }
  expect(progress.ratePerSecond === null || progress.ratePerSecond > 0).toBe(true);
  expect(Object.keys(progress).join()).not.toMatch(/click|convert|repl/i);
  expect(await refusalOf(getProgress(world.people.lucia, { campaignId: newId() }))).toMatchObject({
    code: "not_found",
  });
});

test("somebody who does not own the campaign sees no pause", async () => {
  const { campaignId, world } = sent;
  expect((await getProgress(world.people.tom, { campaignId })).mayPause).toBe(false);
});

test("recipients come in pages that show each person once, masked", async () => {
  const { campaignId, world } = sent;
  const seen: RecipientView[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await listRecipients(world.people.lucia, { campaignId, limit: 25, ...(cursor ? { cursor } : {}) });
    seen.push(...page.recipients);
    cursor = page.nextCursor;
  } while (cursor);
  expect(new Set(seen.map(({ contactId }) => contactId)).size).toBe(60);
  expect(seen).toHaveLength(60);
  for (const { phone, name } of seen) {
    expect(phone).toMatch(/^\+34 ••• ••• \d{3}$/);
    expect(name).toBe("A. P. G.");
  }
  const heldOut = await listRecipients(world.people.lucia, { campaignId, variant: "holdout", state: "held_out" });
  expect(heldOut.recipients.length).toBe(seen.filter(({ variant }) => variant === "holdout").length);
  expect(await refusalOf(listRecipients(world.people.lucia, { campaignId, cursor: "x" }))).toMatchObject({
    code: "invalid_input",
  });
  expect(await refusalOf(listRecipients(world.people.boss, { campaignId }))).toMatchObject({ code: "forbidden" });
});

test("one message tells its attempts and statuses in order, the number masked", async () => {
  const { campaignId, world } = sent;
  const [row] = await t.db.execute<{ id: string }>(
    sql`select id from messages where campaign_id = ${campaignId} and state = 'delivered' limit 1`,
  );
  const message = await getMessage(world.people.lucia, { messageId: row?.id ?? "" });
  expect(message).toMatchObject({ state: "delivered", campaignName: "Adelanto de Navidad", reason: null });
  expect(message.attempts).toMatchObject([{ n: 1, outcomes: [{ kind: "accepted" }] }]);
  expect(message.statuses.map(({ status }) => status)).toEqual(["delivered"]);
  expect(message.phone).toMatch(/^\+34 ••• ••• \d{3}$/);
  expect(JSON.stringify(message)).not.toContain("+34600");
});
