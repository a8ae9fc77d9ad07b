import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { keepIdentifiers } from "@/lib/audience/commands/keep-identifiers";
import { systemActor } from "@/lib/identity/actor";
import { everyoneMeant, recogniseContacts } from "./recognise-contacts";

const t = await testDatabase();
afterAll(() => t.close());
const ingress = t.context(systemActor("ingress"), { db: t.as("ingress") });

async function counts() {
  const [row] = await t.db.execute(sql`
    select (select count(*)::int from contacts) as contacts, (select count(*)::int from contact_identifiers) as identifiers,
      (select count(*)::int from identifier_index) as indexed`);
  return row;
}

test("many webhooks about one stranger at once make one contact, found by everything they told", async () => {
  const person = { waId: "5215512345678", userId: "MX.10000000000000000001", parentUserId: "MX.ENT.2" };
  const seen = await Promise.all(Array.from({ length: 8 }, () => recogniseContacts(ingress, [person])));
  expect(new Set(seen.map(([one]) => one?.contactId)).size).toBe(1);
  expect(await counts()).toEqual({ contacts: 1, identifiers: 4, indexed: 4 });
  const parts = [{ waId: "525512345678" }, { userId: person.userId }, { userId: "MX.3", parentUserId: "MX.ENT.2" }];
  const found = await recogniseContacts(ingress, parts);
  expect(new Set(found.map((one) => one?.contactId)).size).toBe(1);
});

test("people of one batch are told apart, and those who are one are one, in whatever order they are named", async () => {
  const batch = [
    { userId: "ES.1" },
    { waId: "34600111222", userId: "ES.1" },
    { waId: "34600111222" },
    { waId: "34600111333" },
    { userId: "es.1" },
    {},
    { waId: "not a number" },
  ];
  const found = await recogniseContacts(ingress, batch);
  const [first, second, third, fourth, fifth] = found.map((one) => one?.contactId);
  expect([second, third]).toEqual([first, first]);
  expect(new Set([first, fourth, fifth]).size).toBe(3);
  expect(found.slice(5)).toEqual([undefined, undefined]);
});

test("one payload that names two known contacts means both: the number decides, a refusal holds for the other too", async () => {
  const [number, id] = await recogniseContacts(ingress, [{ waId: "34600222111" }, { userId: "ES.77" }]);
  const [both] = await recogniseContacts(ingress, [{ waId: "34600222111", userId: "ES.77" }]);
  expect(everyoneMeant(both)).toEqual([number?.contactId, id?.contactId]);
});

test("whoever is erased while something is learnt of them gets no identifier back", async () => {
  const [one] = await recogniseContacts(ingress, [{ waId: "34600333111" }]);
  const contactId = one?.contactId ?? "";
  let learning: Promise<unknown> | undefined;
  await t.db.transaction(async (erasing) => {
    await erasing.execute(sql`update contacts set erased_at = now() where id = ${contactId}`);
    await erasing.execute(sql`delete from contact_identifiers where contact_id = ${contactId}`);
    learning = keepIdentifiers(ingress, [{ contactId, userId: "ES.333" }]);
    for (let waiting = 0; waiting === 0; ) {
      const [row] = await t.db.execute<{ n: number }>(sql`
        select count(*)::int as n from pg_locks
        where not granted and pid in (select pid from pg_stat_activity where datname = current_database())`);
      waiting = row?.n ?? 0;
    }
  });
  await learning;
  expect(await t.db.execute(sql`select 1 from contact_identifiers where contact_id = ${contactId}`)).toHaveLength(0);
});
