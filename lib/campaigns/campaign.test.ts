import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planHash } from "@/lib/experiments/plan-hash";
import { campaignCan, campaignStatuses, emptyGoal, mayAdvance, startsFrom } from "./campaign";
import { type Draft, planOf, stepProblems } from "./completeness";
import { type CampaignContent, contentHash } from "./content-hash";
import { plainSchedule } from "./schedule";

const now = new Date("2026-12-01T09:00:00Z");
const id = "01890000-0000-7000-8000-000000000001";

const draft = (change: Partial<Draft> = {}): Draft => ({
  goal: { ...emptyGoal, minimumEffectPoints: 1 },
  segmentId: id,
  purposeId: id,
  numberId: id,
  holdoutBasisPoints: 1_000,
  startsAt: null,
  deadlineAt: null,
  schedule: plainSchedule,
  variants: [
    { key: "A", templateId: id, weight: 5_000, parameters: {}, linkUrl: null },
    { key: "B", templateId: id, weight: 5_000, parameters: {}, linkUrl: null },
  ],
  ...change,
});

describe("states", () => {
  it("let nobody edit what has been launched", () => {
    const editable = campaignStatuses.filter((status) => campaignCan.edit({ status }));
    expect(editable).toEqual(["draft", "in_review", "approved"]);
  });

  it("lead to a launch only through an approval", () => {
    expect(startsFrom.launch).toEqual(["approved"]);
    expect(startsFrom.approve).toEqual(["in_review"]);
  });

  it("never advance backwards or out of an end", () => {
    expect(mayAdvance("scheduled", "sending")).toBe(true);
    expect(mayAdvance("measuring", "concluded")).toBe(true);
    expect(mayAdvance("sending", "scheduled")).toBe(false);
    for (const end of ["concluded", "stopped", "archived"] as const)
      for (const to of campaignStatuses) expect(mayAdvance(end, to)).toBe(false);
  });
});

describe("the builder's steps", () => {
  const codes = (change: Partial<Draft>) => stepProblems(draft(change), now).map(({ code }) => code);

  it("are done when everything is chosen", () => expect(codes({})).toEqual([]));

  it("say what is missing", () => {
    expect(codes({ goal: { ...emptyGoal, metric: null, windowHours: null } })).toEqual([
      "metric_missing",
      "window_missing",
    ]);
    expect(codes({ goal: emptyGoal })).toEqual(["minimum_effect_missing"]);
    expect(codes({ segmentId: null, purposeId: null, numberId: null })).toEqual([
      "segment_missing",
      "purpose_missing",
      "number_missing",
    ]);
  });

  it("refuse a split of 99 %", () => {
    const [a, b] = draft().variants;
    if (!a || !b) throw new Error("two variants");
    expect(codes({ variants: [a, { ...b, weight: 4_900 }] })).toEqual(["weights_not_100"]);
  });

  it("refuse a past start", () => expect(codes({ startsAt: new Date(now.getTime() - 1) })).toEqual(["starts_in_past"]));

  it("refuse a local time that has passed everywhere, and a deadline before it comes anywhere", () => {
    const local = (date: string, time: string) => ({
      schedule: { ...plainSchedule, timing: { kind: "local" as const, date, time } },
    });
    const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000).toISOString();
    expect(codes(local(ago(11).slice(0, 10), ago(11).slice(11, 16)))).toEqual([]);
    expect(codes(local(ago(13).slice(0, 10), ago(13).slice(11, 16)))).toEqual(["local_in_past"]);
    const soon = new Date(now.getTime() + 3_600_000);
    const late = local(ago(-20).slice(0, 10), ago(-20).slice(11, 16));
    expect(codes({ ...late, deadlineAt: soon })).toEqual(["deadline_before_start"]);
  });

  it("give a plan exactly when they are done", () => {
    expect(planOf(draft())?.arms).toHaveLength(2);
    expect(planOf(draft({ goal: emptyGoal }))).toBeUndefined();
    const [a] = draft().variants;
    if (!a) throw new Error("a variant");
    const alone = { ...a, weight: 10_000 };
    expect(planOf(draft({ variants: [alone], holdoutBasisPoints: 0 }))).toBeUndefined();
    expect(planOf(draft({ variants: [alone], goal: { ...draft().goal, metric: "click" } }))).toBeUndefined();
  });
});

describe("hashes", () => {
  const content = (change: Partial<CampaignContent> = {}): CampaignContent => ({
    name: "Rebajas",
    brandId: id,
    numberId: id,
    purposeId: id,
    audience: { segmentId: id, rule: { all: [{ attribute: "city", is: "Madrid" }] } },
    goal: draft().goal,
    holdoutBasisPoints: 1_000,
    schedule: { ...plainSchedule, startsAt: now, deadlineAt: null },
    variants: draft().variants.map((variant) => ({
      ...variant,
      componentsSha256: "aa",
      category: "MARKETING",
      language: "es",
    })),
    ...change,
  });

  it("change with everything an approval is about", () => {
    const before = contentHash(content());
    const [a, b] = content().variants;
    if (!a || !b) throw new Error("two variants");
    const at = { startsAt: now, deadlineAt: null };
    const changes: Partial<CampaignContent>[] = [
      { name: "Rebajas 2" },
      { numberId: null },
      { purposeId: null },
      { audience: { segmentId: id, rule: { all: [] } } },
      { goal: { ...draft().goal, spendCapMicros: 1 } },
      { holdoutBasisPoints: 500 },
      { schedule: { ...plainSchedule, startsAt: null, deadlineAt: null } },
      { schedule: { ...plainSchedule, timing: { kind: "local", date: "2026-12-03", time: "10:00" }, ...at } },
      { schedule: { ...plainSchedule, hours: { weekdays: [1, 2], from: "09:00", to: "20:00" }, ...at } },
      { schedule: { ...plainSchedule, perDay: 2_000, ...at } },
      { schedule: { ...plainSchedule, lateMinutes: 30, ...at } },
      { variants: [a, { ...b, componentsSha256: "bb" }] },
      { variants: [a, { ...b, linkUrl: "https://x.example.test" }] },
      { variants: [a, { ...b, parameters: { "body.1": { source: "name", fallback: null } } }] },
      {
        variants: [
          { ...a, weight: 6_000 },
          { ...b, weight: 4_000 },
        ],
      },
      { variants: [a, { ...b, category: "UTILITY" }] },
    ];
    const hashes = changes.map((change) => contentHash(content(change)));
    expect(new Set([before, ...hashes]).size).toBe(changes.length + 1);
  });

  it("do not depend on the order in which things were written down", () => {
    const { variants, ...rest } = content();
    const shuffled = { variants: [...variants].reverse(), ...rest };
    expect(contentHash(shuffled)).toBe(contentHash(content()));
  });

  it("of two plans are equal only for equal plans", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 5_000 }), (one, other) => {
        const hashOf = (holdoutBasisPoints: number) => {
          const plan = planOf(draft({ holdoutBasisPoints }));
          return plan && planHash(plan);
        };
        expect(hashOf(one) === hashOf(other)).toBe(one === other);
      }),
    );
  });
});
