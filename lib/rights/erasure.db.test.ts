import { existsSync } from "node:fs";
import { appendFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { correctContact } from "@/lib/audience/commands/correct-contact";
import { findContactByIdentifier } from "@/lib/audience/queries/find-contact-by-identifier";
import { refusalOf } from "@/lib/campaigns/testing/world";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { type Context, transaction } from "@/lib/identity/context";
import { requestImport } from "@/lib/imports/commands/request-import";
import { runImport } from "@/lib/imports/commands/run-import";
import { uploadImport } from "@/lib/imports/commands/upload-import";
import { dispatchWebhooks } from "@/lib/intake/commands/dispatch-webhooks";
import { receiveWebhook } from "@/lib/intake/commands/receive-webhook";
import { installationKey } from "@/lib/keystore/installation-key";
import { noteSigner } from "@/lib/ledger/note";
import { logOrigin } from "@/lib/ledger/origin";
import { sequence } from "@/lib/ledger/sequence";
import { verifyLog } from "@/lib/ledger/verify-log";
import { verifySends } from "@/lib/reporting/queries/verify-sends";
import { signBody } from "@/lib/whatsapp/signature";
import { approveErasure } from "./commands/approve-erasure";
import { checkIdentityByMessage } from "./commands/check-identity";
import { createDeliveryLink } from "./commands/deliver-package";
import { erasePerson, replayErasures, shredBlocked } from "./commands/erase-person";
import { openRequest } from "./commands/open-request";
import { approvePackage, buildPackage, redactPackage } from "./commands/prepare-package";
import { erasureJournal } from "./erasure-journal";
import { collectPackage } from "./queries/collect-package";
import { getRequest } from "./queries/get-request";
import { previewErasure } from "./queries/preview-erasure";
import { type RightsWorld, rightsWorld } from "./testing/people";

const PEOPLE = process.env.LONG === "1" ? 500 : 20; // P9: 500
const NAME = "Zoraida Quintanilla";
const phoneOf = (index: number) => `34699${String(700_000 + index)}`;
const userIdOf = (index: number) => `ES.7770000${String(index).padStart(6, "0")}`;
/** What every phone, name and user id of these people contains, and nothing else in the whole cluster. */
const NEEDLES = ["346997", NAME, "ES.7770000"];

const t = await testDatabase();
const folder = await mkdtemp(join(tmpdir(), "erasure-"));
const journal = erasureJournal(folder);
afterAll(async () => {
  await t.close();
  await rm(folder, { recursive: true, force: true });
});

let world: RightsWorld;
let iria: Context;
let worker: Context;
let vkey: string;
const everybody = Array.from({ length: PEOPLE }, (_, index) => index);
/** Where the law blocks before it deletes (ES), and where it does not. */
const isBlocked = (index: number) => index % 2 === 1;
const shreddedPeople = everybody.filter((index) => !isBlocked(index));

beforeAll(async () => {
  world = await rightsWorld(t, PEOPLE + 2);
  iria = world.iria;
  worker = { ...world.world.worker, now: iria.now };
  vkey = noteSigner(await logOrigin(t.db), t.secrets.logSigningKey).verifierKey;
  for (const index of everybody) await makeKnown(index);
  while ((await dispatchWebhooks(worker)) > 0);
}, 600_000);

/** A person with a number, a name and a user id of their own, who wrote to us with all of them in the text. */
async function makeKnown(index: number): Promise<void> {
  const contactId = world.contact(index);
  const phone = phoneOf(index);
  await t.db.execute(sql`
    update contacts set country = ${isBlocked(index) ? "ES" : "FR"}, attributes = '{"city": "Soria"}' where id = ${contactId}`);
  await transaction({ ...iria, now: iria.now, db: t.db }, async (tx) => {
    await correctContact(tx, {
      contactId,
      correction: { what: "name", name: { full: `${NAME} ${index}`, first: NAME } },
    });
    const correction = { what: "identifier" as const, kind: "phone" as const, value: `+${phone}` };
    await correctContact(tx, { contactId, correction });
  });
  const sender = { from: phone, from_user_id: userIdOf(index), id: `wamid.${newId()}` };
  const message = { ...sender, timestamp: String(iria.now().getTime() / 1000), type: "text" };
  const text = { body: `Soy ${NAME} ${index}, mi número es +${phone}` };
  const value = {
    messaging_product: "whatsapp",
    metadata: { phone_number_id: "800000000000001", display_phone_number: "15550100000" },
    contacts: [{ wa_id: phone, user_id: userIdOf(index), profile: { name: `${NAME} ${index}` } }],
    messages: [{ ...message, text }],
  };
  const raw = Buffer.from(
    JSON.stringify({
      object: "whatsapp_business_account",
      entry: [{ id: "900000000000001", changes: [{ field: "messages", value }] }],
    }),
  );
  const ingress = t.context(systemActor("ingress"), { db: t.as("ingress"), now: iria.now });
  const answer = await receiveWebhook(ingress, { raw, signature: signBody(raw, "secret"), appSecrets: ["secret"] });
  expect(answer).toEqual({ kind: "stored" });
}

async function inboundOf(contactId: string): Promise<string> {
  const [row] = await t.db.execute<{ id: string }>(
    sql`select id from inbound_messages where contact_id = ${contactId}`,
  );
  return row?.id ?? "";
}

/** Asked for, identity shown, approved by the second officer; the worker has not begun. */
async function approved(index: number): Promise<string> {
  const contactId = world.contact(index);
  const { requestId } = await openRequest(iria, { contactId, kind: "erasure" });
  await checkIdentityByMessage(iria, { requestId, inboundId: await inboundOf(contactId) });
  await approveErasure(world.saul, { requestId });
  return requestId;
}

/** Every row of every table, as `pg_dump` would write it, bytes in hex. */
async function dumpOf(url: string): Promise<string> {
  const database = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const tables = await database<{ name: string }[]>`
      select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema') and has_table_privilege(format('%I.%I', schemaname, tablename), 'select')`;
    const parts: string[] = [];
    for (const { name } of tables) {
      const rows = await database.unsafe<{ row: string }[]>(`select t::text as row from ${name} t`);
      parts.push(...rows.map(({ row }) => row));
    }
    return parts.join("\n");
  } finally {
    await database.end();
  }
}

