import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { refusalOf } from "@/lib/campaigns/testing/world";
import { audit } from "@/lib/identity/audit";
import { transaction } from "@/lib/identity/context";
import { type SentCampaign, sentCampaign } from "@/lib/sending/testing/sent-campaign";
import { drawSample } from "./commands/draw-sample";
import { exportAuditEvents } from "./commands/export-audit-events";
import { exportSuppressionCounts } from "./commands/export-counts";
import { exportSample } from "./commands/export-sample";
import { getSample, listSamples } from "./queries/get-sample";
import { listAuditEvents } from "./queries/list-audit-events";
import { countRefusals, listOverrides, listRefusals, listUnknownOutcomes } from "./queries/list-exceptions";

const t = await testDatabase();
afterAll(() => t.close());

let sent: SentCampaign;
let attempts: string[];
beforeAll(async () => {
  sent = await sentCampaign(t, 60);
  attempts = (await t.db.execute<{ id: string }>(sql`select id from send_attempts`)).map(({ id }) => id);
});
const officer = () => sent.world.people.iria;
const seed = "0123456789abcdef";

test("a sample is what its seed says, of a size that suffices, and anybody can draw it again", async () => {
  const { sampleId } = await drawSample(officer(), { seed });
  const sample = await getSample(officer(), { sampleId });
  const hash = (id: string) => createHash("sha256").update(`${seed}:${id}`).digest("hex");
  const expected = attempts.toSorted((one, other) => (hash(one) < hash(other) ? -1 : 1)).slice(0, sample.size);
  expect(sample.sends.map(({ attemptId }) => attemptId)).toEqual(expected);
  expect(sample).toMatchObject({ population: attempts.length, failed: 0, drawnBy: "Iria Sanz", seed });
  expect(sample.size).toBeLessThan(attempts.length);
  const again = await drawSample(officer(), { seed, size: 5 });
  const small = await getSample(officer(), again);
  expect(small.sends.map(({ attemptId }) => attemptId)).toEqual(expected.slice(0, 5));
  expect((await listSamples(officer())).map(({ size }) => size)).toEqual([5, sample.size]);
});

test("a record of the sample that was changed fails, and the file says so with the seed beside it", async () => {
  const { sampleId } = await drawSample(officer(), { seed });
  const [first] = (await getSample(officer(), { sampleId })).sends;
  await t.db.execute(sql`update send_attempts set checks = checks - 1 where id = ${first?.attemptId}`);
  const sample = await getSample(officer(), { sampleId });
  expect(sample.failed).toBe(1);
  expect(sample.sends[0]).toMatchObject({ attemptId: first?.attemptId, exception: "attempt_altered" });
  expect(sample.largestShare).toBeGreaterThan(1 / sample.size);
  const [header, row] = await exportSample(officer(), { sampleId });
  const cell = (name: string) => row?.[header?.indexOf(name) ?? -1];
  expect([cell("attempt_id"), cell("result"), cell("seed")]).toEqual([first?.attemptId, "attempt_altered", seed]);
  await t.db.execute(sql`update send_attempts set checks = checks + 1 where id = ${first?.attemptId}`);
});

test("samples are an officer's", async () => {
  expect(await refusalOf(drawSample(sent.world.people.lucia, {}))).toMatchObject({ code: "forbidden" });
});

test("the admin log tells who did what, filtered by person, kind and day, in pages without a gap, to owner and officer", async () => {
  const owner = await sent.world.person("Olga Dueña", "owner");
  const all = await listAuditEvents(owner, { limit: 200 });
  const seen: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await listAuditEvents(officer(), { limit: 3, ...(cursor ? { cursor } : {}) });
    seen.push(...page.events.map(({ eventId }) => eventId));
    cursor = page.nextCursor;
  } while (cursor);
  expect(seen).toEqual(all.events.map(({ eventId }) => eventId));
  const approved = all.events.find(({ type }) => type === "campaign.approved");
  expect(approved).toMatchObject({ actorName: "Noa Vidal", subject: sent.campaignId });
  expect(all.names.get(sent.campaignId)).toBe("Adelanto de Navidad");
  const { events } = await listAuditEvents(officer(), { actorId: sent.world.people.noa.userId, family: "campaigns" });
  expect(events.map(({ type }) => type)).toEqual(["campaign.approved"]);
  const readings = await listAuditEvents(officer(), { family: "reading" });
  expect(new Set(readings.events.map(({ type }) => type))).toEqual(new Set(["sample.drawn", "export.made"]));
  expect((await listAuditEvents(officer(), { to: new Date("2026-11-01T00:00:00Z") })).events).toEqual([]);
  expect(await refusalOf(listAuditEvents(sent.world.people.lucia))).toMatchObject({ code: "forbidden" });
});

test("an export of the log is itself in the log", async () => {
  const rows = await exportAuditEvents(officer(), { family: "campaigns" });
  expect(rows[0]).toContain("actor_name");
  expect(rows.slice(1).every((row) => row[1]?.startsWith("campaign."))).toBe(true);
  await exportSuppressionCounts(officer());
  const { events } = await listAuditEvents(officer(), { family: "reading", limit: 2 });
  expect(events.map(({ data }) => data.what).toSorted()).toEqual(["admin_log", "suppression_counts"]);
});

test("what one person did alone under solo mode is listed, and what two signed is not", async () => {
  await transaction(officer(), async (tx) => {
    await audit(tx, "kill_switch.released", { signedBy: "solo" });
    await audit(tx, "kill_switch.released", { signedBy: "two_people" });
  });
  expect(await listOverrides(officer())).toMatchObject([{ type: "kill_switch.released", by: "Iria Sanz" }]);
});

test("unknown outcomes and what the gate refused are listed by reason, down to the message", async () => {
  const [one] = await t.db.execute<{ id: string }>(sql`
    update messages set state = 'unknown' where (lane, id) = (select lane, id from messages where state = 'delivered' limit 1)
    returning id`);
  expect(await listUnknownOutcomes(officer())).toMatchObject({
    count: 1,
    newest: [{ messageId: one?.id, campaignName: "Adelanto de Navidad", isFinal: false }],
  });
  await t.db.execute(sql`
    insert into gate_refusals (lane, message_id, campaign_id, contact_id, check_number, reason, at, entry_id)
    select lane, message_id, campaign_id, contact_id, 6, 'suppressed_legal', authorised_at, entry_id from send_attempts
    order by id limit 3`);
  const [counted] = await countRefusals(officer());
  const { refusals, nextCursor } = await listRefusals(officer(), { reason: "suppressed_legal" });
  expect(counted).toEqual({ reason: "suppressed_legal", count: 3 });
  expect(refusals).toHaveLength(3);
  expect(nextCursor).toBeNull();
  expect((await listRefusals(officer(), { reason: "quiet_hours" })).refusals).toEqual([]);
});
