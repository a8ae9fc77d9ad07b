import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { array } from "@/db/client";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { holds } from "@/lib/foundation/testing/holds";
import { systemActor } from "@/lib/identity/actor";
import { decidePolicy } from "./commands/decide-policy";
import { installShippedPolicy } from "./commands/install-shipped-policy";
import { proposePolicy } from "./commands/propose-policy";
import type { PolicyRules } from "./policy";
import { getPolicyInForce, listPolicyVersions } from "./queries/get-policy";
import { previewPolicy } from "./queries/preview-policy";
import { sendingWindow } from "./quiet-hours";
import { anyPolicy, instants, places } from "./testing/hours";
import vectors from "./vectors/quiet-hours.json" with { type: "json" };

const house = await testDatabase();
afterAll(() => house.close());

async function person(role: "compliance" | "marketer") {
  const userId = newId();
  await house.db.execute(sql`insert into users (id, name, email, roles, created_at)
    values (${userId}::uuid, ${role}, ${`${userId}@example.org`}, ${`{${role}}`}, now())`);
  return house.context({ kind: "user", userId, roles: [role], sessionId: null }, { db: house.as("console") });
}

async function inForce(rules: PolicyRules): Promise<string> {
  const { versionId } = await proposePolicy(await person("marketer"), { rules, note: "for a test" });
  await decidePolicy(await person("compliance"), { versionId, decision: "approved" });
  return versionId;
}

test("the gate's function answers every case of the specification as the plan's does", async () => {
  await installShippedPolicy(house.context(systemActor("terminal")));
  const shipped = await getPolicyInForce(await person("compliance"));
  if (!shipped) throw new Error("no rules in force");
  const asked = new Map<string, string>();
  for (const { country, holidays } of vectors.cases) {
    const key = `${country} ${holidays.join()}`;
    if (asked.has(key)) continue;
    asked.set(key, await inForce({ ...shipped.rules, holidays: { [country]: holidays } }));
  }
  for (const { country, zone, at, holidays, allowed, nextAllowed } of vectors.cases) {
    const version = asked.get(`${country} ${holidays.join()}`) ?? "";
    const [found] = await house.db.execute<{ is_open: boolean; next: string | null }>(sql`
      select is_open, to_char(next_open_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as next
      from sending_window(${version}::uuid, ${country}, ${zone}, ${at}::timestamptz)`);
    expect({ country, zone, at, ...found }).toEqual({ country, zone, at, is_open: allowed, next: nextAllowed });
  }
});

test("both answer alike for a year of hours, with clock changes, holidays and unknown zones", async () => {
  const policy = await getPolicyInForce(await person("compliance"));
  if (!policy) throw new Error("no rules in force");
  const rules = { ...policy.rules, holidays: { ES: ["2026-12-08", "2026-12-25"], CO: ["2026-07-20"] } };
  const version = await inForce(rules);
  const places = [
    { country: "ES", zone: null },
    { country: "ES", zone: "Atlantic/Canary" },
    { country: "US", zone: null },
    { country: "CO", zone: "America/Bogota" },
    { country: "FR", zone: null },
    { country: "JP", zone: "Asia/Tokyo" },
  ];
  const hours = Array.from({ length: 180 }, (_, i) => new Date(Date.UTC(2026, 0, 1) + i * 48.61 * 3_600_000));
  for (const { country, zone } of places) {
    const rows = await house.db.execute<{ is_open: boolean; next: number | null }>(sql`
      select w.is_open, extract(epoch from w.next_open_at)::float8 as next
      from unnest(${`{${hours.map((at) => at.toISOString()).join()}}`}::timestamptz[]) with ordinality as h(at, i)
      cross join lateral sending_window(${version}::uuid, ${country}, ${zone}, h.at) w order by h.i`);
    const planned = hours.map((at) => {
      const { isOpen, nextOpenAt } = sendingWindow(rules, { country, zone }, at);
      return { is_open: isOpen, next: nextOpenAt && nextOpenAt.getTime() / 1000 };
    });
    expect([country, zone, ...rows]).toEqual([country, zone, ...planned]);
  }
});

