import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { refusalOf } from "@/lib/campaigns/testing/world";
import { createPurpose } from "@/lib/consent/commands/create-purpose";
import { systemActor } from "@/lib/identity/actor";
import type { Context } from "@/lib/identity/context";
import { breachClock } from "./breach";
import { allowBlockedAccess, askBlockedAccess, readBlocked } from "./commands/read-blocked";
import { closeBreach, recordBreach } from "./commands/record-breach";
import { saveRecord } from "./commands/save-record";
import { getRecord } from "./queries/get-record";
import { listBlockedAccesses } from "./queries/list-blocked-accesses";
import { listBreaches } from "./queries/list-breaches";
import { type RightsWorld, rightsWorld } from "./testing/people";

const t = await testDatabase();
afterAll(() => t.close());

let world: RightsWorld;
let iria: Context;
beforeAll(async () => {
  world = await rightsWorld(t, 2);
  iria = world.iria;
});

const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number) => new Date(iria.now().getTime() - hours * HOUR_MS);

describe("records", () => {
  test("are made from what the product knows, keep every version, and say when they are out of date", async () => {
    const first = await getRecord(iria, { kind: "ropa" });
    expect(first).toMatchObject({ number: undefined, isOutdated: false, versions: [] });
    expect(first.generated).toMatchObject({
      people: 2,
      activities: [{ purpose: "Novedades", brand: "Olmo", lawfulBasis: "consent", granted: 2 }],
      countries: ["ES"],
    });
    await saveRecord(iria, { kind: "ropa", texts: { officer: "dpo@olmo.example", unknown: "left out" } });
    await saveRecord(iria, { kind: "ropa", texts: { officer: "privacidad@olmo.example" } });
    const saved = await getRecord(iria, { kind: "ropa" });
    expect(saved).toMatchObject({ number: 2, isOutdated: false, savedBy: "Iria Sanz" });
    expect(saved.texts).toEqual({
      officer: "privacidad@olmo.example",
      people: "",
      transfers: "",
      measures: "",
      notes: "",
    });
    expect((await getRecord(iria, { kind: "ropa", number: 1 })).texts.officer).toBe("dpo@olmo.example");
    expect(await refusalOf(getRecord(iria, { kind: "ropa", number: 9 }))).toMatchObject({ code: "not_found" });
    await createPurpose(t.context(systemActor("terminal")), {
      brandId: world.world.ids.brandId,
      key: "orders",
      name: "Pedidos",
      category: "UTILITY",
    });
    expect((await getRecord(iria, { kind: "ropa" })).isOutdated).toBe(true);
    expect((await getRecord(iria, { kind: "dpia" })).number).toBeUndefined();
  });
});

describe("breaches", () => {
  const facts = { nature: "Se envió un CSV", categories: "Números", consequences: "Pocas", measures: "Se retiró" };

  test("run against 72 hours until the authority was told, or it is written why not", async () => {
    const { breachId } = await recordBreach(iria, { ...facts, detectedAt: hoursAgo(50) });
    const clock = async () => (await listBreaches(iria)).find(({ id }) => id === breachId)?.clock;
    expect(await clock()).toEqual({ kind: "running", hoursLeft: 22, urgency: "soon" });
    expect(await refusalOf(closeBreach(iria, { breachId }))).toMatchObject({ code: "conflict" });
    const told = { ...facts, breachId, detectedAt: hoursAgo(50), authorityNotifiedAt: hoursAgo(1) };
    await recordBreach(iria, told);
    expect(await clock()).toEqual({ kind: "told", afterHours: 49, isLate: false });
    await recordBreach(iria, { ...told, peopleReason: "Sin riesgo alto" });
    await closeBreach(iria, { breachId });
    expect(await refusalOf(recordBreach(iria, told))).toMatchObject({ code: "conflict" });
  });

  test("cannot be told of before they were known, nor be known tomorrow", async () => {
    const early = { ...facts, detectedAt: hoursAgo(5), authorityNotifiedAt: hoursAgo(6) };
    expect(await refusalOf(recordBreach(iria, early))).toMatchObject({ code: "invalid_input" });
    expect(await refusalOf(recordBreach(iria, { ...facts, detectedAt: hoursAgo(-5) }))).toMatchObject({
      code: "invalid_input",
    });
  });

  test("the clock says when it is over", () => {
    const breach = { authorityNotifiedAt: null, authorityReason: null, closedAt: null };
    expect(breachClock({ ...breach, detectedAt: hoursAgo(80) }, iria.now())).toEqual({ kind: "overdue", hours: 8 });
    expect(breachClock({ ...breach, authorityReason: "Sin riesgo", detectedAt: hoursAgo(80) }, iria.now())).toEqual({
      kind: "explained",
    });
    const late = { ...breach, detectedAt: hoursAgo(80), authorityNotifiedAt: hoursAgo(1) };
    expect(breachClock(late, iria.now())).toEqual({ kind: "told", afterHours: 79, isLate: true });
  });
});

describe("blocked data", () => {
  test("is read by two people on a legal ground, for a day, and never otherwise", async () => {
    const contactId = world.contact(0);
    const ask = { contactId, ground: "court" as const, reference: "Juzgado 3, 412/2026" };
    expect(await refusalOf(askBlockedAccess(iria, ask))).toMatchObject({ code: "not_found" });
    await t.keystore.block([contactId], new Date("2029-12-01T00:00:00Z"));
    const { accessId } = await askBlockedAccess(iria, ask);
    expect(await refusalOf(readBlocked(iria, { accessId }))).toMatchObject({ code: "approval_required" });
    expect(await refusalOf(allowBlockedAccess(iria, { accessId }))).toMatchObject({ code: "second_person_required" });
    await allowBlockedAccess(world.saul, { accessId });
    expect((await readBlocked(iria, { accessId })).identifiers[0]?.value).toBe("+34600100000");
    expect((await listBlockedAccesses(iria, { contactId }))[0]).toMatchObject({ isAllowed: true, isOwn: true });
    const tomorrow = { ...iria, now: () => new Date(iria.now().getTime() + 25 * HOUR_MS) };
    expect(await refusalOf(readBlocked(tomorrow, { accessId }))).toMatchObject({ code: "approval_required" });
    expect(await refusalOf(readBlocked(world.world.people.noa, { accessId }))).toMatchObject({ code: "forbidden" });
  });
});
