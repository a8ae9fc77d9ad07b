import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { dismissNotice } from "@/lib/notices/commands/dismiss-notice";
import { listNotices } from "@/lib/notices/queries/list-notices";
import { applyObjection } from "./commands/carry-out";
import { openRequest } from "./commands/open-request";
import { recordBreach } from "./commands/record-breach";
import { tellDeadlines } from "./commands/tell-deadlines";
import { type RightsWorld, rightsWorld } from "./testing/people";

const t = await testDatabase();
afterAll(() => t.close());

let world: RightsWorld;
beforeAll(async () => {
  world = await rightsWorld(t, 2);
});

const DAY_MS = 86_400_000;
const ago = (days: number) => new Date(world.iria.now().getTime() - days * DAY_MS);
const told = async () => {
  await tellDeadlines(world.world.worker);
  await tellDeadlines(world.world.worker); // the next run says nothing twice
  return (await listNotices(world.iria))
    .filter(({ resolvedAt }) => resolvedAt === null)
    .map(({ kind: notice, params, count }) => ({ notice, ...params, count }));
};

test("a request is told of in its last week, anew for each day, when it is overdue, and no more once it is answered", async () => {
  const { requestId } = await openRequest(world.iria, {
    contactId: world.contact(0),
    kind: "objection",
    receivedAt: ago(20),
  });
  expect(await told()).toEqual([]);
  await world.setTime("2026-12-03T12:00:00.000Z");
  expect(await told()).toEqual([]);
  await world.setTime("2026-12-04T12:00:00.000Z"); // asked for on 11 November
  expect(await told()).toEqual([{ notice: "request_due", kind: "objection", days: 7, count: 1 }]);
  await world.setTime("2026-12-12T12:00:00.000Z");
  expect(await told()).toEqual([{ notice: "request_overdue", kind: "objection", count: 2 }]);
  await applyObjection(world.iria, { requestId });
  expect(await told()).toEqual([]);
});

test("a breach is told of at once and at each stage of its 72 hours, also after it was dismissed, until it is decided", async () => {
  const facts = { nature: "CSV enviado", categories: "Números", consequences: "Pocas", measures: "Retirado" };
  const detectedAt = ago(1);
  const { breachId } = await recordBreach(world.iria, { ...facts, detectedAt });
  const [first] = await listNotices(world.iria);
  expect(first).toMatchObject({ kind: "breach_clock", params: { stage: "later" }, resolvedAt: null });
  await dismissNotice(world.iria, { id: first?.id ?? "" });
  expect(await told()).toEqual([]);
  await world.setTime("2026-12-14T00:00:00.000Z");
  expect(await told()).toEqual([{ notice: "breach_clock", stage: "soon", count: 1 }]);
  await world.setTime("2026-12-15T00:00:00.000Z");
  expect(await told()).toEqual([{ notice: "breach_clock", stage: "overdue", count: 2 }]);
  await recordBreach(world.iria, { ...facts, breachId, detectedAt, authorityReason: "Sin riesgo" });
  expect(await told()).toEqual([]);
});
