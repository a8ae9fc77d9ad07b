import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { refusalOf } from "@/lib/campaigns/testing/world";
import { audit } from "@/lib/identity/audit";
import { transaction } from "@/lib/identity/context";
import { readEvidence } from "@/lib/ledger/evidence-files";
import { noteSigner } from "@/lib/ledger/note";
import { logOrigin } from "@/lib/ledger/origin";
import { sequence } from "@/lib/ledger/sequence";
import { signCheckpoint } from "@/lib/ledger/sign-checkpoint";
import { type Json, verifyBundle } from "@/lib/ledger/verifier";
import { CONSENTED_AT, SENT_AT, type SentCampaign, sentCampaign } from "@/lib/sending/testing/sent-campaign";
import { cancelLogAudit } from "./commands/cancel-log-audit";
import { exportMessageProof } from "./commands/export-message-proof";
import { openLogAudit } from "./commands/open-log-audit";
import { runLogAudit } from "./commands/run-log-audit";
import { getComplianceOverview } from "./queries/get-compliance-overview";
import { getLogEntry } from "./queries/get-log-entry";
import { getLogIntegrity } from "./queries/get-log-integrity";
import { getMessageProof } from "./queries/get-message-proof";
import { getPersonTimeline } from "./queries/get-person-timeline";
import { listLogEntries } from "./queries/list-log-entries";
import { verifyEvidence } from "./verify-evidence";

const t = await testDatabase();
const folder = await mkdtemp(join(tmpdir(), "proof-"));
afterAll(async () => {
  await t.close();
  await rm(folder, { recursive: true, force: true });
});

let sent: SentCampaign;
let vkey: string;
interface Sent extends Record<string, unknown> {
  message: string;
  contact: string;
  source: string;
}
let messages: Sent[];

/** The world writes its purpose and its wording as rows; as commands, they would be in the log. */
async function publish(): Promise<void> {
  const purposes = await t.db.execute<{ id: string; [field: string]: Json }>(sql`
    select id, category, double_opt_in as "doubleOptIn", pending_hours as "pendingHours", validity_days as "validityDays"
    from purposes`);
  const wordings = await t.db.execute<{ id: string; text: string }>(sql`select id, text from wording_versions`);
  await transaction(t.context(), async (tx) => {
    for (const purpose of purposes) await audit(tx, "purpose.created", purpose, purpose.id);
    for (const wording of wordings) await audit(tx, "wording.published", wording, wording.id);
  });
}

beforeAll(async () => {
  sent = await sentCampaign(t, 30);
  await publish();
  vkey = noteSigner(await logOrigin(t.db), t.secrets.logSigningKey).verifierKey;
  await t.db.execute(sql`update installation set log_verifier_key = ${vkey}`);
  messages = await t.db.execute<Sent>(sql`
    select m.id as message, m.contact_id as contact, e.source from messages m
    join consent_events e on e.lane = m.lane and e.contact_id = m.contact_id
    where m.state = 'delivered' order by e.source, m.id`);
});

async function sign(): Promise<void> {
  while ((await sequence(t.db)).sequenced > 0);
  await signCheckpoint(t.db, { keys: [t.secrets.logSigningKey], stateFile: join(folder, "checkpoint") });
}

const officer = () => sent.world.people.iria;

describe("before the first checkpoint", () => {
  test("a proof says so and nothing is exported", async () => {
    const messageId = messages[0]?.message ?? "";
    const proof = await getMessageProof(officer(), { messageId });
    expect(proof).toMatchObject({ verdict: { kind: "proved" }, checkpoint: null });
    expect(proof.log.every(({ index }) => index === null)).toBe(true);
    expect(await exportMessageProof(officer(), { messageId, reason: "asked by the person", language: "es" })).toEqual({
      kind: "not_covered",
    });
  });
});

