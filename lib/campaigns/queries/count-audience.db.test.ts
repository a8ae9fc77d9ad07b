import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { priceLists, priceRates } from "@/db/schema/numbers";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { everybody } from "@/lib/segments/segment";
import { campaignWorld, type World } from "../testing/world";
import { countAudience } from "./count-audience";
import { getPreflight } from "./get-preflight";

const t = await testDatabase();
afterAll(() => t.close());
let world: World;
beforeAll(async () => {
  world = await campaignWorld(t);
});

const count = (lacking?: Parameters<typeof countAudience>[1]["lacking"]) =>
  countAudience(world.people.lucia, { rule: everybody, purposeId: world.ids.purposeId, lacking });

test("each step of the waterfall takes away what it says, and what is left may be written to", async () => {
  const found = await count();
  expect(found).toMatchObject({ matches: 20, withoutConsent: 4, suppressed: 2, reachable: 14 });
  expect(found.matches - found.withoutConsent - found.suppressed).toBe(found.reachable);
  expect(found.countries.reduce((sum, { reachable }) => sum + reachable, 0)).toBe(14);
});

test("people who lack a value are counted among the reachable, blanks included", async () => {
  const found = await count({ attributes: ["city", "discount"], name: true });
  expect(found.lacking).toEqual({ attributes: { city: 4, discount: 14 }, name: 10 });
});

test("the checklist speaks of the same people, and of the price list in force", async () => {
  const { campaignId } = await world.readyCampaign();
  const before = await getPreflight(world.people.noa, { campaignId });
  expect(before.blockers).toEqual([]);
  expect(before.rows.find(({ id }) => id === "cost")).toMatchObject({ status: "warn", code: "no_prices" });
  expect(before.rows.find(({ id }) => id === "consent")?.params).toMatchObject({ reachable: 14 });
  expect(before.rows.find(({ id }) => id === "variables")?.params).toMatchObject({ fallbacks: 10 });
  expect(before.rows.find(({ id }) => id === "second_person")?.params).toMatchObject({ names: "Noa Vidal" });

  const listId = newId();
  const list = { id: listId, name: "Inventada", source: "test", currency: "EUR", isInvented: true };
  await t.db.insert(priceLists).values({ ...list, effectiveAt: new Date("2026-10-01"), createdAt: new Date() });
  for (const country of ["ES", "MX"])
    await t.db.insert(priceRates).values({ listId, country, category: "MARKETING", amountMicros: 50_000 });
  const after = await getPreflight(world.people.noa, { campaignId });
  const cost = after.rows.find(({ id }) => id === "cost");
  // 7 people a country, a tenth held out: 6 written to in each, 0.05 EUR a message.
  expect(cost).toMatchObject({ status: "pass", params: { lowMicros: 600_000, highMicros: 600_000, isInvented: true } });
});

test("a withdrawn consent leaves the audience at once", async () => {
  await t.db.execute(sql`
    update consent_state set status = 'withdrawn' where (lane, contact_id) in (
      select lane, contact_id from consent_state where status = 'granted' and expires_at > '2027-01-01'
        and not exists (select from contact_suppressions s where s.contact_id = consent_state.contact_id)
        and not exists (select from contacts c where c.id = consent_state.contact_id and c.restricted_at is not null)
      limit 1)`);
  expect(await count()).toMatchObject({ withoutConsent: 5, reachable: 13 });
});