test("nobody approves their own rules, nothing is decided twice, and a version never reaches back", async () => {
  const officer = await person("compliance");
  const policy = await getPolicyInForce(officer);
  if (!policy) throw new Error("no rules in force");
  const long = new Date("2020-01-01T00:00:00Z");
  const { versionId } = await proposePolicy(officer, {
    rules: policy.rules,
    note: "the same again",
    effectiveAt: long,
  });
  await expect(decidePolicy(officer, { versionId, decision: "approved" })).rejects.toMatchObject({
    code: "second_person_required",
  });
  const other = await person("compliance");
  await decidePolicy(other, { versionId, decision: "refused" });
  await expect(decidePolicy(other, { versionId, decision: "approved" })).rejects.toMatchObject({ code: "conflict" });
  const second = await proposePolicy(officer, { rules: policy.rules, note: "once more", effectiveAt: long });
  await decidePolicy(other, { versionId: second.versionId, decision: "approved" });
  const [newest, refused] = await listPolicyVersions(officer);
  expect(newest?.effectiveAt.getTime()).toBeGreaterThan(long.getTime());
  expect(refused).toMatchObject({ decision: "refused" });
  expect((await getPolicyInForce(officer))?.id).toBe(second.versionId);
});

test("a proposal written before other rules were approved cannot undo them", async () => {
  const marketer = await person("marketer");
  const policy = await getPolicyInForce(marketer);
  if (!policy) throw new Error("no rules in force");
  const old = await proposePolicy(marketer, { rules: policy.rules, note: "written first" });
  const since = await inForce(policy.rules);
  const officer = await person("compliance");
  await expect(decidePolicy(officer, { versionId: old.versionId, decision: "approved" })).rejects.toMatchObject({
    code: "conflict",
  });
  await decidePolicy(officer, { versionId: old.versionId, decision: "refused" });
  expect((await getPolicyInForce(officer))?.id).toBe(since);
});

test("a zone that the database cannot compute with is refused by its name", async () => {
  const marketer = await person("marketer");
  const policy = await getPolicyInForce(marketer);
  if (!policy) throw new Error("no rules in force");
  const rules = { ...policy.rules, zones: { ...policy.rules.zones, ES: ["Europe/Nowhere"] } };
  await expect(proposePolicy(marketer, { rules, note: "for a test" })).rejects.toMatchObject({
    code: "invalid_input",
    params: { zone: "Europe/Nowhere" },
  });
});

test("the preview names the countries whose rules change, and how many people live there", async () => {
  const officer = await person("compliance");
  const policy = await getPolicyInForce(officer);
  if (!policy) throw new Error("no rules in force");
  const id = newId();
  await house.db.execute(sql`insert into contacts (lane, id, country, created_at, updated_at)
    values (lane_of(${id}::uuid), ${id}::uuid, 'CO', now(), now())`);
  const { CO, ...rest } = policy.rules.rules;
  expect(CO).toBeDefined();
  expect(await previewPolicy(officer, { rules: { ...policy.rules, rules: rest } })).toMatchObject([
    { country: "CO", people: 1 },
  ]);
  expect(await previewPolicy(officer, { rules: policy.rules })).toEqual([]);
});

test("both answer alike under any rules, at any instant and by any clocks", async () => {
  const each = 200;
  const asked = fc.array(fc.tuple(places, instants), { minLength: each, maxLength: each });
  await holds(
    "quiet hours",
    fc.asyncProperty(anyPolicy, asked, async (rules, questions) => {
      const version = await inForce(rules);
      const zones = questions.map(([{ zone }]) => zone);
      const hours = questions.map(([, at]) => at.toISOString());
      const rows = await house.db.execute<{ is_open: boolean; next: number | null }>(sql`
        select w.is_open, extract(epoch from w.next_open_at)::float8 as next
        from unnest(${array(zones, "text")}, ${array(hours, "timestamptz")}) with ordinality as q(zone, at, i)
        cross join lateral sending_window(${version}::uuid, 'XA', q.zone, q.at) w order by q.i`);
      const planned = questions.map(([place, at]) => {
        const { isOpen, nextOpenAt } = sendingWindow(rules, place, at);
        return { is_open: isOpen, next: nextOpenAt && nextOpenAt.getTime() / 1000 };
      });
      expect([...rows]).toEqual(planned);
    }),
    { runs: 4, long: 75, each },
  );
});