describe("the proof of one message", () => {
  beforeAll(sign);

  test.each(["import", "web_form"])(
    "with a consent from %s: who agreed to what, what was checked, where it stands",
    async (source) => {
      const one = messages.find((message) => message.source === source);
      const proof = await getMessageProof(officer(), { messageId: one?.message ?? "" });
      expect(proof).toMatchObject({
        verdict: { kind: "proved" },
        state: "delivered",
        sentAt: new Date(SENT_AT),
        isErased: false,
        approval: { byName: "Noa Vidal", isSolo: false },
        consent: {
          purposeName: "Novedades",
          source,
          occurredAt: CONSENTED_AT,
          ended: null,
          wording: { label: "v4" },
        },
      });
      expect(proof.phone).toMatch(/^\+34 ••• ••• \d{3}$/);
      expect(proof.template?.text?.body).toBe("Hola A•••, empiezan las rebajas.");
      expect(proof.checks).toHaveLength(12);
      expect(proof.checks.filter(({ result }) => result === "failed")).toEqual([]);
      expect(proof.log.map(({ what }) => what)).toEqual(
        expect.arrayContaining(["consent", "attempt", "outcome", "approval"]),
      );
      expect(proof.log.every(({ index }) => index !== null)).toBe(true);
      expect(proof.log.find(({ what }) => what === "consent")?.inner !== null).toBe(source === "import");
      expect(JSON.stringify(proof)).not.toMatch(/\+34600|Ana/);
    },
  );

  test.each(["import", "web_form"])(
    "with a consent from %s leaves as a file that others verify without us",
    async (source) => {
      const one = messages.find((message) => message.source === source);
      const proof = await exportMessageProof(officer(), {
        messageId: one?.message ?? "",
        reason: "asked by the person",
        language: "es",
      });
      const bytes = proof.kind === "bundle" ? proof.bytes : Buffer.alloc(0);
      expect(await verifyEvidence(bytes, { keys: [vkey] })).toMatchObject({ failures: [], sealed: 0, consented: 1 });
      const read = readEvidence(bytes);
      if (read.kind !== "evidence") expect.fail("no evidence");
      const names = read.attachments.map(({ path }) => path);
      expect(names).toEqual(
        expect.arrayContaining([
          "report.html",
          "report.csv",
          "verify.mjs",
          expect.stringMatching(/^wordings\/.+\.txt$/),
        ]),
      );
      const payloads = (await verifyBundle(read.bundle, [vkey])).proved.map(({ payload }) => payload);
      expect(payloads).toContainEqual(expect.objectContaining({ message: one?.message, basis: "consent" }));
      expect(payloads).toContainEqual(expect.objectContaining({ contact: one?.contact, type: "granted" }));
      expect(payloads).toContainEqual(expect.objectContaining({ kind: "accepted" }));
      const [taken] = await t.db.execute<{ data: string }>(
        sql`select data from audit_events where type = 'proof.exported' and subject = ${one?.message}`,
      );
      expect(JSON.parse(taken?.data ?? "{}")).toMatchObject({ reason: "asked by the person" });
    },
  );

  test("of somebody who got nothing says that nothing was sent", async () => {
    const [row] = await t.db.execute<{ id: string }>(sql`select id from messages where state = 'held_out' limit 1`);
    const proof = await getMessageProof(officer(), { messageId: row?.id ?? "" });
    expect(proof).toMatchObject({
      verdict: { kind: "not_attempted" },
      checks: [],
      consent: null,
      sentAt: null,
      template: null,
    });
  });

  test("is for those who may read proofs", async () => {
    const messageId = messages[0]?.message ?? "";
    const { lucia, boss } = sent.world.people;
    for (const person of [lucia, boss]) {
      expect(await refusalOf(getMessageProof(person, { messageId }))).toMatchObject({ code: "forbidden" });
      expect(await refusalOf(exportMessageProof(person, { messageId, reason: "x", language: "es" }))).toMatchObject({
        code: "forbidden",
      });
      expect(await refusalOf(getComplianceOverview(person))).toMatchObject({ code: "forbidden" });
      expect(await refusalOf(listLogEntries(person))).toMatchObject({ code: "forbidden" });
    }
  });
});

describe("the log", () => {
  test("comes in pages without a gap, newest first, and by kind of event", async () => {
    const seen: number[] = [];
    let cursor: string | null | undefined;
    let size = 0;
    do {
      const page = await listLogEntries(officer(), { limit: 20, ...(cursor ? { cursor } : {}) });
      seen.push(...page.entries.map(({ index }) => index));
      ({ nextCursor: cursor, size } = page);
    } while (cursor);
    expect(seen).toEqual(Array.from({ length: size }, (_, i) => size - 1 - i));
    const consents = await listLogEntries(officer(), { type: "consent." });
    expect(new Set(consents.entries.map(({ type }) => type))).toEqual(new Set(["consent.batch", "consent.granted"]));
    expect(consents.entries.find(({ type }) => type === "consent.batch")?.items).toBe(15);
    const person = messages.at(-1)?.contact ?? "";
    const own = await listLogEntries(officer(), { subject: person });
    expect(own.entries.map(({ type, subject }) => [type, subject])).toEqual([["consent.granted", person]]);
    expect(await refusalOf(listLogEntries(officer(), { cursor: "x" }))).toMatchObject({ code: "invalid_input" });
  });

  test("opens one entry with its content and a bundle that verifies", async () => {
    const { entries } = await listLogEntries(officer(), { type: "campaign.launched" });
    const entry = await getLogEntry(officer(), { index: entries[0]?.index ?? -1 });
    expect(entry.content).toMatchObject({ kind: "opened", payload: { subject: sent.campaignId } });
    expect(entry.bundle && (await verifyBundle(entry.bundle, [vkey])).failures).toEqual([]);
    const [batch] = (await listLogEntries(officer(), { type: "send.gate" })).entries;
    expect((await getLogEntry(officer(), { index: batch?.index ?? -1 })).content).toMatchObject({ kind: "batch" });
    expect(await refusalOf(getLogEntry(officer(), { index: 1e9 }))).toMatchObject({ code: "not_found" });
  });
});

