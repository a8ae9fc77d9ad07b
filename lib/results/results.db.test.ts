import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { looks } from "@/db/schema/results";
import { testDatabase } from "@/db/testing/database";
import { refusalOf } from "@/lib/campaigns/testing/world";
import { addPurchases, type SentCampaign, sentCampaign } from "@/lib/sending/testing/sent-campaign";
import { analysisRecord } from "./analysis";
import { recordDecision } from "./commands/record-decision";
import { takeDueLooks } from "./commands/take-due-looks";
import { hashOf, takeLook } from "./commands/take-look";
import { findMissingFeed } from "./queries/find-missing-feed";
import { getArmCounts, listRevenueValues } from "./queries/get-arm-counts";
import { getResults } from "./queries/get-results";

const t = await testDatabase();
afterAll(() => t.close());

let sent: SentCampaign;
beforeAll(async () => {
  sent = await sentCampaign(t);
  await addPurchases(t, sent, [
    { variant: "A", count: 3, micros: 10_000_000 },
    { variant: "B", count: 5, micros: 20_500_000 },
    { variant: "holdout", count: 1, micros: 7_000_000 },
  ]);
  // A second order of the same person, and one in another currency.
  await t.db.execute(sql`
    insert into campaign_conversions (lane, campaign_id, contact_id, conversion_id, message_id, variant, occurred_at,
      amount_micros, currency, via_click)
    select lane, campaign_id, contact_id, gen_random_uuid(), message_id, variant, occurred_at, 5000000, c.currency, false
    from (select * from campaign_conversions where variant = 'A' order by lane, contact_id limit 1) v
    cross join (values ('EUR'), ('USD')) as c(currency)`);
});

const counted = () => getArmCounts(sent.world.worker, { campaignId: sent.campaignId });

describe("counts", () => {
  test("people count once however often they buy, and money adds up to the micro", async () => {
    const [a, b, holdout] = await counted();
    expect(a).toMatchObject({ key: "A", converted: 3, orders: 5, foreignOrders: 1, revenueMicros: 35_000_000 });
    expect(a?.revenueSquares).toBeCloseTo(15 ** 2 + 10 ** 2 + 10 ** 2, 9);
    expect(b).toMatchObject({ converted: 5, orders: 5, revenueMicros: 102_500_000 });
    expect(holdout).toMatchObject({ key: "holdout", converted: 1, attempted: 0, sent: 0, delivered: 0 });
    expect((a?.assigned ?? 0) + (b?.assigned ?? 0) + (holdout?.assigned ?? 0)).toBe(60);
    expect(a).toMatchObject({ sent: a?.assigned, delivered: a?.assigned, unpriced: a?.assigned, costMicros: 0 });
    const values = await listRevenueValues(sent.world.worker, { campaignId: sent.campaignId });
    expect(values.get("A")?.sort()).toEqual([10, 10, 15]);
  });

  test("a reply that is the refusal itself is no reply, and what comes after the window does not count", async () => {
    const rows = await t.db.execute<{ lane: number; id: string }>(
      sql`select lane, id from messages where campaign_id = ${sent.campaignId} and variant = 'B' order by lane, id limit 3`,
    );
    const at = (days: number) => new Date(Date.parse("2026-12-01T09:05:00Z") + days * 86_400_000);
    const engage = async (index: number, kind: string, days: number) => {
      const row = rows[index];
      await t.db.execute(sql`select record_engagement(${row?.lane}::smallint, array[${row?.id}]::uuid[], array[${kind}],
        array[${at(days)}::timestamptz])`);
    };
    await engage(0, "reply", 1);
    await engage(0, "opt_out", 1);
    await engage(1, "reply", 2);
    await engage(2, "click", 8);
    const b = (await counted()).find(({ key }) => key === "B");
    expect(b).toMatchObject({ replied: 1, optedOut: 1, clicked: 0 });
  });

  test("only our own worker may count outcomes: nobody can peek", async () => {
    const peek = getArmCounts(sent.world.people.iria, { campaignId: sent.campaignId });
    expect(await refusalOf(peek)).toMatchObject({ code: "forbidden" });
  });
});

