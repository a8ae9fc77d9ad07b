import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { refusalOf } from "@/lib/campaigns/testing/world";
import { meetMissedBlocks } from "@/lib/consent/commands/meet-missed-blocks";
import { listExclusionLists } from "@/lib/consent/queries/list-exclusion-lists";
import { importExclusionList } from "@/lib/imports/commands/import-exclusion-list";
import { queuedCampaign, type SentCampaign } from "@/lib/sending/testing/sent-campaign";

const t = await testDatabase();
afterAll(() => t.close());

let sent: SentCampaign;
beforeAll(async () => {
  sent = await queuedCampaign(t, 4);
});
const take = (text: string | Buffer) =>
  importExclusionList(sent.world.people.iria, { name: "Lista Robinson", country: "ES", content: inPieces(text) });

async function* inPieces(text: string | Buffer): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += 7) yield bytes.subarray(start, start + 7);
}

test("numbers of a list become keyed hashes, and the people we know by one of them are blocked", async () => {
  const file = "Nombre;Teléfono\r\nAna;600 100 000\r\nLuis;+34 600100001\r\nnadie;sin número\r\n\r\nEva;611222333\r\n";
  const found = await take(file);
  expect(found).toMatchObject({ rows: 4, added: 3, unreadable: 1, contacts: 2 });
  const blocked = await t.db.execute<{ contact_id: string }>(
    sql`select contact_id from contact_suppressions where kind = 'external_list' and scope = 'all_marketing' order by contact_id`,
  );
  expect(blocked.map((row) => row.contact_id)).toEqual(sent.contactIds.slice(0, 2).toSorted());
  expect(await listExclusionLists(sent.world.people.iria)).toMatchObject([
    { name: "Lista Robinson", rowCount: 4, addedCount: 3, contactCount: 2, createdBy: "Iria Sanz" },
  ]);
  const kept = await t.db.execute(sql`
    select encode(lookup, 'escape') as text from suppression_lookups union all select data from audit_events
    union all select name from exclusion_lists`);
  expect(JSON.stringify(kept)).not.toMatch(/600100000|600 100 000|611222333/);
});

test("the same list again changes nothing, also saved as UTF-16", async () => {
  const file = Buffer.from("﻿600100000\n600100001\n611222333\n", "utf16le");
  expect(await take(file)).toMatchObject({ rows: 3, added: 0, contacts: 2 });
});

test("what a program left on a number keeps nobody off the list", async () => {
  const file = '="600100000"\r\n(+34) 600100001;x\r\n"611222333.0"\r\n600.100.000\r\n2026-11-27\r\n12345678Z\r\n';
  expect(await take(file)).toMatchObject({ rows: 6, added: 0, unreadable: 2, contacts: 2 });
});

test("whoever was given a number while it was being blocked is blocked soon after", async () => {
  const [, , contactId = ""] = sent.contactIds;
  // As it is when the list and the import were under way at once: the hash stands, the contact knows nothing of it.
  await t.db.execute(sql`
    insert into suppression_lookups (lane, lookup, kind, scope, since)
    select lane_of_hash(lookup), lookup, 'external_list', 'all_marketing', app_now() from contact_identifiers
    where contact_id = ${contactId}`);
  const worker = { ...sent.world.worker, now: () => sent.world.worker.now(), db: t.as("worker") };
  expect(await meetMissedBlocks(worker)).toBe(1);
  const blocks = await t.db.execute(sql`select kind from contact_suppressions where contact_id = ${contactId}`);
  expect(blocks).toEqual([{ kind: "external_list" }]);
  expect(await meetMissedBlocks(worker)).toBe(0);
});

test("a file without a number is refused and leaves no list behind", async () => {
  expect(await refusalOf(take("hola\nadiós\n"))).toMatchObject({ code: "import_unreadable", reason: "no_numbers" });
  expect(await listExclusionLists(sent.world.people.iria)).toHaveLength(3);
});

test("a list is an officer's to take in", async () => {
  const file = { name: "x", country: "ES", content: inPieces("600100003\n") };
  expect(await refusalOf(importExclusionList(sent.world.people.lucia, file))).toMatchObject({ code: "forbidden" });
});
