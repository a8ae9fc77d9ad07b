import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { commit } from "@/lib/ledger/hash";
import { sequence } from "@/lib/ledger/sequence";
import { signCheckpoint } from "@/lib/ledger/sign-checkpoint";
import { createBrand } from "@/lib/numbers/commands/create-brand";
import { createPurpose } from "../commands/create-purpose";
import { publishWordingVersion } from "../commands/publish-wording-version";
import { recogniseContacts } from "../commands/recognise-contacts";
import { recordConsentEvents } from "../commands/record-consent-events";
import { preferenceToken } from "../preference-link";
import { getConsentReceipt } from "./get-consent-receipt";
import { getOwnReceipt } from "./get-own-receipt";
import { listOwnReceipts } from "./list-own-receipts";

const t = await testDatabase();
const folder = mkdtempSync(join(tmpdir(), "contraste-receipt-"));
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await t.close();
});

const NOW = new Date("2026-11-27T12:00:00.000Z");
const clock = { now: () => NOW };
const user = { kind: "user", userId: newId(), roles: ["compliance"], sessionId: null } as const;
const officer = t.context(user, { ...clock, db: t.as("console") });
const desk = t.context(systemActor("console"), { ...clock, db: t.as("console") });
const event = { contactId: "", eventId: "" };
let brandId = "";

beforeAll(async () => {
  const owner = t.context(systemActor("terminal"), clock);
  brandId = (await createBrand(owner, { name: "Olmo", controller: "Olmo S. L." })).brandId;
  const given = { brandId, key: "news", name: "Novedades", category: "MARKETING" } as const;
  const { purposeId } = await createPurpose(owner, given);
  const { wordingVersionId } = await publishWordingVersion(officer, {
    purposeId,
    label: "v1",
    language: "es",
    text: "Acepto.",
    controller: "Olmo S. L., Madrid",
    privacyNoticeUrl: "https://example.com/p",
    notice: { withdrawal: "Responde BAJA", authority: "AEPD" },
  });
  const [person] = await recogniseContacts(desk, [{ waId: "34600200001" }]);
  event.contactId = person?.contactId ?? "";
  const act = { type: "granted", scope: "purpose", source: "web_form", isComplete: true, by: "contact" } as const;
  const { recorded } = await recordConsentEvents(desk, {
    events: [
      {
        ...act,
        contactId: event.contactId,
        purposeId,
        wordingVersionId,
        occurredAt: NOW,
        jurisdiction: "ES",
        language: "es",
        idempotencyKey: "one",
        evidence: { ip: "203.0.113.9", checkbox: "unticked" },
      },
    ],
  });
  event.eventId = recorded.get("one") ?? "";
});

test("a receipt says who agreed to what, when, before which text, and how to stop", async () => {
  expect(await getConsentReceipt(officer, event)).toMatchObject({
    version: "KI-CR-v1.1.0",
    jurisdiction: "ES",
    consentTimestamp: NOW.getTime() / 1000,
    collectionMethod: "web_form",
    consentReceiptID: event.eventId,
    piiPrincipalId: event.contactId,
    piiControllers: [{ piiController: "Olmo S. L., Madrid" }],
    services: [{ purposes: [{ purpose: "Novedades", consentType: "EXPLICIT", termination: "Responde BAJA" }] }],
    piiProcessing: {
      privacyNotice: { text: "Acepto." },
      authorityParty: "AEPD",
      purposes: [{ lawfulBasis: "consent" }],
    },
    event: { eventState: "dpv:ConsentGiven", evidence: { checkbox: "unticked" } },
    ledger: { covered: false },
  });
});

const Proved = z.object({ ledger: z.object({ leaf: z.string(), tlogProof: z.string() }) });

test("once a signed checkpoint covers the event, the receipt proves it: its facts open the leaf's commitment", async () => {
  await sequence(t.db);
  await signCheckpoint(t.db, { keys: [t.secrets.logSigningKey], stateFile: join(folder, "checkpoint") });
  const { ledger } = Proved.parse(await getConsentReceipt(officer, event));
  const [format, extra = "", index] = ledger.tlogProof.split("\n");
  expect([format, index]).toEqual(["c2sp.org/tlog-proof@v1", expect.stringMatching(/^index \d+$/)]);
  const opening = JSON.parse(Buffer.from(extra.slice("extra ".length), "base64").toString());
  expect(opening.payload).toMatchObject({ event: event.eventId, type: "granted", evidence: { ip: "203.0.113.9" } });
  const commitment = commit(Buffer.from(opening.salt, "base64"), opening.payload).toString("base64");
  expect(JSON.parse(ledger.leaf).c).toBe(commitment);
});

const tokenFor = (contactId: string, brand = brandId) =>
  preferenceToken(t.secrets.linkKey, { contactId, brandId: brand });

test("the person takes their own receipt from their link: the same words and place in the log, without how it came to us", async () => {
  const token = tokenFor(event.contactId);
  expect(await listOwnReceipts(desk, { token })).toEqual([
    { eventId: event.eventId, type: "granted", at: NOW, purpose: "Novedades" },
  ]);
  const receipt = await getOwnReceipt(desk, { token, eventId: event.eventId });
  expect(receipt).toMatchObject({
    consentReceiptID: event.eventId,
    piiProcessing: { privacyNotice: { text: "Acepto." } },
    event: { eventState: "dpv:ConsentGiven", evidence: null },
    ledger: { covered: true },
  });
  const { ledger } = Proved.parse(receipt);
  expect(JSON.parse(ledger.leaf)).toMatchObject({ ref: event.eventId, at: expect.any(String) });
  expect(ledger.tlogProof).toMatch(/^c2sp\.org\/tlog-proof@v1\nindex \d+\n/);
  expect(JSON.stringify(receipt)).not.toContain("203.0.113.9");
});

test("nobody takes another person's receipt, another brand's, or one behind a link that we did not sign", async () => {
  const [other] = await recogniseContacts(desk, [{ waId: "34600200002" }]);
  const elsewhere = await createBrand(t.context(systemActor("terminal"), clock), { name: "Haya", controller: "Haya" });
  const tokens = [
    tokenFor(other?.contactId ?? ""),
    tokenFor(event.contactId, elsewhere.brandId),
    tokenFor(event.contactId).replace(/^./, (first) => (first === "A" ? "B" : "A")),
  ];
  for (const token of tokens)
    await expect(getOwnReceipt(desk, { token, eventId: event.eventId })).rejects.toMatchObject({ code: "not_found" });
});

test("of somebody whose key was destroyed there is no receipt, and none of another person's event", async () => {
  await expect(getConsentReceipt(officer, { ...event, eventId: newId() })).rejects.toMatchObject({ code: "not_found" });
  await t.keystore.destroy([event.contactId]);
  await expect(getConsentReceipt(officer, event)).rejects.toMatchObject({ code: "contact_erased" });
});