test("the overview answers whether everything that was sent can be proved, and what waits for somebody", async () => {
  await sign();
  await t.db.execute(sql`
    insert into gate_refusals (lane, message_id, campaign_id, contact_id, check_number, reason, at, entry_id)
    select lane, gen_random_uuid(), ${sent.campaignId}, id, 6, 'suppressed_complaint', now(),
      (select entry_id from send_attempts a where a.lane = c.lane limit 1)
    from contacts c where exists (select from send_attempts a where a.lane = c.lane) limit 2`);
  const overview = await getComplianceOverview(officer());
  expect(overview.sends).toMatchObject({ withoutConsent: 0, attempts: messages.length });
  expect(overview.campaigns).toMatchObject([
    {
      campaignId: sent.campaignId,
      attempts: messages.length,
      proven: messages.length,
      refused: 2,
      topReason: "suppressed_complaint",
    },
  ]);
  expect(overview).toMatchObject({
    isSandbox: true,
    unknownOutcomes: 0,
    consents: { granted: 30, expiringSoon: 0 },
    optOuts: { total: 0 },
    approvals: { import: 0, campaign: 0 },
    ledger: { pending: 0 },
  });
  expect(overview.ledger.checkpoint?.size).toBe(overview.ledger.entries);
});

async function stops(): Promise<number> {
  const rows = await t.db.execute(
    sql`select 1 from kill_switches where level = 'installation' and released_at is null`,
  );
  return rows.length;
}

test("the whole log is recomputed, and a change that anybody made in the database is found", async () => {
  await sign();
  const audited = async () => {
    await openLogAudit(officer());
    expect(await runLogAudit(sent.world.worker)).toBe(true);
    return (await getLogIntegrity(officer())).audits[0];
  };
  expect(await audited()).toMatchObject({
    state: "intact",
    problemCount: 0,
    result: { projectionFaults: 0, pending: 0 },
  });
  expect(await stops()).toBe(0);

  await t.db.execute(sql`update consent_state set status = 'granted' where status = 'withdrawn'`);
  const [spoilt] = await t.db.execute<{ n: number }>(sql`
    with one as (select lane, contact_id, purpose_id from consent_state where status = 'granted' limit 1)
    update consent_state s set expires_at = s.expires_at + interval '1 day' from one
    where (s.lane, s.contact_id, s.purpose_id) = (one.lane, one.contact_id, one.purpose_id) returning 1 as n`);
  expect(spoilt).toBeDefined();
  expect(await audited()).toMatchObject({ state: "broken", result: { problemCount: 0, projectionFaults: 1 } });
  expect(await stops()).toBe(1);

  await t.db.execute(sql`update log_entries set leaf = convert_to(replace(convert_from(leaf, 'UTF8'), '"by":"user"', '"by":"meta"'), 'UTF8')
    where type = 'campaign.approved'`);
  const { problems } = (await audited())?.result ?? { problems: [] };
  expect(problems).toContainEqual({ kind: "leaf", at: expect.any(String) });
  expect(await stops()).toBe(1); // the one that is engaged stays as it is
  expect(await refusalOf(openLogAudit(sent.world.people.boss))).toMatchObject({ code: "forbidden" });

  await openLogAudit(officer());
  await cancelLogAudit(officer());
  await runLogAudit(sent.world.worker);
  expect((await getLogIntegrity(officer())).audits[0]?.state).toBe("cancelled");
  expect(await runLogAudit(sent.world.worker)).toBe(false);
});

describe("a person's timeline", () => {
  test("has consent and messages, newest first, masked, and the status at an instant of the past", async () => {
    const one = messages.find(({ source }) => source === "web_form");
    const contactId = one?.contact ?? "";
    const timeline = await getPersonTimeline(officer(), { contactId });
    expect(timeline.items.map(({ kind }) => kind)).toEqual(["message", "consent"]);
    expect(timeline.states).toMatchObject([{ status: "granted", purposeName: "Novedades" }]);
    expect(timeline.phone).toMatch(/^\+34 ••• ••• \d{3}$/);
    expect(JSON.stringify(timeline)).not.toMatch(/\+34600|Ana/);
    const before = await getPersonTimeline(officer(), { contactId, at: new Date("2026-01-01T00:00:00Z") });
    expect(before.states).toEqual([]);
  });
});
