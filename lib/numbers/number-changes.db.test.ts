import { readFileSync } from "node:fs";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { brands, killSwitches, numberEvents, phoneNumbers } from "@/db/schema/numbers";
import { testDatabase } from "@/db/testing/database";
import { newId } from "@/lib/foundation/ids";
import { systemActor } from "@/lib/identity/actor";
import { parseWebhook } from "@/lib/whatsapp/webhooks";
import { noteCoexistence } from "./commands/note-coexistence";
import { recordNumberChange } from "./commands/record-number-change";
import type { NumberChangeItem } from "./number-change";

const t = await testDatabase();
afterAll(() => t.close());

const worker = t.context(systemActor("worker"), { db: t.as("worker") });
const WABA = "900000000000001";
const brandId = newId();
await t.db.insert(brands).values({ id: brandId, name: "Olmo", controller: "Olmo S. L.", createdAt: new Date() });

/** Two numbers of one account; the samples name the first one. Afresh for each test. */
let first = "";
let second = "";
beforeEach(async () => {
  for (const table of ["kill_switches", "number_events", "notices", "phone_numbers"])
    await t.db.execute(sql`delete from ${sql.identifier(table)}`);
  first = await addNumber("+1 555-010-0100", "800000000000001");
  second = await addNumber("+1 555-010-0200", "800000000000002");
});

async function addNumber(displayNumber: string, phoneNumberId: string, wabaId = WABA): Promise<string> {
  const id = newId();
  await t.db.insert(phoneNumbers).values({
    id,
    brandId,
    wabaId,
    phoneNumberId,
    displayNumber,
    verifiedName: "Olmo",
    baseUrl: "http://127.0.0.1:1",
    tokenSealed: Buffer.of(0),
    appSecretSealed: Buffer.of(0),
    verifyTokenHash: Buffer.of(0),
    messagingLimit: "TIER_250",
    isSandbox: true,
    createdAt: new Date(),
  });
  return id;
}

/** The items of one of Meta's payloads, optionally with another value inside its change. */
function itemsOf(sample: string, value: Record<string, unknown> = {}, time?: number): NumberChangeItem[] {
  const body = JSON.parse(readFileSync(new URL(`../whatsapp/samples/${sample}.json`, import.meta.url), "utf8"));
  const [entry] = body.entry;
  if (time) entry.time = time;
  Object.assign(entry.changes[0].value, value);
  const parsed = parseWebhook(JSON.stringify(body));
  if (parsed.kind !== "items") throw new Error("unreadable sample");
  return parsed.items as NumberChangeItem[]; // the samples of this file are about numbers
}

async function record(sample: string, value?: Record<string, unknown>, time?: number): Promise<void> {
  for (const item of itemsOf(sample, value, time)) await recordNumberChange(worker, item);
}

async function row(id: string) {
  const [found] = await t.db.select().from(phoneNumbers).where(eq(phoneNumbers.id, id));
  if (!found) throw new Error("no number");
  return found;
}

async function stops(): Promise<Record<string, string[]>> {
  const rows = await t.db.select().from(killSwitches);
  const of = (id: string) => rows.filter(({ targetId }) => targetId === id).map(({ cause }) => cause ?? "");
  return { first: of(first), second: of(second) };
}

async function openNotices(): Promise<{ kind: string; params: Record<string, unknown> }[]> {
  return t.db.execute<{ kind: string; params: Record<string, unknown> }>(sql`
    select kind, params from notices where resolved_at is null order by kind, key`);
}

const kinds = async () => (await openNotices()).map(({ kind }) => kind);

