import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { recordConsentEvents } from "@/lib/consent/commands/record-consent-events";
import { laneOf, newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { transaction } from "@/lib/identity/context";
import { noteSigner } from "@/lib/ledger/note";
import { logOrigin } from "@/lib/ledger/origin";
import { sequence } from "@/lib/ledger/sequence";
import { signCheckpoint } from "@/lib/ledger/sign-checkpoint";
import { askConsent } from "@/lib/sending/commands/ask-consent";
import { claimMessages } from "@/lib/sending/commands/claim-messages";
import { recordOutcomes } from "@/lib/sending/commands/record-outcomes";
import { replyToPerson } from "@/lib/sending/commands/reply-to-person";
import { sendTestTemplate } from "@/lib/sending/commands/send-test-template";
import { queuedCampaign, type SentCampaign } from "@/lib/sending/testing/sent-campaign";
import { exportMessageProof } from "./commands/export-message-proof";
import type { GroundCounts } from "./sends-proved";
import { verifyEvidence } from "./verify-evidence";

// Messages that rest on something else than a consent leave as evidence, too (compliance I1, 2.4). Business time stands still.

const t = await testDatabase();
const folder = await mkdtemp(join(tmpdir(), "direct-"));
afterAll(async () => {
  await t.close();
  await rm(folder, { recursive: true, force: true });
});

let campaign: SentCampaign;
let vkey: string;
const sent: Partial<Record<keyof GroundCounts, string>> = {};
const worker = () => campaign.world.worker;
const numberId = () => campaign.world.ids.numberId;

/** Takes what is due for the person through the gate and writes down that Meta accepted it. Answers the message's id. */
async function send(contactId: string): Promise<string> {
  const lane = laneOf(contactId);
  const { messages } = await claimMessages(worker(), { lane, numberId: numberId(), limit: 100, workerId: newId() });
  const mine = messages.find((message) => message.contactId === contactId);
  if (!mine) throw new Error("the gate let nothing through");
  const { attemptId, messageId } = mine;
  const accepted = {
    kind: "accepted",
    wamid: `wamid.${messageId}`,
    code: null,
    reason: null,
    retryAfterMs: null,
  } as const;
  await recordOutcomes(worker(), lane, [{ attemptId, contactId, ...accepted }]);
  return messageId;
}

async function answer(contactId: string): Promise<string> {
  await t.db.execute(sql`
    insert into inbound_messages (lane, id, contact_id, number_id, wamid, type, classification, provider_at, received_at)
    values (lane_of(${contactId}), ${newId()}, ${contactId}, ${numberId()}, ${newId()}, 'text', 'other',
      app_now() - interval '1 hour', app_now() - interval '1 hour')`);
  await replyToPerson(campaign.world.people.lucia, { contactId, numberId: numberId(), text: "Abrimos a las diez." });
  return send(contactId);
}

async function question(contactId: string): Promise<string> {
  const [templateId, purposeId] = [newId(), newId()];
  const components = [
    { type: "BODY", text: "Hola, ¿confirmas?" },
    { type: "BUTTONS", buttons: ["Sí", "No"].map((text) => ({ type: "QUICK_REPLY", text })) },
  ];
  await t.db.execute(sql`
    insert into templates (id, number_id, waba_id, meta_id, name, language, category, status, components, components_sha256,
      created_at, updated_at)
    values (${templateId}, ${numberId()}, '900000000000001', '7', 'confirma', 'es', 'UTILITY', 'APPROVED',
      ${JSON.stringify(components)}::jsonb, ${Buffer.alloc(32)}, now(), now())`);
  await t.db.execute(sql`
    insert into purposes (id, brand_id, key, name, category, double_opt_in, created_at)
    values (${purposeId}, ${campaign.world.ids.brandId}, 'club', 'Club', 'MARKETING', true, now())`);
  const rules = { category: "MARKETING", doubleOptIn: true, pendingHours: 168, validityDays: 730 };
  await transaction(t.context(), (tx) => audit(tx, "purpose.created", { id: purposeId, ...rules }, purposeId));
  const asked = { contactId, type: "requested", purposeId, scope: "purpose", source: "web_form" } as const;
  const event = { ...asked, occurredAt: worker().now(), isComplete: true, idempotencyKey: newId() };
  await recordConsentEvents(worker(), { events: [event] });
  await askConsent(worker(), { contactId, purposeId, templateId, numberId: numberId() });
  return send(contactId);
}

async function ownTest(): Promise<string> {
  const person = await campaign.world.person("Ada Gil", "admin");
  const input = {
    numberId: numberId(),
    templateId: campaign.world.templateIds.a,
    to: "+34600123456",
    confirmed: false,
  };
  await sendTestTemplate(person, input, { lookOnMs: 0 });
  const [planned] = await t.db.execute<{ contact: string }>(sql`
    select contact_id as contact from messages where basis = 'test' and state = 'queued'`);
  return send(planned?.contact ?? "");
}

beforeAll(async () => {
  campaign = await queuedCampaign(t, 4);
  await t.db.execute(sql`update campaigns set status = 'paused'`);
  const [first = "", second = ""] = campaign.contactIds;
  sent.service = await answer(first);
  sent.request = await question(second);
  sent.test = await ownTest();
  vkey = noteSigner(await logOrigin(t.db), t.secrets.logSigningKey).verifierKey;
  await t.db.execute(sql`update installation set log_verifier_key = ${vkey}`);
  while ((await sequence(t.db)).sequenced > 0);
  await signCheckpoint(t.db, { keys: [t.secrets.logSigningKey], stateFile: join(folder, "checkpoint") });
});

async function bundleOf(basis: keyof GroundCounts): Promise<Uint8Array> {
  const wanted = { messageId: sent[basis] ?? "", reason: "asked", language: "es" } as const;
  const proof = await exportMessageProof(campaign.world.people.iria, wanted);
  if (proof.kind !== "bundle") throw new Error("not covered");
  return proof.bytes;
}

const bases = ["service", "request", "test"] as const;

test.each(bases)("a message that rests on %s leaves as evidence that holds and says so", async (basis) => {
  expect(await verifyEvidence(await bundleOf(basis), { keys: [vkey] })).toMatchObject({
    failures: [],
    consented: 0,
    unread: 0,
    grounds: { service: 0, request: 0, test: 0, [basis]: 1 },
  });
});

test.each(bases)("one changed byte of the evidence of a %s message is found, wherever it is", async (basis) => {
  const bytes = await bundleOf(basis);
  for (let step = 1; step < 60; step++) {
    const changed = Uint8Array.from(bytes);
    const at = Math.floor((bytes.length * step) / 60);
    changed[at] = (changed[at] ?? 0) ^ 1;
    const verdict = await verifyEvidence(changed, { keys: [vkey] });
    expect(verdict.kind === "unreadable" || verdict.failures.length > 0, `byte ${at}`).toBe(true);
  }
});

test("the verifier inside the archive says the basis in words, without our code", async () => {
  const path = join(folder, "service.zip");
  await writeFile(path, await bundleOf("service"));
  const { stdout } = await promisify(execFile)(process.execPath, ["lib/ledger/verify.mjs", path, "--key", vkey]);
  expect(stdout).toContain("1 answer(s) to what the person wrote");
  expect(stdout).toContain("Everything holds.");
});
