import { readFile } from "node:fs/promises";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { openName } from "@/lib/audience/contact";
import { canonicalIdentifier, lookupOf, openIdentifier } from "@/lib/audience/identifier";
import { ensureDefaultBrand } from "@/lib/consent/commands/ensure-default-brand";
import { recordConsentEvents } from "@/lib/consent/commands/record-consent-events";
import { withdrawConsent } from "@/lib/consent/commands/withdraw-consent";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { type Context, transaction } from "@/lib/identity/context";
import { seal } from "@/lib/keystore/cipher";
import { getRejectedRows } from "../queries/get-rejected-rows";
import { previewImport } from "../queries/preview-import";
import { chunkPlace } from "../store";
import { requestImport } from "./request-import";
import { runImport } from "./run-import";
import { uploadImport } from "./upload-import";

const NOW = new Date("2026-11-27T12:00:00.000Z");
const t = await testDatabase();
afterAll(() => t.close());

let ctx: Context;
let brand: { brandId: string; purposeId: string };

beforeAll(async () => {
  ctx = t.context(systemActor("terminal"), { now: () => NOW });
  brand = await ensureDefaultBrand(ctx, { name: "Café Prueba", sampleWording: true });
});

async function* once(bytes: Buffer) {
  yield bytes;
}

async function upload(text: string | Buffer, fileName = "people.csv") {
  const content = once(Buffer.from(text));
  return uploadImport(ctx, { fileName, content, ...brand, country: "ES", timeZone: "Europe/Madrid" });
}

async function importText(text: string | Buffer, fileName?: string) {
  const { importId } = await upload(text, fileName);
  await requestImport(ctx, { importId, runsHere: true });
  const end = await runImport(ctx, { importId });
  if (end.kind === "interrupted") throw new Error("interrupted");
  return { importId, counts: end.counts, kind: end.kind };
}

const fileOf = (name: string) => readFile(new URL(`../testing/${name}`, import.meta.url));

async function statusOf(phone: string) {
  const identifier = canonicalIdentifier("phone", phone);
  if (!identifier) throw new Error("not a phone");
  const [row] = await t.db.execute<{ status: string | null; blocked: boolean; id: string }>(sql`
    select found.contact_id as id, state.status,
      exists (select from contact_suppressions as block where block.contact_id = found.contact_id and lifted_at is null) as blocked
    from identifier_index as found
    left join consent_state as state on state.contact_id = found.contact_id and state.purpose_id = ${brand.purposeId}
    where found.lookup = ${lookupOf(t.secrets.lookupKey, identifier)}`);
  return row;
}

async function everything() {
  const tables = ["contacts", "contact_identifiers", "identifier_index", "consent_events", "consent_state"];
  const blocks = ["contact_suppressions", "suppression_lookups"];
  const rows = await Promise.all(
    [...tables, ...blocks].map((name) =>
      t.db.execute<{ text: string }>(sql`select t::text as text from ${sql.identifier(name)} as t order by 1`),
    ),
  );
  return rows.map((table) => table.map(({ text }) => text));
}