function hitsIn(text: string): string[] {
  return NEEDLES.filter((needle) => text.includes(needle) || text.includes(Buffer.from(needle).toString("hex")));
}

/** The server's folder: tables, indexes, WAL and its log. Undefined where the server is somewhere else. */
async function clusterFolder(): Promise<string | undefined> {
  const { adminUrl } = inject("testServer");
  const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    await admin`checkpoint`; // what is only in memory is written where it is looked for
    const [row] = await admin<{ data_directory: string }[]>`show data_directory`;
    return row && existsSync(row.data_directory) ? row.data_directory : undefined;
  } finally {
    await admin.end();
  }
}

async function filesWith(root: string, needles: readonly Buffer[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path).catch(() => Buffer.alloc(0)); // a file that the server has just removed
    if (needles.some((needle) => bytes.includes(needle))) found.push(path);
  }
  return found;
}

async function keyRows(): Promise<{ wrapped: Buffer }[]> {
  const database = postgres(t.urls.keystore, { max: 1, onnotice: () => {} });
  try {
    const ids = shreddedPeople.map((index) => world.contact(index));
    return await database<{ wrapped: Buffer }[]>`select wrapped from contact_keys where contact_id in ${database(ids)}`;
  } finally {
    await database.end();
  }
}

async function keystoreFolder(cluster: string): Promise<string> {
  const database = postgres(t.urls.keystore, { max: 1, onnotice: () => {} });
  try {
    const [row] = await database<
      { oid: string }[]
    >`select oid::text from pg_database where datname = current_database()`;
    return join(cluster, "base", row?.oid ?? "");
  } finally {
    await database.end();
  }
}

/** Tables of which a backup is taken as rows, parents first. */
const BACKED_UP = ["contacts", "contact_identifiers", "identifier_index", "message_contents", "inbound_messages"];

async function takeBackup(): Promise<void> {
  await t.db.execute(sql`create schema backup`);
  for (const name of BACKED_UP)
    await t.db.execute(
      sql`create table backup.${sql.identifier(name)} as select * from public.${sql.identifier(name)}`,
    );
}

/** The database as it was, also of what the suppression list knew. */
async function restoreBackup(): Promise<void> {
  await t.db.execute(sql`delete from suppression_lookups where kind = 'erased'`);
  await t.db.execute(sql`delete from contact_suppressions where kind = 'erased'`);
  for (const name of [...BACKED_UP.slice(1)].reverse())
    await t.db.execute(sql`delete from public.${sql.identifier(name)}`);
  await t.db.execute(sql`
    update contacts c set name_sealed = b.name_sealed, attributes = b.attributes, country = b.country, erased_at = null
    from backup.contacts b where b.lane = c.lane and b.id = c.id`);
  for (const name of BACKED_UP.slice(1))
    await t.db.execute(sql`insert into public.${sql.identifier(name)} select * from backup.${sql.identifier(name)}`);
}