describe("before the look", () => {
  test("the page has balance and health, and no outcome of anybody", async () => {
    const results = await getResults(sent.world.people.lucia, { campaignId: sent.campaignId });
    expect(results.state).toMatchObject({ kind: "collecting", verdict: { code: "COLLECTING", variant: null } });
    expect(results.health.srm?.alarm).toBe(false);
    expect(results.health.arms.map(({ key }) => key)).toEqual(["A", "B", "holdout"]);
    expect(JSON.stringify(results.health)).not.toMatch(/convert|click|repl|revenue/i);
    expect(results).toMatchObject({ decision: null, mayDecide: false, isSandbox: true });
  });

  test("a frozen campaign says since when, and by which template", async () => {
    const { world, campaignId } = sent;
    const change = async (status: string, template: string) => {
      await t.db.execute(sql`update campaigns set status = ${status} where id = ${campaignId}`);
      await t.db.execute(sql`update templates set status = ${template} where id = ${world.templateIds.b}`);
    };
    await change("frozen", "PAUSED");
    const results = await getResults(world.people.lucia, { campaignId });
    expect(results.state).toMatchObject({
      kind: "collecting",
      verdict: { code: "FROZEN" },
      frozen: { variants: ["B"] },
    });
    await change("sending", "APPROVED");
    expect((await getResults(world.people.lucia, { campaignId })).state).toMatchObject({ frozen: null });
  });

  test("nothing is taken before its time, and nothing can be decided", async () => {
    const { world, campaignId } = sent;
    expect(await takeDueLooks(world.worker)).toEqual([]);
    expect(await takeLook(world.worker, { campaignId })).toEqual({ kind: "not_due" });
    const decide = recordDecision(world.people.lucia, { campaignId, decision: "repeat", variant: null, reason: "x" });
    expect(await refusalOf(decide)).toMatchObject({ code: "results_not_ready" });
  });
});

describe("missing data", () => {
  test("silence of everything that the metric needs is found, and only then", async () => {
    const { world, campaignId } = sent;
    const find = (metric: "conversion" | "click" | "reply") => findMissingFeed(world.worker, { campaignId, metric });
    expect(await find("conversion")).toEqual({ feed: "conversions", since: "2026-12-01T09:05:00.000Z" });
    expect(await find("reply")).toBeNull();
    expect(await find("click")).toBeNull();
    await report("shop", 0.5);
    expect(await find("conversion")).toBeNull();
  });

  test("a source that had reported daily and skipped a day of the window is named with that day", async () => {
    const { world, campaignId } = sent;
    for (let day = -14; day <= 6; day++) if (day !== 3) await report("till", day + 0.5);
    expect(await findMissingFeed(world.worker, { campaignId, metric: "conversion" })).toEqual({
      feed: "conversions",
      since: "2026-12-04T09:05:00.000Z",
    });
    // While the window lasts a day that has passed counts, and one that is not over does not.
    const sofar = (text: string) => {
      const now = () => new Date(text);
      return findMissingFeed({ ...world.worker, now }, { campaignId, metric: "conversion", isOver: false });
    };
    expect(await sofar("2026-12-05T09:00:00Z")).toBeNull();
    expect(await sofar("2026-12-05T09:06:00Z")).toMatchObject({ since: "2026-12-04T09:05:00.000Z" });
    await report("till", 3.5);
    expect(await findMissingFeed(world.worker, { campaignId, metric: "conversion" })).toBeNull();
  });

  async function report(source: string, day: number): Promise<void> {
    const at = new Date(Date.parse("2026-12-01T09:05:00Z") + day * 86_400_000);
    await t.db.execute(sql`
      insert into conversions (lane, id, source, order_id, lookups, amount_micros, currency, occurred_at, received_at, attributed_at)
      values (1, gen_random_uuid(), ${source}, ${String(day)}, '{}', 1, 'EUR', ${at}::timestamptz, ${at}::timestamptz, now())`);
  }
});

const openNotices = () =>
  t.db.execute(sql`select kind, subject_id as id from notices where kind = 'results_ready' and resolved_at is null`);

const kept = (campaignId: string) => t.db.select().from(looks).where(eq(looks.campaignId, campaignId)).orderBy(looks.n);