describe("throughput and limits", () => {
  test("an upgrade of throughput counts for the number that it names, its limit for the whole portfolio", async () => {
    await record("phone-number-quality-update");
    expect(await row(first)).toMatchObject({
      throughputLevel: "HIGH",
      messagesPerSecond: 1_000,
      messagingLimit: "TIER_UNLIMITED",
    });
    expect(await row(second)).toMatchObject({
      throughputLevel: "STANDARD",
      messagesPerSecond: 80,
      messagingLimit: "TIER_UNLIMITED",
    });
  });

  test.each([
    ["a count", "business-capability-update", {}, "TIER_2K"],
    ["a tier", "business-capability-update-tier-string", {}, "TIER_10K"],
    ["minus one", "business-capability-update", { max_daily_conversations_per_business: -1 }, "TIER_UNLIMITED"],
    ["a small count", "business-capability-update", { max_daily_conversations_per_business: 250 }, "TIER_250"],
  ])("a limit told as %s is every number's limit", async (_name, sample, value, limit) => {
    await record(sample, value);
    expect((await row(first)).messagingLimit).toBe(limit);
    expect((await row(second)).messagingLimit).toBe(limit);
  });

  test("a limit that says nothing leaves what was known", async () => {
    await record("business-capability-update", { max_daily_conversations_per_business: "LATER" });
    expect((await row(first)).messagingLimit).toBe("TIER_250");
  });

  test("numbers of one portfolio share the limit across accounts, others do not", async () => {
    const elsewhere = await addNumber("+1 555-010-0300", "800000000000003", "900000000000002");
    const stranger = await addNumber("+1 555-010-0400", "800000000000004", "900000000000003");
    for (const id of [first, elsewhere])
      await t.db.update(phoneNumbers).set({ portfolioId: "990000000000001" }).where(eq(phoneNumbers.id, id));
    await t.db.update(phoneNumbers).set({ portfolioId: "990000000000001" }).where(eq(phoneNumbers.id, second));
    await record("business-capability-update");
    expect((await row(elsewhere)).messagingLimit).toBe("TIER_2K");
    expect((await row(stranger)).messagingLimit).toBe("TIER_250");
  });
});

describe("what stops sending", () => {
  test("a flagged number is RED and stops; its neighbour goes on; unflagged, it is read anew", async () => {
    await record("phone-number-quality-update", { event: "FLAGGED", current_limit: "TIER_2K" });
    expect(await row(first)).toMatchObject({ qualityRating: "RED" });
    expect(await stops()).toEqual({ first: ["quality"], second: [] });
    expect(await openNotices()).toMatchObject([{ kind: "number_stopped", params: { cause: "quality" } }]);
    await record("phone-number-quality-update", { event: "UNFLAGGED" }, 1_763_900_000);
    expect(await row(first)).toMatchObject({ qualityRating: "UNKNOWN" });
    const [job] = await t.db.execute<{ n: number }>(sql`
      select count(*)::int as n from graphile_worker.jobs where task_identifier = 'numbers.read_number' and key = ${`read ${first}`}`);
    expect(job?.n).toBe(1);
    expect(await stops()).toEqual({ first: ["quality"], second: [] });
  });

  test("a restriction stops the number that it names and says until when", async () => {
    await record("account-update-restriction");
    expect(await stops()).toEqual({ first: ["restricted"], second: [] });
    expect(await row(first)).toMatchObject({ status: "RESTRICTED" });
    expect(await openNotices()).toMatchObject([
      {
        kind: "account_restricted",
        params: { restriction: "RESTRICTED_BIZ_INITIATED_MESSAGING", until: "2025-11-25" },
      },
      { kind: "number_stopped" },
    ]);
  });

  test("a restriction without a number, a ban and a deleted account stop every number of the account", async () => {
    await record("account-update-restriction", { phone_number: undefined });
    await record("account-update-disabled", { ban_info: { waba_ban_state: "DISABLE" } }, 1_763_900_000);
    await record("account-update-deleted", {}, 1_764_000_000);
    const all = ["deleted", "disabled", "restricted"];
    const found = await stops();
    expect([found.first?.sort(), found.second?.sort()]).toEqual([all, all]);
    expect(await row(second)).toMatchObject({ status: "DELETED" });
  });

  test("a planned ban and a violation are told and stop nothing; a reinstatement ends what was told", async () => {
    await record("account-update-disabled");
    await record("account-update-violation");
    expect(await openNotices()).toMatchObject([
      { kind: "account_disable_planned", params: { date: "November 25, 2026" } },
      { kind: "account_violation", params: { violation: "SCAM" } },
    ]);
    await record("account-update-disabled", { ban_info: { waba_ban_state: "REINSTATE" } }, 1_763_900_000);
    expect(await kinds()).toEqual(["account_violation"]);
    expect(await stops()).toEqual({ first: [], second: [] });
  });

  test("an error that Meta reports about the number itself stops it where a person must mend it, else it is told", async () => {
    const error = (code: number) => ({ code, title: "x" });
    const source = { wabaId: WABA, phoneNumberId: "800000000000002" };
    await recordNumberChange(worker, { kind: "account_error", ...source, error: error(130_429) });
    expect(await stops()).toEqual({ first: [], second: [] });
    expect(await kinds()).toEqual(["account_error"]);
    await recordNumberChange(worker, { kind: "account_error", ...source, error: error(131_031) });
    expect(await stops()).toEqual({ first: ["locked"], second: ["locked"] });
  });
});