async function nobodyIsThere(): Promise<void> {
  for (const index of [0, 1, PEOPLE - 1]) {
    expect(await findContactByIdentifier(iria, { text: `+${phoneOf(index)}` })).toBeUndefined();
    expect(await findContactByIdentifier(iria, { text: userIdOf(index) })).toBeUndefined();
  }
  const ids = everybody.map((index) => world.contact(index));
  expect((await t.keystore.keysOf(ids)).size).toBe(0);
  const [left] = await t.db.execute<{ identifiers: number; contents: number; blocked: number; erased: number }>(sql`
    select (select count(*)::int from contact_identifiers i join contacts c on c.id = i.contact_id where c.erased_at is not null
        and not exists (select from rights_requests r where r.contact_id = c.id and r.block_until is not null)) as identifiers,
      (select count(*)::int from message_contents m join contacts c on c.id = m.contact_id where c.erased_at is not null
        and not exists (select from rights_requests r where r.contact_id = c.id and r.block_until is not null)) as contents,
      (select count(*)::int from suppression_lookups where kind = 'erased') as blocked,
      (select count(*)::int from contacts where erased_at is not null) as erased`);
  expect(left).toMatchObject({ identifiers: 0, contents: 0, erased: PEOPLE });
  expect(left?.blocked).toBeGreaterThanOrEqual(PEOPLE * 2); // the number and the user id of each
}

describe("before", () => {
  test("everything about them can be read, and the preview says what goes, what stays and until when", async () => {
    const whole = JSON.stringify(await collectPackage(iria, world.contact(0)));
    for (const needle of [phoneOf(0), `${NAME} 0`, userIdOf(0)]) expect(whole).toContain(needle);
    const spain = await previewErasure(iria, { contactId: world.contact(1) });
    const counts = Object.fromEntries([...spain.goes, ...spain.stays].map(({ what, count }) => [what, count]));
    expect(counts).toMatchObject({ identifiers: 3, received: 1, evidence: 1, bodies: 1, results: 1, blocks: 2 });
    expect(spain.blockUntil?.getUTCFullYear()).toBe(iria.now().getUTCFullYear() + 3);
    expect((await previewErasure(iria, { contactId: world.contact(0) })).blockUntil).toBeNull();
  });

  test("an erasure takes two people", async () => {
    const { requestId } = await openRequest(iria, { contactId: world.contact(PEOPLE), kind: "erasure" });
    expect(await refusalOf(approveErasure(world.saul, { requestId }))).toMatchObject({ code: "conflict" });
    const inboundId = await world.writes(world.contact(PEOPLE), "Borradme");
    await checkIdentityByMessage(iria, { requestId, inboundId });
    expect(await refusalOf(approveErasure(iria, { requestId }))).toMatchObject({ code: "second_person_required" });
    expect((await getRequest(iria, { requestId })).status).toBe("identity_checked");
  });
});

