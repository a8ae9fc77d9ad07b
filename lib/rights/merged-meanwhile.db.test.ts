import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { mergeContacts } from "@/lib/consent/commands/merge-contacts";
import { publicId } from "@/lib/foundation/ids";
import { approveErasure } from "./commands/approve-erasure";
import { applyRestriction } from "./commands/carry-out";
import { checkIdentityByMessage } from "./commands/check-identity";
import { reviewPackage } from "./commands/deliver-package";
import { erasePerson } from "./commands/erase-person";
import { openRequest } from "./commands/open-request";
import { buildPackage } from "./commands/prepare-package";
import { readWords } from "./commands/read-words";
import { erasureJournal } from "./erasure-journal";
import { getRequest } from "./queries/get-request";
import type { RequestKind } from "./request";
import { type RightsWorld, rightsWorld } from "./testing/people";

// Somebody asks, and only afterwards it is learnt that they are somebody else of ours, too.

const t = await testDatabase();
const folder = await mkdtemp(join(tmpdir(), "merged-"));
afterAll(async () => {
  await t.close();
  await rm(folder, { recursive: true, force: true });
});

let world: RightsWorld;
let next = 0;
let from = "";
let into = "";
beforeAll(async () => {
  world = await rightsWorld(t, 6);
  await t.db.execute(sql`update contacts set country = null`); // no law that blocks first
});
beforeEach(() => {
  from = world.contact(next++);
  into = world.contact(next++);
});

/** Asked for by one contact, who then turns out to be another. */
async function askedThenMerged(kind: RequestKind): Promise<string> {
  const { requestId } = await openRequest(world.iria, { contactId: from, kind, words: "Soy yo" });
  if (kind !== "restriction")
    await checkIdentityByMessage(world.iria, { requestId, inboundId: await world.writes(from, "Soy yo") });
  expect(await mergeContacts(world.world.worker, { into, from, reason: "decided" })).toBe(true);
  return requestId;
}

test("an erasure takes everything of the person, also what they are known by today", async () => {
  const requestId = await askedThenMerged("erasure");
  await approveErasure(world.saul, { requestId });
  await erasePerson(world.world.worker, { requestId, journal: erasureJournal(folder) });
  const left = await t.db.execute(sql`
    select erased_at is not null as erased, (select count(*)::int from contact_identifiers i where i.contact_id = c.id) as known_by,
      (select count(*)::int from identifier_index x where x.contact_id = c.id) as found_by
    from contacts c where id in (${from}, ${into})`);
  expect(left).toEqual([
    { erased: true, known_by: 0, found_by: 0 },
    { erased: true, known_by: 0, found_by: 0 },
  ]);
  expect((await t.keystore.keysOf([from, into])).size).toBe(0);
});

test("what is handed out is all that is known of the person, and their words stay readable", async () => {
  const requestId = await askedThenMerged("access");
  await buildPackage(world.iria, { requestId });
  const { whole } = await reviewPackage(world.iria, { requestId });
  expect(whole.person.id).toBe(publicId("con", into));
  expect((await getRequest(world.iria, { requestId })).contactId).toBe(into);
  expect(await readWords(world.iria, { requestId })).toEqual({ words: "Soy yo" });
});

test("a restriction holds for whom they live on as", async () => {
  await applyRestriction(world.iria, { requestId: await askedThenMerged("restriction") });
  const [row] = await t.db.execute(
    sql`select restricted_at is not null as restricted from contacts where id = ${into}`,
  );
  expect(row).toEqual({ restricted: true });
});
