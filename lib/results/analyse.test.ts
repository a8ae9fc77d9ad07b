import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFormats } from "@/lib/i18n/formats";
import { LOCALES } from "@/lib/i18n/locales";
import { translator } from "@/lib/i18n/translator";
import { canonicalize } from "@/lib/ledger/jcs";
import { type AnalysisFacts, analyse, checkRatio } from "./analyse";
import { analysisRecord, campaignVerdicts, type VerdictCode, variantVerdicts } from "./analysis";
import { guardrailStatus } from "./guardrails";
import { collectingSentence, deliverySentence, sentences } from "./sentence";
import { arm, examplePlan, facts } from "./testing/facts";
import { variantVerdict } from "./verdict";

const N = 10_000;
const three = { ...examplePlan, arms: ["A", "B", "C"].map((key) => ({ key, weight: 1 })) };
const alone = { ...examplePlan, arms: [{ key: "A", weight: 1 }], holdoutBasisPoints: 5_000 };

/** One campaign for every verdict: B (or A alone) with so many converted people. */
const examples: Record<VerdictCode, AnalysisFacts> = {
  INVALID_SRM: facts([arm("A", N), arm("B", N + 600)]),
  FROZEN: facts([arm("A", N), arm("B", N)], { isFrozen: true }),
  DATA_MISSING: facts([arm("A", N), arm("B", N)], {
    missingFeed: { feed: "conversions", since: "2026-12-02T10:00:00.000Z" },
  }),
  COLLECTING: facts([arm("A", N), arm("B", N)], { takenAt: new Date("2026-12-07T00:00:00.000Z") }),
  GUARDRAIL_BREACH: facts([
    arm("A", N, { converted: 500, optedOut: 50 }),
    arm("B", N, { converted: 700, optedOut: 150 }),
  ]),
  SEVERAL_BETTER: facts(
    [arm("A", N, { converted: 500 }), arm("B", N, { converted: 700 }), arm("C", N, { converted: 710 })],
    { plan: three },
  ),
  BETTER: facts([arm("A", N, { converted: 500 }), arm("B", N, { converted: 720 })]),
  BETTER_UNKNOWN_SIZE: facts([arm("A", N, { converted: 500 }), arm("B", N, { converted: 600 })]),
  BETTER_BUT_SMALL: facts([arm("A", 1e6, { converted: 50_000 }), arm("B", 1e6, { converted: 53_000 })]),
  WORSE: facts([arm("A", N, { converted: 700 }), arm("B", N, { converted: 500 })]),
  EQUIVALENT: facts([arm("A", 2e5, { converted: 10_000 }), arm("B", 2e5, { converted: 10_020 })]),
  GUARDRAIL_BREACH_NO_GAIN: facts([
    arm("A", N, { converted: 500, optedOut: 50 }),
    arm("B", N, { converted: 560, optedOut: 150 }),
  ]),
  INCONCLUSIVE: facts([arm("A", 2_000, { converted: 100 }), arm("B", 2_000, { converted: 112 })]),
};
const codes = [...campaignVerdicts, ...variantVerdicts];

