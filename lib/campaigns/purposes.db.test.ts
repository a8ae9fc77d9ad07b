import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { listPurposeChanges } from "@/lib/consent/queries/list-purpose-changes";
import { editPurpose } from "./commands/edit-purpose";
import { previewPurpose } from "./queries/preview-purpose";
import { campaignWorld, type World } from "./testing/world";

const t = await testDatabase();
afterAll(() => t.close());
let world: World;
beforeAll(async () => {
  world = await campaignWorld(t);
});

const change = (more: object = {}) => ({
  purposeId: world.ids.purposeId,
  name: "Novedades",
  minAge: null,
  retentionDays: 1_095,
  reason: "lo pide la asesoría",
  ...more,
});

test("whom an age would let out is counted before it is set, and nothing changes by asking", async () => {
  const { iria } = world.people;
  const { purposeId } = world.ids;
  const before = await previewPurpose(iria, { purposeId, minAge: null });
  expect(before).toMatchObject({ outNow: 0, outThen: 0, isLooser: false, campaigns: [] });
  expect(before.granted).toBeGreaterThan(10);
  // Nobody of this world has said how old they are.
  expect(await previewPurpose(iria, { purposeId, minAge: 18 })).toMatchObject({ outNow: 0, outThen: before.granted });
  expect(await listPurposeChanges(iria)).toEqual([]);
});

test("an officer changes name, age and retention, and the log keeps what was and why; nobody else may", async () => {
  const { iria, lucia } = world.people;
  await expect(editPurpose(lucia, change({ name: "Otra" }))).rejects.toMatchObject({ code: "forbidden" });
  await editPurpose(iria, change({ name: "Noticias", minAge: 18, retentionDays: 365 }));
  expect(await listPurposeChanges(iria)).toMatchObject([
    {
      purposeId: world.ids.purposeId,
      by: "Iria Sanz",
      reason: "lo pide la asesoría",
      from: { name: "Novedades", minAge: null, retentionDays: 1_095 },
      to: { name: "Noticias", minAge: 18, retentionDays: 365 },
    },
  ]);
});

test("an age is not lowered under a campaign that was approved without those people; raising it holds at once", async () => {
  const { iria } = world.people;
  const { campaignId } = await world.readyCampaign("En marcha");
  await t.db.execute(sql`update campaigns set status = 'frozen' where id = ${campaignId}`);
  await expect(editPurpose(iria, change({ minAge: 16 }))).rejects.toMatchObject({
    code: "conflict",
    params: { field: "minAge", reason: "campaigns" },
  });
  await expect(editPurpose(iria, change({ minAge: null }))).rejects.toMatchObject({ code: "conflict" });
  await editPurpose(iria, change({ minAge: 21 }));
  await t.db.execute(sql`update campaigns set status = 'stopped' where id = ${campaignId}`);
  await editPurpose(iria, change({ minAge: 16 }));
  const [row] = await t.db.execute(sql`select min_age from purposes where id = ${world.ids.purposeId}`);
  expect(row).toEqual({ min_age: 16 });
});
