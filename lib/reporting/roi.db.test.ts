import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { refusalOf } from "@/lib/campaigns/testing/world";
import { newId } from "@/lib/foundation/ids";
import { analyse } from "@/lib/results/analyse";
import { recordDecision } from "@/lib/results/commands/record-decision";
import { arm, examplePlan, facts } from "@/lib/results/testing/facts";
import { type SentCampaign, sentCampaign } from "@/lib/sending/testing/sent-campaign";
import { getHome } from "./queries/get-home";
import { getRoi } from "./queries/get-roi";

const t = await testDatabase();
afterAll(() => t.close());

let sent: SentCampaign;
let measuredId: string;

const period = { from: new Date("2026-12-01T00:00:00Z"), to: new Date("2027-01-01T00:00:00Z") };
const bought = (people: number) => ({
  converted: people,
  revenueMicros: people * 40e6,
  revenueSquares: people * 1600,
});
const withHoldout = { ...examplePlan, holdoutBasisPoints: 1_000 };
const record = analyse(
  facts(
    [
      arm("A", 9_000, { ...bought(600), costMicros: 450e6 }),
      arm("B", 9_000, { ...bought(760), costMicros: 450e6 }),
      arm("holdout", 2_000, bought(80)),
    ],
    { plan: withHoldout },
  ),
);

/** A campaign of the past with this analysis. */
async function past(
  name: string,
  startedAt: string,
  analysis: typeof record | null,
  status = "concluded",
): Promise<string> {
  const id = newId();
  const at = new Date(startedAt);
  await t.db.execute(sql`
    insert into campaigns (id, brand_id, name, status, goal, created_at, updated_at, sending_started_at, concluded_at)
    values (${id}, ${sent.world.ids.brandId}, ${name}, ${status}, '{}'::jsonb, ${at}, ${at}, ${at}, ${at})`);
  if (analysis)
    await t.db.execute(sql`
      insert into looks (campaign_id, n, planned_at, taken_at, record, record_hash, verdict)
      values (${id}, 1, ${at}, ${at}, ${{ ...analysis, campaignId: id }}::jsonb, 'x', ${analysis.headline.code})`);
  return id;
}

beforeAll(async () => {
  sent = await sentCampaign(t, 20);
  measuredId = await past("Adelanto", "2026-12-02T09:00:00Z", record);
  const noHoldout = analyse(facts([arm("A", 9_000, { costMicros: 1_800e6 }), arm("B", 9_000)]));
  await past("Sin control", "2026-12-03T09:00:00Z", noHoldout);
  const broken = analyse(
    facts([arm("A", 9_000), arm("B", 8_000), arm("holdout", 2_000, bought(80))], { plan: withHoldout }),
  );
  await past("Rota", "2026-12-04T09:00:00Z", broken);
});

describe("return", () => {
  test("adds up what was measured and nothing else; the rest is shown as what it is", async () => {
    const roi = await getRoi(sent.world.people.boss, period);
    const { incremental } = record.money;
    expect(roi.totals.incremental?.estimate).toBeCloseTo(incremental?.estimate ?? 0, -1);
    expect(roi.totals.incremental?.lower).toBeCloseTo(incremental?.lower ?? 0, -3);
    expect(roi.totals).toMatchObject({ spendMicros: 2_700e6, measuredSpendMicros: 900e6, coversBreakEven: false });
    expect(roi.totals.measuredShare).toBeCloseTo(1 / 3, 9);
    expect(roi.campaigns.map(({ name, measure, verdict }) => [name, measure.kind, verdict])).toEqual([
      ["Sin control", "unmeasured", "EQUIVALENT"],
      ["Adelanto", "measured", "BETTER"],
      ["Adelanto de Navidad", "collecting", null],
      ["Rota", "unmeasured", "INVALID_SRM"],
    ]);
    expect(roi.campaigns[0]?.measure).toMatchObject({ reason: "noHoldout", attributedMicros: 0 });
    expect(roi.months.map(({ month }) => month)).toEqual(["2026-12"]);
    expect(roi).toMatchObject({
      currency: "EUR",
      isSandbox: true,
      previous: { spendMicros: 0, incrementalChange: null },
    });
  });

  test("of a period without a measured campaign is not measurable, not nothing", async () => {
    const empty = { from: new Date("2025-01-01T00:00:00Z"), to: new Date("2025-02-01T00:00:00Z") };
    const roi = await getRoi(sent.world.people.boss, empty);
    expect(roi.totals).toMatchObject({ incremental: null, perUnit: null, measuredShare: null, spendMicros: 0 });
    expect(roi.campaigns).toEqual([]);
  });

  test("is compared with the period before by the interval of the difference", async () => {
    await past("De noviembre", "2026-11-10T09:00:00Z", record);
    const roi = await getRoi(sent.world.people.boss, period);
    expect(roi.previous.spendMicros).toBe(900e6);
    const change = roi.previous.incrementalChange;
    expect(change?.estimate).toBeCloseTo(0, -1);
    const alone = (roi.totals.incremental?.upper ?? 0) - (roi.totals.incremental?.lower ?? 0);
    expect(((change?.upper ?? 0) - (change?.lower ?? 0)) / alone).toBeCloseTo(Math.SQRT2, 2);
  });
});

describe("home", () => {
  test("shows each person what only they can do next", async () => {
    const { lucia, noa, iria, boss } = sent.world.people;
    await past("Parada por Meta", "2026-12-05T09:00:00Z", null, "frozen");
    await past("Por firmar", "2026-12-05T09:00:00Z", null, "in_review");
    const kinds = async (person: typeof lucia) =>
      (await getHome(person)).items.map(({ kind, name }) => `${kind} ${name}`);
    expect(await kinds(lucia)).toEqual([
      "campaign_frozen Parada por Meta",
      "results_ready De noviembre",
      "results_ready Adelanto",
      "results_ready Sin control",
      "results_ready Rota",
    ]);
    expect(await kinds(noa)).toEqual(["campaign_frozen Parada por Meta", "approve_campaign Por firmar"]);
    expect(await kinds(iria)).toEqual(["campaign_frozen Parada por Meta"]);
    expect(await kinds(boss)).toEqual([]);
  });

  test("forgets what was decided, and knows what is on its way out", async () => {
    const { lucia, noa } = sent.world.people;
    await recordDecision(lucia, { campaignId: measuredId, decision: "roll_out", variant: "B", reason: "" });
    const home = await getHome(lucia);
    expect(home.items.map(({ id }) => id)).not.toContain(measuredId);
    expect(home.sending).toEqual([{ campaignId: sent.campaignId, name: "Adelanto de Navidad", share: 1 }]);
    expect(home.recent[0]).toMatchObject({ campaignName: "Adelanto de Navidad", type: "sending", actorName: null });
    const typed = home.recent.map(({ type, actorName }) => [type, actorName]);
    expect(typed).toContainEqual(["approved", "Noa Vidal"]);
    expect(await refusalOf(getRoi(noa, period))).toBe("no refusal");
  });
});