describe("a planned look before the end", () => {
  test("is taken at its time and no earlier, shows figures and concludes nothing that its boundary does not allow", async () => {
    const { world, campaignId, setTime } = sent;
    await t.db.execute(sql`
      update campaigns set status = 'measuring', sending_ended_at = '2026-12-01T09:05:00Z',
        measuring_until = '2026-12-08T09:05:00Z' where id = ${campaignId}`);
    await setTime("2026-12-03T03:04:59.000Z"); // a quarter of seven days is 42 hours
    expect(await takeLook(world.worker, { campaignId })).toEqual({ kind: "not_due" });
    await setTime("2026-12-03T03:05:00.000Z");
    await Promise.all([takeDueLooks(world.worker), takeDueLooks(world.worker)]);
    expect(await takeDueLooks(world.worker)).toEqual([]);
    const [look, ...others] = await kept(campaignId);
    expect(others).toEqual([]);
    const record = analysisRecord.parse(look?.record);
    expect(record).toMatchObject({ look: 1, looks: 4, headline: { code: "COLLECTING" } });
    expect(record.monitoring).toMatchObject({ method: "looks", share: 0.25, isStop: false });
    expect(record.monitoring?.nextAt).toBe("2026-12-04T21:05:00.000Z");
    expect(hashOf(record)).toBe(look?.recordHash);
    const results = await getResults(world.people.lucia, { campaignId });
    expect(results.campaign.status).toBe("measuring");
    expect(results.state).toMatchObject({ kind: "analysed", recordHash: look?.recordHash });
    expect(results.mayDecide).toBe(false);
    const decide = recordDecision(world.people.lucia, {
      campaignId,
      decision: "no_action",
      variant: null,
      reason: "x",
    });
    expect(await refusalOf(decide)).toMatchObject({ code: "results_not_ready" });
    const become = (status: string) =>
      t.db.execute(sql`update campaigns set status = ${status} where id = ${campaignId}`);
    await become("stopped");
    expect((await getResults(world.people.lucia, { campaignId })).state).toEqual({ kind: "ended" });
    await become("measuring");
  });
});

describe("the last look", () => {
  test("is taken once, stored with its hash, entered in the ledger, and concludes the campaign", async () => {
    const { world, campaignId, setTime } = sent;
    await setTime("2026-12-08T09:06:00.000Z");
    const late = sql`insert into conversions (lane, id, source, order_id, lookups, amount_micros, currency, occurred_at, received_at)
      values (1, gen_random_uuid(), 'shop', 'late', '{}', 1, 'EUR', '2026-12-08T09:00:00Z', '2026-12-08T09:01:00Z')`;
    await t.db.execute(late);
    expect(await takeLook(world.worker, { campaignId })).toEqual({ kind: "not_due" }); // an order waits to be settled
    const both = await Promise.all([takeDueLooks(world.worker), takeDueLooks(world.worker)]);
    const taken = [...both.flat(), ...(await takeDueLooks(world.worker))];
    expect(taken).toEqual([campaignId]);
    // Nobody took the second and the third in time: they are left out, and α waits for the last.
    const [, look, ...others] = await kept(campaignId);
    expect([look?.n, others]).toEqual([4, []]);
    const record = analysisRecord.parse(look?.record);
    expect(hashOf(record)).toBe(look?.recordHash);
    expect(record.headline.code).toBe("INCONCLUSIVE");
    const [logged] = await t.db.execute<{ data: string }>(
      sql`select data from audit_events where type = 'campaign.look_taken' and subject = ${campaignId}
        order by id desc limit 1`,
    );
    expect(JSON.parse(logged?.data ?? "{}")).toMatchObject({ recordHash: look?.recordHash, verdict: "INCONCLUSIVE" });
    const results = await getResults(world.people.boss, { campaignId });
    expect(results.campaign.status).toBe("concluded");
    expect(await openNotices()).toEqual([{ kind: "results_ready", id: campaignId }]);
    expect(results.state).toMatchObject({ kind: "analysed", recordHash: look?.recordHash });
  });

  test("stays as it was when more orders arrive", async () => {
    const { world, campaignId } = sent;
    const before = await getResults(world.people.lucia, { campaignId });
    await addPurchases(t, sent, [{ variant: "B", count: 9, micros: 1_000_000 }]);
    expect(await getResults(world.people.lucia, { campaignId })).toEqual(before);
  });
});

describe("the decision", () => {
  test("against the recommendation needs a reason; it is written once, by somebody who may", async () => {
    const { world, campaignId } = sent;
    const rollOut = { campaignId, decision: "roll_out" as const, variant: "B", reason: "" };
    expect(await refusalOf(recordDecision(world.people.noa, rollOut))).toMatchObject({ code: "forbidden" });
    expect(await refusalOf(recordDecision(world.people.lucia, rollOut))).toMatchObject({
      code: "invalid_input",
      field: "reason",
    });
    expect(
      await refusalOf(recordDecision(world.people.lucia, { ...rollOut, variant: "D", reason: "x" })),
    ).toMatchObject({
      code: "invalid_input",
      field: "variant",
    });
    const reason = "Marketing wants the new tone";
    expect(await recordDecision(world.people.lucia, { ...rollOut, reason })).toEqual({ isDeviation: true });
    expect(await openNotices()).toEqual([]);
    const again = recordDecision(world.people.lucia, { ...rollOut, reason });
    expect(await refusalOf(again)).toMatchObject({ code: "conflict" });
    const results = await getResults(world.people.lucia, { campaignId });
    expect(results.decision).toMatchObject({ variant: "B", byName: "Lucía Marín", recommended: "keep_control" });
    expect(results.mayDecide).toBe(false);
  });
});
