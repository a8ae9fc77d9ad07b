import { describe, expect, it } from "vitest";
import { linkProblem } from "./links";
import { type PreflightFacts, preflight, type VariantFacts } from "./preflight";
import { blockers, type PreflightId } from "./preflight-row";
import type { ForecastWave } from "./waves";

const variant = (key: string, change: Partial<NonNullable<VariantFacts["template"]>> = {}): VariantFacts => ({
  key,
  template: {
    name: `enero_${key.toLowerCase()}`,
    status: "APPROVED",
    category: "MARKETING",
    nextCategory: null,
    quality: "GREEN",
    language: "es",
    hasOptOut: true,
    linkButtons: 1,
    unsupported: [],
    ...change,
  },
  linkUrl: "https://shop.example.test/enero",
  unmapped: [],
  endsEarly: false,
  foreseen: null,
  lacking: [{ place: "body.1", people: 214, hasFallback: true }],
});

const wave = (change: Partial<ForecastWave> = {}): ForecastWave => ({
  country: "ES",
  zone: "Europe/Madrid",
  at: new Date("2026-12-03T09:00:00Z"),
  moved: null,
  clockChange: null,
  isLegal: true,
  people: 12_450,
  day: 0,
  isAfterDeadline: false,
  ...change,
});

const facts = (change: Partial<PreflightFacts> = {}): PreflightFacts => ({
  isSandbox: true,
  purposeCategory: "MARKETING",
  metric: "conversion",
  reach: { matches: 18_000, withoutConsent: 3_000, suppressed: 1_167, reachable: 13_833 },
  variants: [variant("A"), variant("B")],
  weights: [
    { key: "A", weight: 5_000 },
    { key: "B", weight: 5_000 },
  ],
  holdoutBasisPoints: 1_000,
  baselinePoints: 5,
  wantedPoints: 1.5,
  method: "looks",
  windowHours: 168,
  cost: {
    currency: "EUR",
    listName: "octubre",
    isInvented: false,
    lowMicros: 596_000_000,
    highMicros: 634_000_000,
    unpriced: 0,
    capMicros: 700_000_000,
  },
  waves: [wave()],
  perDay: null,
  headroom: { limit: null, used: 0, waiting: 0 },
  signatures: { approvers: ["Noa Vidal"], isSolo: false, isApproved: false },
  ...change,
});

const find = (id: PreflightId, change: Partial<PreflightFacts>) => {
  const found = preflight(facts(change)).find((row) => row.id === id);
  return {
    status: found?.status,
    code: found?.code,
    details: found?.details.map(({ code }) => code),
    params: found?.params,
  };
};

describe("pre-flight", () => {
  it("lets a campaign through in which everything is as it should be", () => {
    const rows = preflight(facts());
    expect(blockers(rows)).toEqual([]);
    expect(rows.map(({ status }) => status)).toEqual(Array(12).fill("pass"));
  });

  it("blocks whatever could not be computed", () => {
    expect(blockers(preflight(facts({ reach: null, cost: null, variants: [] })))).toEqual([
      "consent",
      "suppressed",
      "optout_path",
      "template_status",
      "variables",
      "links",
      "cost",
    ]);
  });

  it("blocks when consent leaves nobody, and warns when a third of the people have said no", () => {
    const nobody = { matches: 10, withoutConsent: 10, suppressed: 0, reachable: 0 };
    expect(find("consent", { reach: nobody })).toMatchObject({ status: "block", code: "nobody_left" });
    const many = { matches: 100, withoutConsent: 0, suppressed: 31, reachable: 69 };
    expect(find("suppressed", { reach: many })).toMatchObject({ status: "warn" });
  });

  it("names every variant without a way out", () => {
    const found = find("optout_path", { variants: [variant("A"), variant("B", { hasOptOut: false })] });
    expect(found).toMatchObject({ status: "block", details: ["no_way_out"] });
  });

  it("blocks templates that are not approved or of another category, and warns about their quality", () => {
    expect(find("template_status", { variants: [variant("A", { status: "PAUSED" })] }).details).toEqual([
      "not_approved",
    ]);
    const other = { variants: [variant("A", { category: "UTILITY" })] };
    expect(find("template_status", other)).toMatchObject({ status: "block", details: ["other_category"] });
    const soon = find("template_status", { variants: [variant("A", { nextCategory: "UTILITY" }), variant("B")] });
    expect(soon).toMatchObject({ status: "block", details: ["category_changing"] });
    expect(find("template_status", { variants: [variant("A", { quality: "YELLOW" })] }).status).toBe("warn");
  });

  it("blocks a text that Meta would refuse for everybody, and says which part and why", () => {
    const foreseen = { code: "text_too_long", at: "header", params: { sent: 61, limit: 60 } } as const;
    const found = preflight(facts({ variants: [{ ...variant("A"), foreseen }] })).find(({ id }) => id === "variables");
    expect(found).toMatchObject({
      status: "block",
      details: [{ code: "would_be_refused", params: { problem: "text_too_long", part: "header", limit: 60 } }],
    });
  });

  it("blocks a template with an access code, whatever the purpose", () => {
    const found = find("template_status", {
      variants: [variant("A", { category: "AUTHENTICATION" })],
      purposeCategory: "AUTHENTICATION",
    });
    expect(found).toMatchObject({ status: "block", details: ["access_code"] });
  });

  it("blocks a missing value without fallback and counts the people whose fallback stands in", () => {
    const empty = { ...variant("A"), lacking: [{ place: "body.2", people: 3, hasFallback: false }] };
    expect(find("variables", { variants: [empty] })).toMatchObject({ status: "block", details: ["value_missing"] });
    expect(find("variables", {})).toMatchObject({ status: "pass", params: { fallbacks: 214 } });
    expect(find("variables", { variants: [{ ...variant("A"), unmapped: ["body.1"] }] }).details).toEqual([
      "not_mapped",
    ]);
    expect(find("variables", { variants: [variant("A", { unsupported: ["CAROUSEL"] })] }).status).toBe("block");
  });

  it("asks for a link where clicks decide", () => {
    const without = { metric: "click" as const, variants: [variant("A", { linkButtons: 0 })] };
    expect(find("links", without)).toMatchObject({ status: "block", details: ["no_tracked_link"] });
  });

  it("warns without a holdout and blocks when there is nothing to compare with", () => {
    expect(find("holdout", { holdoutBasisPoints: 0 })).toMatchObject({ status: "warn", code: "no_roi" });
    const alone = { holdoutBasisPoints: 0, variants: [variant("A")] };
    expect(find("holdout", alone)).toMatchObject({ status: "block", code: "nothing_to_compare" });
    expect(find("holdout", { metric: "click", variants: [variant("A")] }).code).toBe("metric_needs_message");
  });

  it("keeps the cap, and does not guess a price", () => {
    const cost = facts().cost;
    if (!cost) throw new Error("the facts have a cost");
    expect(find("cost", { cost: { ...cost, capMicros: 600_000_000 } }).status).toBe("block");
    expect(find("cost", { cost: { ...cost, listName: null } })).toMatchObject({ status: "unknown", code: "no_prices" });
    expect(find("cost", { cost: { ...cost, listName: null, capMicros: null } }).status).toBe("warn");
    expect(find("cost", { cost: { ...cost, unpriced: 5 } }).code).toBe("prices_incomplete");
  });

  it("only warns about power", () => {
    expect(find("power", { wantedPoints: 0.5 })).toMatchObject({ status: "warn", code: "weak" });
    expect(find("power", { baselinePoints: null })).toMatchObject({ status: "warn", code: "baseline_missing" });
    const few = { reach: { matches: 4, withoutConsent: 0, suppressed: 0, reachable: 4 } };
    expect(find("power", few)).toMatchObject({ status: "warn", code: "too_few" });
  });

  it("needs somebody else who may sign, or solo mode", () => {
    const nobody = { approvers: [], isSolo: false, isApproved: false };
    expect(find("second_person", { signatures: nobody }).status).toBe("block");
    expect(find("second_person", { signatures: { ...nobody, isSolo: true } }).status).toBe("warn");
  });
});