describe(`after the erasure of ${PEOPLE} people`, () => {
  let wrapped: Buffer[];
  beforeAll(async () => {
    await takeBackup();
    wrapped = (await keyRows()).map((row) => row.wrapped);
    expect(wrapped).toHaveLength(shreddedPeople.length);
    const cluster = await clusterFolder();
    // The search finds what is there: else that it finds nothing afterwards would say nothing.
    if (cluster) expect(await filesWith(await keystoreFolder(cluster), wrapped)).not.toEqual([]);
    const { requestId } = await openRequest(iria, { contactId: world.contact(0), kind: "access" });
    await checkIdentityByMessage(iria, { requestId, inboundId: await inboundOf(world.contact(0)) });
    await buildPackage(iria, { requestId });
    await redactPackage(iria, { requestId, redactions: [] });
    await approvePackage(iria, { requestId });
    await createDeliveryLink(iria, { requestId });
    for (const index of everybody) {
      const erasure = await approved(index);
      await erasePerson(worker, { requestId: erasure, journal });
      await erasePerson(worker, { requestId: erasure, journal }); // a job that runs twice
    }
  }, 900_000);

  test("nobody finds them, their keys are gone, what they were sent is gone, and their packages too", async () => {
    await nobodyIsThere();
    expect(await t.db.execute(sql`select 1 from rights_packages`)).toHaveLength(0);
    expect(await t.db.execute(sql`select 1 from rights_links where revoked_at is null`)).toHaveLength(0);
    const [bodies] = await t.db.execute(sql`
      select count(*)::int as kept, count(raw_sealed)::int as readable, count(sha256)::int as known from webhook_inbox`);
    expect(bodies).toEqual({ kept: PEOPLE, readable: 0, known: PEOPLE });
  });

  test("their bytes are in no dump, no file of the server, no WAL, no log and no journal", async () => {
    expect(hitsIn(await dumpOf(t.urls.owner))).toEqual([]);
    expect(hitsIn(await dumpOf(t.urls.keystore))).toEqual([]);
    expect(hitsIn(await readFile(join(folder, "erasures.jsonl"), "utf8"))).toEqual([]);
    const cluster = await clusterFolder();
    if (cluster === undefined) return;
    const needles = NEEDLES.map((needle) => Buffer.from(needle));
    expect(await filesWith(cluster, needles)).toEqual([]);
    expect(await filesWith(await keystoreFolder(cluster), wrapped)).toEqual([]);
  });

  test("the log verifies with their entries sealed, and no send lost its proof", async () => {
    while ((await sequence(t.db)).sequenced > 0);
    const keys = { keystore: t.keystore, installationKey: installationKey(t.secrets.keyEncryptionKey) };
    const verdict = await verifyLog(t.db, [vkey], { payloadKeys: keys });
    expect(verdict).toMatchObject({ problemCount: 0, problems: [] });
    expect(verdict.sealed).toBeGreaterThanOrEqual(PEOPLE);
    const sends = await verifySends(iria);
    expect(sends).toMatchObject({ withoutConsent: 0 });
    expect(sends.sealed).toBeGreaterThan(0);
    const erased = await t.db.execute<{ leaf: Buffer }>(
      sql`select leaf from log_entries where type = 'contact.erased'`,
    );
    expect(erased).toHaveLength(PEOPLE);
  });

  test("an older copy of the key store brings nobody back", async () => {
    await t.keystore.createKeys(everybody.map((index) => world.contact(index)));
    expect(await replayErasures(worker, { journal })).toBe(PEOPLE);
    await nobodyIsThere();
    expect(await replayErasures(worker, { journal })).toBe(0);
  });

  test("an older copy of the database brings nobody back", async () => {
    await restoreBackup();
    expect(await findContactByIdentifier(iria, { text: `+${phoneOf(0)}` })).toBeDefined();
    expect(await replayErasures(worker, { journal })).toBe(PEOPLE);
    await nobodyIsThere();
  });

  test("a copy from before they were known keeps their blocks", async () => {
    await t.db.execute(sql`delete from suppression_lookups where kind = 'erased'`);
    expect(await replayErasures(worker, { journal })).toBe(PEOPLE);
    await nobodyIsThere();
  });

  test("whoever comes back in a file stays blocked", async () => {
    const rows = everybody.map((index) => `+${phoneOf(index)},${NAME} ${index}`).join("\n");
    const terminal = t.context(systemActor("terminal"), { now: iria.now });
    async function* file() {
      yield Buffer.from(`telefono,nombre\n${rows}\n`);
    }
    const { importId } = await uploadImport(terminal, {
      fileName: "vuelven.csv",
      content: file(),
      brandId: world.world.ids.brandId,
      purposeId: world.world.ids.purposeId,
      country: "ES",
      timeZone: "Europe/Madrid",
    });
    await requestImport(terminal, { importId, runsHere: true });
    expect(await runImport(terminal, { importId })).toMatchObject({ kind: "completed" });
    const [found] = await t.db.execute(sql`
      select count(*)::int as people, count(*) filter (where exists (select from contact_suppressions s where s.lane = c.lane
        and s.contact_id = c.id and s.kind = 'erased' and s.lifted_at is null))::int as blocked
      from contacts c where c.import_id = ${importId}`);
    expect(found).toEqual({ people: PEOPLE, blocked: PEOPLE });
  });
});

describe("where the law blocks first", () => {
  test("the keys are out of reach until the term is over, and then they are gone", async () => {
    const ids = everybody.filter(isBlocked).map((index) => world.contact(index));
    expect((await t.keystore.keysOf(ids)).size).toBe(0);
    expect((await t.keystore.blockedKeysOf(ids)).size).toBe(ids.length);
    expect(await shredBlocked(worker, { journal })).toBe(0);
    const later = { ...worker, now: () => new Date(worker.now().getTime() + 4 * 366 * 86_400_000) };
    expect(await shredBlocked(later, { journal })).toBe(ids.length);
    expect((await t.keystore.blockedKeysOf(ids)).size).toBe(0);
    expect(await shredBlocked(later, { journal })).toBe(0);
    expect(await replayErasures(worker, { journal })).toBe(0);
  });
});

describe("the journal", () => {
  test("a line that a power cut tore costs nothing, one that was altered stops everything", async () => {
    const own = await mkdtemp(join(folder, "torn-"));
    const torn = erasureJournal(own);
    const entry = { at: iria.now().toISOString(), contacts: [newId()], lookups: ["00ff"], blockUntil: null };
    expect(await torn.read()).toEqual([]);
    await torn.append(entry);
    await appendFile(join(own, "erasures.jsonl"), '{"v":1,"at":"2026');
    expect(await torn.read()).toHaveLength(1);
    await torn.append(entry);
    expect(await torn.read()).toHaveLength(2);
    await appendFile(join(own, "erasures.jsonl"), '{"v":1,"at":"yesterday"}\n');
    await expect(torn.read()).rejects.toThrow("Line 4");
  });
});
