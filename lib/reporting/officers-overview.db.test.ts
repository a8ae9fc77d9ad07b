import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { refusalOf } from "@/lib/campaigns/testing/world";
import { withdrawConsent } from "@/lib/consent/commands/withdraw-consent";
import { SENT_AT, type SentCampaign, sentCampaign } from "@/lib/sending/testing/sent-campaign";
import { openDueVerification } from "./commands/open-send-verification";
import { requestSendVerification } from "./commands/request-send-verification";
import { runSendVerification } from "./commands/run-send-verification";
import { getComplianceOverview } from "./queries/get-compliance-overview";
import { listApprovals } from "./queries/list-approvals";
import { listWindowSends } from "./queries/list-window-sends";

const t = await testDatabase();
afterAll(() => t.close());

let sent: SentCampaign;
let attempts = 0;
beforeAll(async () => {
  sent = await sentCampaign(t, 40);
  const [row] = await t.db.execute<{ count: number }>(sql`select count(*)::int as count from send_attempts`);
  attempts = row?.count ?? 0;
});
const officer = () => sent.world.people.iria;
const worker = () => sent.world.worker;

test("before anything was verified in the background, the first page judges every send itself", async () => {
  const { sends, verification } = await getComplianceOverview(officer());
  expect(sends).toMatchObject({ attempts, withoutConsent: 0 });
  expect(verification).toMatchObject({ checkedAt: null, waiting: 0, running: null, hasFailed: false });
});

test("a verification that an officer asked for runs once, says how far it is, and its figures are shown until the next", async () => {
  expect(await refusalOf(requestSendVerification(sent.world.people.lucia))).toMatchObject({ code: "forbidden" });
  await requestSendVerification(officer());
  await requestSendVerification(officer());
  expect((await getComplianceOverview(officer())).verification.running).toEqual({ checked: 0, total: 0 });
  await sent.setTime("2026-12-01T10:00:00.000Z");
  expect(await runSendVerification(worker())).toBe(true);
  expect(await runSendVerification(worker())).toBe(false);
  const { sends, verification } = await getComplianceOverview(officer());
  expect(verification).toMatchObject({
    checkedAt: new Date("2026-12-01T10:00:00.000Z"),
    cause: "person",
    running: null,
  });
  expect(sends).toMatchObject({ attempts, withoutConsent: 0 });
  expect(sends.byCampaign).toEqual([{ campaignId: sent.campaignId, attempts, withoutConsent: 0 }]);
});

test("a campaign that was sent to its end since the last verification asks for one, once", async () => {
  await t.db.execute(sql`update campaigns set sending_ended_at = ${new Date("2026-12-01T11:00:00Z")}::timestamptz`);
  await sent.setTime("2026-12-01T11:01:00.000Z");
  expect(await openDueVerification(worker())).toBe(true);
  expect(await openDueVerification(worker())).toBe(false);
  await runSendVerification(worker());
  expect(await openDueVerification(worker())).toBe(false);
});

test("sends without consent are found by the verification, told to the officers, and no longer once they are mended", async () => {
  const notices = () =>
    t.db.execute(sql`select params from notices where kind = 'sends_unproven' and resolved_at is null`);
  await t.db.execute(sql`update send_attempts set checks = checks - 1 where (lane, id) in
    (select lane, id from send_attempts order by lane limit 1)`);
  await requestSendVerification(officer());
  await runSendVerification(worker());
  expect((await getComplianceOverview(officer())).sends).toMatchObject({ attempts, withoutConsent: 1 });
  expect(await notices()).toEqual([{ params: { count: 1 } }]);
  await t.db.execute(sql`update send_attempts set checks = checks + 1 where (lane, id) in
    (select lane, id from send_attempts order by lane limit 1)`);
  await requestSendVerification(officer());
  await runSendVerification(worker());
  expect(await notices()).toEqual([]);
});

test("a send just before a withdrawal was committed is listed, and an earlier one is not", async () => {
  const [one] = await t.db.execute<{ id: string; contact: string }>(
    sql`select message_id as id, contact_id as contact from send_attempts order by lane limit 1`,
  );
  const [other] = await t.db.execute<{ contact: string }>(
    sql`select contact_id as contact from send_attempts order by lane desc limit 1`,
  );
  const withdraw = (contactId: string) =>
    withdrawConsent(worker(), {
      withdrawals: [{ contactId, occurredAt: worker().now(), source: "keyword_in", idempotencyKey: contactId }],
    });
  await sent.setTime(new Date(new Date(SENT_AT).getTime() + 1_000).toISOString());
  await withdraw(one?.contact ?? "");
  await sent.setTime("2026-12-01T12:00:00.000Z");
  await withdraw(other?.contact ?? "");
  const since = new Date("2026-12-01T00:00:00Z");
  expect(await listWindowSends(officer(), { since })).toMatchObject({
    count: 1,
    newest: [{ messageId: one?.id, contactId: one?.contact }],
  });
  const { anomalies, optOuts } = await getComplianceOverview(officer());
  expect(anomalies).toContainEqual({ kind: "within_window", count: 1 });
  expect(optOuts).toMatchObject({ last30Days: 2, honoured: { p50Ms: 0, p95Ms: 0 } });
  await t.db.execute(sql`update send_attempts set basis = 'service' where message_id = ${one?.id}::uuid`);
  expect((await listWindowSends(officer(), { since })).count, "the answer to a refusal is no exposure").toBe(0);
  await t.db.execute(sql`update send_attempts set basis = 'consent' where message_id = ${one?.id}::uuid`);
});

test("what waits for a second person is in one list, and one's own is marked", async () => {
  const { campaignId } = await sent.world.readyCampaign("Rebajas");
  await t.db.execute(sql`update campaigns set status = 'in_review' where id = ${campaignId}`);
  await t.db.execute(sql`
    insert into campaign_history (id, campaign_id, at, actor_id, type, data)
    values (gen_random_uuid(), ${campaignId}, now(), ${sent.world.people.lucia.userId}, 'review_requested', '{}')`);
  expect(await listApprovals(officer())).toMatchObject([
    { kind: "campaign", id: campaignId, name: "Rebajas", askedBy: "Lucía Marín", isOwn: false },
  ]);
  expect((await getComplianceOverview(officer())).approvals).toMatchObject({ campaign: 1, import: 0, removal: 0 });
  expect(await refusalOf(listApprovals(sent.world.people.lucia))).toMatchObject({ code: "forbidden" });
});