describe("landing pages", () => {
  const check = (link: string | null, isSandbox = false) => linkProblem(link, { isSandbox });

  it.each([
    [null, "link_missing"],
    ["nowhere", "link_malformed"],
    ["http://shop.example.test/", "link_not_https"],
    ["ftp://shop.example.test/", "link_not_https"],
    ["https://me:secret@shop.example.test/", "link_credentials"],
    ["https://bit.ly/3abc", "link_shortener"],
    ["https://shop.example.test/?email=a", "link_personal_data"],
    ["https://shop.example.test/?x=ana%40example.test", "link_personal_data"],
    ["https://shop.example.test/?x=%2B34600000412", "link_personal_data"],
    ["https://shop.example.test/{{1}}", "link_placeholder"],
    ["https://shop.example.test/enero?utm_source=wa&id=412", undefined],
  ])("%s: %s", (link, expected) => expect(check(link)).toBe(expected));

  it("may be on this machine in the sandbox only", () => {
    expect(check("http://127.0.0.1:3002/shop", true)).toBeUndefined();
    expect(check("http://127.0.0.1:3002/shop")).toBe("link_not_https");
  });
});

describe("timing", () => {
  it("blocks when somebody can never be written to, without rules, and when the deadline comes before everybody", () => {
    const never = wave({ isLegal: false, people: 7 });
    expect(find("quiet_hours", { waves: [wave(), never] })).toMatchObject({ status: "block", params: { people: 7 } });
    expect(find("quiet_hours", { waves: "no_rules" })).toMatchObject({ status: "block", code: "no_rules" });
    const late = wave({ isAfterDeadline: true });
    expect(find("quiet_hours", { waves: [late] })).toMatchObject({ status: "block", code: "after_deadline" });
    expect(find("quiet_hours", { waves: [wave(), late] })).toMatchObject({
      status: "warn",
      code: "some_after_deadline",
    });
    expect(find("quiet_hours", { waves: null }).status).toBe("unknown");
  });

  it("says whom quiet hours move and whose time has passed", () => {
    const moved = wave({ moved: "quiet_hours", people: 30 });
    expect(find("quiet_hours", { waves: [wave(), moved] })).toMatchObject({ code: "moved", params: { people: 30 } });
    const passed = wave({ moved: "passed", people: 4 });
    expect(find("quiet_hours", { waves: [moved, passed] })).toMatchObject({ code: "passed", params: { people: 4 } });
    expect(find("quiet_hours", {})).toMatchObject({ status: "pass", code: "fine" });
  });

  it("blocks what a portfolio cannot reach in a day, unless it is spread over days", () => {
    const headroom = { limit: 10_000, used: 0, waiting: 0 };
    const over = find("limit_headroom", { headroom });
    expect(over).toMatchObject({ status: "block", code: "over_limit", params: { demand: 12_450, days: 2 } });
    expect(find("limit_headroom", { headroom, perDay: 8_000 })).toMatchObject({ status: "pass", code: "within" });
    const shared = { ...headroom, waiting: 3_000 };
    expect(find("limit_headroom", { headroom: shared, perDay: 8_000 })).toMatchObject({
      status: "warn",
      code: "shared",
    });
    expect(find("limit_headroom", {})).toMatchObject({ status: "pass", code: "unlimited" });
  });
});
