import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { refusalOf } from "@/lib/campaigns/testing/world";
import { blockNumberByHand } from "@/lib/consent/commands/block-number-by-hand";
import { decideReview } from "@/lib/consent/commands/decide-review";
import { pauseForReview } from "@/lib/consent/commands/pause-for-review";
import { decideRemoval, requestRemoval } from "@/lib/consent/commands/request-removal";
import { suppress } from "@/lib/consent/commands/suppress";
import { countSuppressions, listSuppressions } from "@/lib/consent/queries/list-suppressions";
import type { Context } from "@/lib/identity/context";
import { queuedCampaign, type SentCampaign } from "@/lib/sending/testing/sent-campaign";

const t = await testDatabase();
afterAll(() => t.close());

let sent: SentCampaign;
let iria: Context & { userId: string };
let otro: Context & { userId: string };
const contact = (index: number) => sent.contactIds[index] ?? "";
beforeAll(async () => {
  sent = await queuedCampaign(t, 8);
  ({ iria } = sent.world.people);
  otro = await sent.world.person("Otro Oficial", "compliance");
});

const active = async (contactId: string) =>
  (
    await t.db.execute<{ kind: string }>(sql`
      select kind from contact_suppressions where contact_id = ${contactId} and lifted_at is null order by kind`)
  ).map(({ kind }) => kind);
const activeLookups = async (contactId: string) =>
  (
    await t.db.execute<{ kind: string }>(sql`
      select s.kind from suppression_lookups s join contact_identifiers i on i.lookup = s.lookup
      where i.contact_id = ${contactId} and s.lifted_at is null order by s.kind`)
  ).map(({ kind }) => kind);
const logged = async (type: string) =>
  (await t.db.execute<{ data: string }>(sql`select data from audit_events where type = ${type} order by at, id`)).map(
    ({ data }) => JSON.parse(data),
  );

test("a block ends when a second officer agrees, on the contact and on every identifier, and the log says who and why", async () => {
  const contactId = contact(0);
  await suppress(sent.world.worker, {
    suppressions: [{ contactId, kind: "complaint", scope: "all", since: sent.world.worker.now() }],
  });
  const { removalId } = await requestRemoval(iria, {
    contactId,
    kind: "complaint",
    reason: "The complaint was withdrawn",
  });
  expect(await active(contactId)).toEqual(["complaint"]);
  expect(await refusalOf(requestRemoval(otro, { contactId, kind: "complaint", reason: "again" }))).toMatchObject({
    code: "conflict",
  });
  const lift = { removalId, decision: "lifted" } as const;
  expect(await refusalOf(decideRemoval(iria, lift))).toMatchObject({ code: "second_person_required" });
  expect(await refusalOf(decideRemoval(sent.world.people.lucia, lift))).toMatchObject({ code: "forbidden" });
  await decideRemoval(otro, lift);
  expect([await active(contactId), await activeLookups(contactId)]).toEqual([[], []]);
  expect(await refusalOf(decideRemoval(otro, lift))).toMatchObject({ code: "conflict" });
  expect(await logged("suppression.removed")).toEqual([
    { removal: removalId, kind: "complaint", signedBy: "two_people" },
  ]);
  const entries = await t.db.execute(sql`select 1 from log_entries where type = 'suppression.lifted'`);
  expect(entries).toHaveLength(1);
});

test("a request that the second officer refuses leaves the block, and may be made again", async () => {
  const contactId = contact(1);
  await suppress(sent.world.worker, {
    suppressions: [{ contactId, kind: "legal", scope: "all", since: sent.world.worker.now() }],
  });
  const ask = () => requestRemoval(iria, { contactId, kind: "legal", reason: "Settled" });
  const { removalId } = await ask();
  await decideRemoval(otro, { removalId, decision: "refused" });
  expect(await active(contactId)).toEqual(["legal"]);
  await ask();
  const { suppressions } = await listSuppressions(iria, { kind: "legal" });
  expect(suppressions).toMatchObject([
    { contactId, scope: "all", removal: { reason: "Settled", askedBy: "Iria Sanz" } },
  ]);
  expect(suppressions[0]?.phone).toMatch(/^\+34 ••• ••• \d{3}$/);
});

test("nobody asks to end a block that is not there", async () => {
  expect(await refusalOf(requestRemoval(iria, { contactId: contact(2), kind: "legal", reason: "x" }))).toMatchObject({
    code: "not_found",
  });
});

test("a number blocked by hand is blocked for its owner, and for whoever has it one day", async () => {
  const known = { phone: "+34600100002", country: "ES", kind: "complaint", scope: "all_marketing" } as const;
  expect(await blockNumberByHand(iria, { ...known, reason: "Asked by letter" })).toEqual({ contactId: contact(2) });
  expect(await active(contact(2))).toEqual(["complaint"]);
  const stranger = { ...known, phone: "600 999 999", reason: "Asked by letter" };
  expect(await blockNumberByHand(iria, stranger)).toEqual({ contactId: null });
  expect(await refusalOf(blockNumberByHand(iria, { ...stranger, phone: "12" }))).toMatchObject({
    code: "invalid_input",
    field: "phone",
  });
  const counts = await countSuppressions(iria);
  expect(counts.find(({ kind }) => kind === "complaint")).toEqual({ kind: "complaint", contacts: 1, numbers: 2 });
  expect(JSON.stringify(await logged("suppression.added_by_hand"))).not.toMatch(/600/);
});

test("an unclear answer that was a refusal opts the person out as of their message; another ends the pause", async () => {
  await pauseForReview(sent.world.worker, { contactIds: [contact(3), contact(4)] });
  await decideReview(iria, { contactId: contact(3), decision: "opt_out", reason: "Says to be left in peace" });
  await decideReview(iria, { contactId: contact(4), decision: "lift", reason: "Asks for opening hours" });
  expect(await active(contact(3))).toEqual(["withdrawn"]);
  expect(await active(contact(4))).toEqual([]);
  const [state] = await t.db.execute<{ status: string }>(
    sql`select status from consent_state where contact_id = ${contact(3)}`,
  );
  expect(state?.status).toBe("withdrawn");
  expect(
    await refusalOf(decideReview(iria, { contactId: contact(4), decision: "lift", reason: "again" })),
  ).toMatchObject({ code: "not_found" });
  expect(
    await refusalOf(decideReview(sent.world.people.lucia, { contactId: contact(5), decision: "lift", reason: "x" })),
  ).toMatchObject({ code: "forbidden" });
});

test("the list comes in pages without a gap", async () => {
  const seen: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await listSuppressions(iria, { limit: 1, ...(cursor ? { cursor } : {}) });
    seen.push(...page.suppressions.map(({ contactId, kind }) => `${contactId} ${kind}`));
    cursor = page.nextCursor;
  } while (cursor);
  expect(seen.toSorted()).toEqual(
    [`${contact(1)} legal`, `${contact(2)} complaint`, `${contact(3)} withdrawn`].toSorted(),
  );
  expect(await refusalOf(listSuppressions(iria, { cursor: "x" }))).toMatchObject({ code: "invalid_input" });
});
