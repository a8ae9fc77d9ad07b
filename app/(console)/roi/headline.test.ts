import { describe, expect, test } from "vitest";
import { bannedPhrase } from "@/lib/i18n/banned-phrases";
import { createFormats } from "@/lib/i18n/formats";
import { LOCALES } from "@/lib/i18n/locales";
import { translator } from "@/lib/i18n/translator";
import type { RoiCampaign, RoiView } from "@/lib/reporting/queries/get-roi";
import { headline } from "./headline";
import { choosePeriod } from "./period";

const now = new Date("2026-12-10T10:20:00Z");
const period = choosePeriod({}, now, "Europe/Madrid");
const SPEND = 18_200_000_000;

const campaign: RoiCampaign = {
  campaignId: "0198c0de-0000-7000-8000-000000000001",
  name: "Adelanto",
  status: "concluded",
  startedAt: now,
  spendMicros: SPEND,
  unpriced: 0,
  measure: { kind: "collecting" },
  verdict: null,
  decision: null,
};

/** Incremental money in thousands of euros. */
function view(span: [number, number, number] | null, measure: RoiCampaign["measure"] = campaign.measure): RoiView {
  const [lower, estimate, upper] = span ?? [0, 0, 0];
  const micros = { lower: lower * 1e9, estimate: estimate * 1e9, upper: upper * 1e9 };
  const perUnit = { lower: micros.lower / SPEND, estimate: micros.estimate / SPEND, upper: micros.upper / SPEND };
  return {
    period,
    currency: "EUR",
    timeZone: "Europe/Madrid",
    isSandbox: true,
    totals: {
      spendMicros: SPEND,
      unpriced: 0,
      measuredShare: span ? 1 : 0,
      measuredSpendMicros: span ? SPEND : 0,
      incremental: span && micros,
      perUnit: span && perUnit,
      coversBreakEven: span !== null && perUnit.lower <= 1 && perUnit.upper >= 1,
    },
    previous: { spendMicros: 0, incrementalChange: null },
    months: [],
    campaigns: [{ ...campaign, measure }],
    optOuts: { people: 0, optedOut: 0 },
    at: now,
  };
}

function say(of: RoiView, locale: "es" | "en" = "es"): string {
  const region = locale === "es" ? "es-ES" : "en-GB";
  const formats = createFormats({ locale, region, timeZone: "Europe/Madrid", currency: "EUR" });
  return headline(of, period, { t: translator(locale, "roi"), formats }).replaceAll("\u00a0", " ");
}

describe("the sentence about the return", () => {
  test("says what came in beyond chance, with its interval and what each euro brought", () => {
    expect(say(view([41, 64.5, 88]))).toBe(
      "Este trimestre WhatsApp aportó entre 41.000 € y 88.000 € que no habríamos ingresado (mejor estimación 64.500 €), con un gasto de 18.200 €: entre 2,3 y 4,8 por cada 1 € gastado.",
    );
  });

  test("does not say that it pays where the interval holds the break-even", () => {
    expect(say(view([4, 30, 56]))).toContain("todavía no podemos afirmar que se pague solo");
    expect(say(view([-12, 2, 16]))).toContain("costó más de lo que aportó: entre −12.000 € y 16.000 €");
  });

  test("without a holdout there is no figure, and no zero that looks like one", () => {
    const unmeasured = say(view(null, { kind: "unmeasured", reason: "noHoldout", attributedMicros: 9e9 }));
    expect(unmeasured).toContain("no se puede saber qué aportó");
    expect(unmeasured).not.toContain("9.000");
  });

  test("before the analysis nobody sees money", () => {
    expect(say(view(null))).toContain("antes del análisis no hay ninguna cifra de ingresos");
  });

  test("a period without campaigns says so", () => {
    expect(say({ ...view(null), campaigns: [] })).toBe("Este trimestre no ha salido ninguna campaña.");
  });

  test.each(LOCALES)("in %s nothing promises more than the data hold", (locale) => {
    for (const of of [view([41, 64.5, 88]), view([4, 30, 56]), view([-12, 2, 16]), view(null)])
      expect(bannedPhrase(locale, "roi", say(of, locale))).toBeUndefined();
  });
});
