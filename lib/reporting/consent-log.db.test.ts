import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { refusalOf } from "@/lib/campaigns/testing/world";
import { publicId } from "@/lib/foundation/ids";
import { sequence } from "@/lib/ledger/sequence";
import { queuedCampaign, type SentCampaign } from "@/lib/sending/testing/sent-campaign";
import { exportConsentLog } from "./commands/export-consent-log";
import { type ConsentLogFilter, listConsentLog } from "./queries/list-consent-log";
import { listLogEntries } from "./queries/list-log-entries";

const t = await testDatabase();
afterAll(() => t.close());

let sent: SentCampaign;
beforeAll(async () => {
  sent = await queuedCampaign(t, 8);
  while ((await sequence(t.db)).sequenced > 0);
});
const officer = () => sent.world.people.iria;
const count = async (filter: ConsentLogFilter) => (await listConsentLog(officer(), filter)).events.length;

test("it comes in pages without a gap, each event with its place in the ledger and nobody named", async () => {
  const seen: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await listConsentLog(officer(), { limit: 3, ...(cursor ? { cursor } : {}) });
    seen.push(...page.events.map(({ eventId }) => eventId));
    expect(page.events.every(({ index, leafHash }) => index !== null && /^[0-9a-f]{64}$/.test(leafHash ?? ""))).toBe(
      true,
    );
    expect(JSON.stringify(page)).not.toMatch(/\\+34600|Ana/);
    cursor = page.nextCursor;
  } while (cursor);
  expect(new Set(seen).size).toBe(8);
  expect(seen).toHaveLength(8);
});

test("every filter leaves what it names", async () => {
  expect(await count({ type: "granted" })).toBe(8);
  expect(await count({ type: "withdrawn" })).toBe(0);
  expect(await count({ source: "web_form" })).toBe(4);
  expect(await count({ purposeId: sent.world.ids.purposeId, wordingVersionId: sent.wordingVersionId })).toBe(8);
  expect(await count({ country: "MX" })).toBe(0);
  expect(await count({ country: "ES", by: "system" })).toBe(8);
  expect(await count({ from: new Date("2026-11-21T00:00:00Z") })).toBe(0);
  expect(await count({ to: new Date("2026-11-21T00:00:00Z") })).toBe(8);
});

test("the file holds what the filter leaves, with opaque ids, and leaving is an event", async () => {
  const asked = { filter: { source: "import" }, reason: "Yearly audit" } as const;
  const { text, rows, sha256 } = await exportConsentLog(officer(), asked);
  expect(rows).toBe(4);
  const [header = [], first = [], ...others] = text
    .replace("\uFEFF", "")
    .trim()
    .split("\r\n")
    .map((line) => line.split(","));
  expect(others).toHaveLength(3);
  const person = first[header.indexOf('"person"')];
  expect(sent.contactIds.map((id) => `"${publicId("con", id)}"`)).toContain(person);
  expect(createHash("sha256").update(text).digest("hex")).toBe(sha256);
  const [event] = await t.db.execute<{ data: string }>(sql`select data from audit_events where type = 'export.made'`);
  expect(JSON.parse(event?.data ?? "{}")).toEqual({ what: "consent_log", rows: 4, sha256, reason: "Yearly audit" });
  expect(await refusalOf(exportConsentLog(sent.world.people.lucia, asked))).toMatchObject({ code: "forbidden" });
});

test("the whole ledger can be asked for what one kind of actor did", async () => {
  const { entries } = await listLogEntries(officer(), { by: "user", limit: 200 });
  expect(entries.length).toBeGreaterThan(0);
  expect(new Set(entries.map(({ by }) => by))).toEqual(new Set(["user"]));
});