describe("the verdict", () => {
  test.each(codes)("%s is reached by counts, stands in the headline and has a closed record", (code) => {
    const record = analyse(examples[code]);
    expect(record.headline.code).toBe(code);
    expect(analysisRecord.parse(JSON.parse(canonicalize(record)))).toEqual(record);
  });

  test.each(codes)("%s has its sentence in both languages, without a hole and without a banned word", (code) => {
    for (const locale of LOCALES) {
      const region = locale === "es" ? "es-ES" : "en-GB";
      const formats = createFormats({ locale, region, timeZone: "Europe/Madrid", currency: "EUR" });
      const t = translator(locale, "verdicts");
      for (const { key, params } of sentences(analyse(examples[code]), formats)) {
        const text = t(key, params);
        expect(text).not.toMatch(/[{}]|NaN|undefined|Infinity/);
        expect(text).not.toMatch(/ganador|winner|significativ|significant|tendencia|no hay efecto|p <|probabilidad/i);
      }
    }
  });

  test("reads in Spanish as the specification says it", () => {
    const formats = createFormats({ locale: "es", region: "es-ES", timeZone: "Europe/Madrid", currency: "EUR" });
    const t = translator("es", "verdicts");
    const say = (code: VerdictCode) =>
      sentences(analyse(examples[code]), formats).map(({ key, params }) => t(key, params).replaceAll("\u00a0", " "));
    expect(say("BETTER")).toEqual(["B consigue más compras que A: entre 1,5 y 2,9 puntos más (mejor estimación 2,2)."]);
    expect(say("WORSE")).toEqual(["B consigue menos compras que A: entre 1,3 y 2,7 puntos menos."]);
    expect(say("SEVERAL_BETTER")).toEqual(["B y C superan a A; entre ellas no hay diferencia clara."]);
    expect(say("INVALID_SRM")[0]).toContain("planeado 50/50, real 49/51.");
    expect(say("INCONCLUSIVE")[0]).toMatch(/^Con este tamaño solo se ven efectos de .+ puntos o más\.$/);
  });

  test("one variant and a holdout are compared with each other", () => {
    const record = analyse(
      facts([arm("A", N, { converted: 720 }), arm("holdout", N, { converted: 500 })], { plan: alone }),
    );
    expect(record.control).toBe("holdout");
    expect(record.headline).toEqual({ code: "BETTER", variant: "A" });
    expect(record.recommendation).toEqual({ action: "roll_out", variants: ["A"] });
  });

  test("a variant that beats the others as well is recommended alone", () => {
    const arms = [arm("A", N, { converted: 500 }), arm("B", N, { converted: 700 }), arm("C", N, { converted: 1_000 })];
    const record = analyse(facts(arms, { plan: three }));
    expect(record.headline.variant).toBe("C");
    expect(record.recommendation).toEqual({ action: "roll_out", variants: ["C"] });
    expect(record.comparisons.map(({ verdict }) => verdict)).toEqual(["BETTER", "BETTER"]);
  });

  test("revenue is judged per assigned person, by money", () => {
    const plan = {
      ...examplePlan,
      metric: "revenue" as const,
      minimumEffect: { unit: "micros" as const, value: 100_000 },
    };
    const orders = (count: number) => Array.from({ length: count }, (_, i) => 20 + (i % 17));
    const revenue = new Map([
      ["A", orders(500)],
      ["B", orders(800)],
    ]);
    const record = analyse(
      facts([arm("A", N, { converted: 500 }), arm("B", N, { converted: 800 })], { plan, revenue }),
    );
    expect(record.unit).toBe("micros");
    expect(record.headline.code).toBe("BETTER");
    expect(record.comparisons[0]?.difference?.estimate).toBeGreaterThan(500_000);
    expect(record.comparisons[0]?.test).toBe("permutation");
  });

  test("with no outcome at all it says so instead of guessing", () => {
    const formats = createFormats({ locale: "en", region: "en-GB", timeZone: "Europe/Madrid", currency: "EUR" });
    const plan = { ...examplePlan, metric: "revenue" as const, minimumEffect: { unit: "micros" as const, value: 1 } };
    const record = analyse(facts([arm("A", N), arm("B", N)], { plan }));
    expect(record.comparisons[0]).toMatchObject({ difference: null, reason: "noRevenue", verdict: "INCONCLUSIVE" });
    expect(sentences(record, formats)[0]?.key).toBe("sentence.INCOMPUTABLE");
  });

  test("is one of the codes for every interval, and better exactly when the whole interval is above 0", () => {
    const ends = fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
    const mde = fc.double({ min: 1e-6, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(ends, mde, fc.boolean(), ([lower, width], minimum, isBreached) => {
        const upper = lower + width;
        const verdict = variantVerdict({ lower, upper, mde: minimum, isBreached });
        expect(verdict.startsWith("BETTER") || verdict === "GUARDRAIL_BREACH").toBe(lower > 0);
        if (verdict === "WORSE") expect(upper).toBeLessThan(0);
        if (verdict === "EQUIVALENT") expect(Math.max(-lower, upper)).toBeLessThan(minimum);
        if (isBreached) expect(verdict).not.toMatch(/^BETTER/);
      }),
    );
  });
});

describe("trust", () => {
  test("the split of the plan, holdout included, raises no alarm; a lost hundred in ten thousand does", () => {
    const plan = { arms: examplePlan.arms, holdoutBasisPoints: 1_000 };
    const parts = (a: number, b: number, h: number) => checkRatio(plan, [arm("A", a), arm("B", b), arm("holdout", h)]);
    expect(parts(9_000, 9_000, 2_000)?.alarm).toBe(false);
    expect(parts(9_000, 8_700, 2_000)?.alarm).toBe(false);
    expect(parts(9_000, 8_400, 2_000)?.alarm).toBe(true);
    expect(parts(9_000, 9_000, 1_500)?.alarm).toBe(true);
  });

  test("delivery to different people marks the per-delivered figures and leaves the verdict", () => {
    const record = analyse(
      facts([
        arm("A", N, { converted: 500, delivered: 9_500 }),
        arm("B", N, { converted: 720, delivered: 8_000, failed: 300, failuresByCode: { 131049: 300 } }),
      ]),
    );
    const formats = createFormats({ locale: "es", region: "es-ES", timeZone: "Europe/Madrid", currency: "EUR" });
    const { key, params } = deliverySentence(record, formats);
    expect(record.delivery).toMatchObject({ isBiased: true, biasedCodes: ["131049"] });
    expect(record.headline.code).toBe("BETTER");
    expect(translator("es", "verdicts")(key, params)).toContain("A y B");
  });

  test("a limit is judged on the interval's bad end, and breached only by harm that chance does not explain", () => {
    expect(guardrailStatus({ estimate: 0.0009, lower: -0.0016, upper: 0.0034, limit: 0.005 })).toBe("inside");
    expect(guardrailStatus({ estimate: 0.0027, lower: 0.0001, upper: 0.0054, limit: 0.005 })).toBe("watch");
    expect(guardrailStatus({ estimate: 0.006, lower: -0.001, upper: 0.013, limit: 0.005 })).toBe("watch");
    expect(guardrailStatus({ estimate: 0.006, lower: 0.002, upper: 0.01, limit: 0.005 })).toBe("breached");
  });
});

describe("money", () => {
  test("is measured against the holdout, with its interval, in micros", () => {
    const sums = (people: number, euros: number) => ({
      converted: people,
      revenueMicros: people * euros * 1e6,
      revenueSquares: people * euros ** 2,
    });
    const record = analyse(
      facts(
        [
          arm("A", 9_000, { ...sums(600, 40), costMicros: 450e6 }),
          arm("B", 9_000, { ...sums(700, 40), costMicros: 450e6 }),
          arm("holdout", 2_000, sums(80, 40)),
        ],
        { plan: { ...examplePlan, holdoutBasisPoints: 1_000 } },
      ),
    );
    const { money } = record;
    // 1 300 · 40 € of 18 000 people against 80 · 40 € of 2 000: 18 000 · (2.8889 − 1.6) = 23 200 €
    expect(money.incremental?.estimate).toBeCloseTo(23_200e6, -3);
    expect(money.incremental?.lower).toBeLessThan(money.incremental?.estimate ?? 0);
    expect(money.roi?.estimate).toBeCloseTo((23_200 - 900) / 900, 6);
    expect(money.arms.map(({ key, incremental }) => [key, incremental !== null])).toEqual([
      ["A", true],
      ["B", true],
      ["holdout", false],
    ]);
  });

  test("without a holdout it is not measurable, and an unknown price is no return instead of a wrong one", () => {
    const bought = { converted: 500, revenueMicros: 2e10, revenueSquares: 8e5, costMicros: 1e8 };
    expect(analyse(facts([arm("A", N, bought), arm("B", N, bought)])).money).toMatchObject({
      incremental: null,
      roi: null,
      reason: "noHoldout",
    });
    const record = analyse(
      facts([arm("A", N, { ...bought, unpriced: 3 }), arm("holdout", N, { ...bought, costMicros: 0 })], {
        plan: alone,
      }),
    );
    expect(record.money).toMatchObject({ roi: null, reason: "unpriced" });
    expect(record.money.incremental).not.toBeNull();
  });
});

test("while collecting, the sentence names the date of the analysis, or why there is none yet", () => {
  const formats = createFormats({ locale: "es", region: "es-ES", timeZone: "Europe/Madrid", currency: "EUR" });
  const t = translator("es", "verdicts");
  const say = (analysisAt: Date | null) => {
    const { key, params } = collectingSentence({ code: "COLLECTING", analysisAt }, formats);
    return t(key, params);
  };
  expect(say(new Date("2026-12-08T10:00:00Z"))).toContain("8 dic 2026");
  expect(say(null)).toContain("al terminar el envío");
});

test("a frozen comparison names the day and the template that Meta stopped", () => {
  const formats = createFormats({ locale: "es", region: "es-ES", timeZone: "Europe/Madrid", currency: "EUR" });
  const frozen = { frozenAt: new Date("2026-12-03T10:00:00Z"), frozenVariants: ["B"] };
  const { key, params } = collectingSentence({ code: "FROZEN", analysisAt: null, ...frozen }, formats);
  expect(translator("es", "verdicts")(key, params)).toBe(
    "Comparación congelada el 3 dic 2026: Meta retuvo o pausó la plantilla de B. Desde entonces no es comparable.",
  );
});