test("rows become contacts, sealed identifiers and consent; broken rows are listed with what was expected", async () => {
  const preview = await previewImport(ctx, { importId: (await upload(await fileOf("clientes.csv"))).importId });
  const { counts, importId } = await importText(await fileOf("clientes.csv"));
  expect(counts).toMatchObject({
    rows: 7,
    contacts: 4,
    duplicates: 1,
    rejected: 2,
    created: 4,
    consent: { granted: 1, pending: 1, withdrawn: 1, none: 1 },
  });
  expect(preview.counts).toEqual(counts);
  expect(preview.rejected).toMatchObject([
    { row: 6, code: "invalid_phone", column: "Teléfono móvil", expected: "phone", found: "60000" },
    { row: 7, code: "invalid_date", column: "Fecha consentimiento", expected: "date", found: "31/02/2026" },
  ]);
  expect(await statusOf("+34600000101")).toMatchObject({ status: "granted", blocked: false });
  expect(await statusOf("+34600000102")).toMatchObject({ status: "pending", blocked: false });
  expect(await statusOf("+34600000103")).toMatchObject({ status: "withdrawn", blocked: true });
  expect(await statusOf("+34600000104")).toMatchObject({ status: null, blocked: false });

  const id = (await statusOf("+34600000101"))?.id ?? "";
  const key = (await t.keystore.keysOf([id])).get(id);
  const [contact] = await t.db.execute<{ name: Buffer; attributes: unknown; sealed: Buffer }>(sql`
    select name_sealed as name, attributes, sealed from contacts
    join contact_identifiers on contact_id = id and kind = 'phone' where id = ${id}`);
  if (!key || !contact) throw new Error("missing");
  expect(openName(key, id, contact.name)).toEqual({ full: "María José Peña Núñez", first: "María José" });
  expect(openIdentifier(key, id, { kind: "phone", sealed: contact.sealed })).toBe("+34600000101");
  expect(contact.attributes).toEqual({ importe: 12.5 });

  let file = "";
  for await (const line of getRejectedRows(ctx, { importId })) file += line;
  expect(file).toContain('"60000","Ana","Corta"');
  expect(file.split("\r\n")).toHaveLength(4);
});

test("importing the same file twice changes nothing", async () => {
  const before = await everything();
  const { counts } = await importText(await fileOf("clientes.csv"));
  expect(counts).toMatchObject({ created: 0, updated: 0, unchanged: 4, contacts: 4, duplicates: 1 });
  expect(await everything()).toEqual(before);
});

test("who opted out stays so, whatever a later file claims; who opts in by an act of their own is reachable again", async () => {
  const id = (await statusOf("+34600000101"))?.id ?? "";
  const occurredAt = new Date("2026-11-20T10:00:00Z");
  await withdrawConsent(t.context(systemActor("ingress"), { now: () => NOW }), {
    withdrawals: [{ contactId: id, occurredAt, source: "keyword_in", idempotencyKey: "wamid:1" }],
  });
  const claim = "phone,consent,consent date,wording version,source system,evidence hash,attester\n";
  const hash = "b".repeat(64);
  const { counts } = await importText(`${claim}+34600000101,yes,2026-11-25T10:00:00Z,v1,till,${hash},Ana\n`);
  expect(counts.consent).toEqual({ granted: 0, pending: 0, withdrawn: 1, none: 0 });
  expect(await statusOf("+34600000101")).toMatchObject({ status: "withdrawn", blocked: true });

  const again = { contactId: id, purposeId: brand.purposeId, scope: "purpose", source: "web_form" } as const;
  await recordConsentEvents(t.context(systemActor("ingress"), { now: () => NOW }), {
    events: [{ ...again, type: "granted", occurredAt: NOW, isComplete: true, idempotencyKey: "form:1" }],
  });
  expect(await statusOf("+34600000101")).toMatchObject({ status: "granted", blocked: false });
});

test("a person who is on the suppression list is blocked from the moment of the import", async () => {
  const lookup = lookupOf(t.secrets.lookupKey, { kind: "phone", value: "+34600000190" });
  await t.db.execute(sql`
    insert into suppression_lookups (lane, lookup, kind, scope, since)
    values (lane_of_hash(${lookup}), ${lookup}, 'erased', 'all', now())`);
  const { counts } = await importText("phone,name\n600000190,Eva Borrada\n");
  expect(counts.consent).toEqual({ granted: 0, pending: 0, withdrawn: 1, none: 0 });
  expect(await statusOf("+34600000190")).toMatchObject({ blocked: true });
});

test("a file that breaks off is refused before anybody of it becomes a contact", async () => {
  const before = await everything();
  const uploaded = await upload('phone,name\n600000191,"never closed\n600000192,x\n');
  expect(uploaded).toMatchObject({
    status: "failed",
    error: { code: "import_unreadable", params: { row: 2, committed: 0 } },
  });
  await expect(requestImport(ctx, { importId: uploaded.importId })).rejects.toMatchObject({ code: "conflict" });
  expect(await everything()).toEqual(before);
});