describe("names, PIN, reviews, alerts", () => {
  test("an approved name is the number's name; a rejected one is told and leaves the name", async () => {
    await record("phone-number-name-update", { decision: "REJECTED", rejection_reason: "NAME_FORMAT" });
    expect(await row(first)).toMatchObject({ verifiedName: "Olmo", nameStatus: "REJECTED" });
    expect(await kinds()).toEqual(["number_name_rejected"]);
    await record("phone-number-name-update", {}, 1_763_900_000);
    expect(await row(first)).toMatchObject({ verifiedName: "Example Shop", nameStatus: "APPROVED" });
    expect(await kinds()).toEqual([]);
  });

  test("a PIN request is told without who asked for it", async () => {
    await record("security");
    expect(await kinds()).toEqual(["number_pin"]);
    const events = await t.db.select().from(numberEvents);
    expect(JSON.stringify(events)).not.toContain("610000000000009");
  });

  test("reviews and alerts are told while they need somebody", async () => {
    await record("account-review-update", { decision: "REJECTED" });
    await record("account-alerts");
    expect(await kinds()).toEqual(["account_alert", "account_review_rejected"]);
    await record("account-review-update", {}, 1_763_900_000);
    expect(await kinds()).toEqual(["account_alert"]);
  });

  test("a username is kept, and gone when it is deleted", async () => {
    await record("business-username-update");
    expect(await row(first)).toMatchObject({ username: "example.shop" });
    await record("business-username-update", { status: "deleted" }, 1_763_900_000);
    expect(await row(first)).toMatchObject({ username: null });
  });

  test("new prices by volume are kept and stop nothing", async () => {
    await record("account-update-volume-tier");
    expect(await t.db.select().from(numberEvents)).toMatchObject([
      { kind: "account_update.VOLUME_BASED_PRICING_TIER_UPDATE", summary: { tier: "25000001:50000000" } },
    ]);
    expect(await kinds()).toEqual([]);
  });
});

describe("order and repetition", () => {
  test("an echo of what staff wrote on the phone makes its number one that sends 20 a second, said once", async () => {
    const echo = { wabaId: WABA, phoneNumberId: "800000000000001" };
    await noteCoexistence(worker, echo);
    await noteCoexistence(worker, echo);
    const rows = await t.db.select().from(phoneNumbers);
    const of = (id: string) => rows.find((row) => row.id === id);
    expect(of(first)).toMatchObject({ throughputLevel: "COEXISTENCE", messagesPerSecond: 20 });
    expect(of(second)?.throughputLevel).not.toBe("COEXISTENCE");
    expect(await t.db.select().from(numberEvents)).toMatchObject([
      { numberId: first, kind: "phone_quality.COEXISTENCE" },
    ]);
    await noteCoexistence(worker, { ...echo, wabaId: "1" });
    await noteCoexistence(worker, { wabaId: WABA });
    expect(await t.db.select().from(numberEvents)).toHaveLength(1);
  });

  test("the same telling twice is one event with one effect", async () => {
    await record("account-update-restriction");
    await record("account-update-restriction");
    expect(await t.db.select().from(numberEvents)).toHaveLength(1);
    expect(await stops()).toEqual({ first: ["restricted"], second: [] });
  });

  test("what is older than what was told before is kept and not applied", async () => {
    await record("business-capability-update-tier-string", {}, 1_763_900_000);
    await record("business-capability-update", {}, 1_763_800_000);
    expect((await row(first)).messagingLimit).toBe("TIER_10K");
    expect(await t.db.select().from(numberEvents)).toHaveLength(2);
  });

  test("an account that is not ours changes nothing and is not kept", async () => {
    const [item] = itemsOf("account-update-deleted");
    if (!item) throw new Error("no item");
    await recordNumberChange(worker, { ...item, wabaId: "111" });
    expect(await t.db.select().from(numberEvents)).toEqual([]);
    expect(await stops()).toEqual({ first: [], second: [] });
  });
});