test("a file with more columns than anybody could map is refused at once", async () => {
  const header = ["phone", ...Array.from({ length: 1_000 }, (_, i) => `c${i}`)].join(",");
  await expect(upload(`${header}\n600000193\n`)).rejects.toMatchObject({
    code: "import_unreadable",
    params: { row: 1, reason: "too_many_columns" },
  });
});

test("a file that breaks while it runs stops with the reason, and what was committed before is stated and stays", async () => {
  const people = Array.from({ length: 1_200 }, (_, i) => `6002${String(i).padStart(5, "0")},Ana`);
  const { importId } = await upload(`phone,name\n${people.join("\n")}\n`);
  await t.db.execute(sql`update imports set status = 'approved' where id = ${importId}`);
  const key = (await t.keystore.keysOf([importId])).get(importId);
  if (!key) throw new Error("no key");
  const tail = seal(key, '600299999,"never closed', chunkPlace(importId, 1));
  await t.db.execute(sql`insert into import_chunks (import_id, position, sealed) values (${importId}, 1, ${tail})`);
  expect(await runImport(ctx, { importId })).toMatchObject({
    kind: "failed",
    code: "import_unreadable",
    params: { row: 1_202, reason: "quote_not_closed" },
    counts: { contacts: 1_000, created: 1_000 },
  });
  const [row] = await t.db.execute(sql`select status, error_params as params from imports where id = ${importId}`);
  expect(row).toMatchObject({ status: "failed", params: { row: 1_202, committed: 1_000 } });
});

test("an import that stopped halfway runs on to the same end", async () => {
  const people = Array.from({ length: 2_500 }, (_, i) => `6001${String(i % 2_400).padStart(5, "0")},yes`);
  const text = `phone,consent\n${people.join("\n")}\n`;
  const { importId } = await upload(text);
  await t.db.execute(sql`update imports set status = 'approved' where id = ${importId}`);
  const stop = new AbortController();
  expect(await runImport(ctx, { importId, signal: stop.signal, onProgress: () => stop.abort() })).toEqual({
    kind: "interrupted",
  });
  const [half] = await t.db.execute<{ rows: number }>(
    sql`select rows_read as rows from imports where id = ${importId}`,
  );
  expect(half).toEqual({ rows: 1_001 });
  expect(await runImport(ctx, { importId })).toMatchObject({
    kind: "completed",
    counts: { rows: 2_500, contacts: 2_400, duplicates: 100, created: 2_400, consent: { pending: 2_400 } },
  });
});

test("the log holds one entry per batch of events and one for the import, with the file's hash", async () => {
  const { importId } = await importText("phone,consent\n600000193,yes\n600000194,baja\n");
  const entries = await t.db.execute<{ type: string }>(sql`
    select distinct entry.type from log_entries as entry join consent_events as event on event.entry_id = entry.id
    where event.import_id = ${importId}`);
  expect(entries).toEqual([{ type: "consent.batch" }]);
  const [audited] = await t.db.execute<{ type: string; data: Record<string, unknown> }>(sql`
    select type, data::jsonb as data from audit_events where subject = ${importId} and type = 'import.completed'`);
  expect(audited?.data).toMatchObject({ rows: 2, contacts: 2, fileSha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test("a batch commits whole or not at all", async () => {
  const before = await everything();
  const { importId } = await upload("phone,consent\n600000195,baja\n");
  await requestImport(ctx, { importId, runsHere: true });
  const failing = { ...ctx, now: () => NOW, db: t.db };
  await expect(
    transaction(failing, async (tx) => {
      await runImport(tx, { importId });
      throw new Error(`stop ${newId()}`);
    }),
  ).rejects.toThrow("stop");
  expect(await everything()).toEqual(before);
});
