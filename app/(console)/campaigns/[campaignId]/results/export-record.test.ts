import { describe, expect, test } from "vitest";
import { bannedPhrase } from "@/lib/i18n/banned-phrases";
import { createFormats } from "@/lib/i18n/formats";
import { LOCALES } from "@/lib/i18n/locales";
import { translator } from "@/lib/i18n/translator";
import { analyse } from "@/lib/results/analyse";
import type { ResultsView } from "@/lib/results/queries/get-results";
import { arm, examplePlan, facts } from "@/lib/results/testing/facts";
import { type Analysed, exportCsv, exportJson, isUnreliable, summaryText } from "./export-record";
import { sentenceText } from "./wording";

const spanish = {
  t: translator("es", "results"),
  verdicts: translator("es", "verdicts"),
  formats: createFormats({ locale: "es", region: "es-ES", timeZone: "Europe/Madrid", currency: "EUR" }),
};

function analysed(arms = [arm("A", 10_000, { converted: 500 }), arm("B", 10_000, { converted: 720 })]): Analysed {
  const record = analyse(facts(arms));
  const at = new Date(record.takenAt);
  const view: ResultsView = {
    campaign: {
      id: record.campaignId,
      name: '=HYPERLINK("http://evil.example")',
      status: "concluded",
      frozenReason: null,
      sendingStartedAt: at,
      sendingEndedAt: at,
      measuringUntil: at,
      concludedAt: at,
    },
    isSandbox: true,
    currency: "EUR",
    plan: { plan: examplePlan, hash: record.planHash, frozenAt: at },
    health: { arms: record.arms, srm: record.srm, delivery: record.delivery },
    state: { kind: "analysed", record, recordHash: "a".repeat(64), takenAt: at },
    decision: null,
    mayDecide: false,
  };
  return { view, record, recordHash: "a".repeat(64) };
}

describe("what leaves the results page", () => {
  test("the spreadsheet says the sentence and the interval to the digit that the page shows", () => {
    const of = analysed();
    const csv = exportCsv(of, spanish);
    expect(csv).toContain(sentenceText(of.record, spanish));
    const [, lower, upper, estimate] = /entre (\S+) y (\S+) puntos más \(mejor estimación (.+?)\)/.exec(csv) ?? [];
    expect(csv).toContain(`"${estimate}\u00a0pp [${lower};\u00a0${upper}]"`);
    const plain = csv.split("\r\n").find((line) => line.startsWith('"Compra"') && line.includes("B frente a A"));
    expect(plain).toContain(`;${of.record.comparisons[0]?.difference?.estimate};`);
  });

  test("a campaign's name that a spreadsheet would run is disarmed, and the separator is the region's", () => {
    const csv = exportCsv(analysed(), spanish);
    expect(csv.startsWith("\uFEFF")).toBe(true);
    expect(csv).toContain(`"Campaña";"'=HYPERLINK(""http://evil.example"")"`);
    const english = { ...spanish, formats: createFormats({ ...spanish.formats.settings, region: "en-GB" }) };
    expect(exportCsv(analysed(), english)).toContain(`"Campaña","'=`);
  });

  test("every export says that it comes from a sandbox and which record it is", () => {
    const of = analysed();
    for (const text of [exportCsv(of, spanish), summaryText(of, spanish)]) {
      expect(text).toContain("SANDBOX");
      expect(text).toContain(of.recordHash);
    }
    expect(JSON.parse(exportJson(of))).toMatchObject({ sandbox: true, recordHash: of.recordHash, unreliable: false });
  });

  test("figures of a split that was not followed are marked wherever they go", () => {
    const of = analysed([arm("A", 10_000), arm("B", 10_600)]);
    expect(isUnreliable(of.record)).toBe(true);
    expect(exportCsv(of, spanish)).toContain("NO FIABLE");
    expect(summaryText(of, spanish)).toContain("NO FIABLE");
    expect(JSON.parse(exportJson(of))).toMatchObject({ unreliable: true });
  });

  test.each(LOCALES)("in %s nothing promises more than the data hold", (locale) => {
    const words = {
      t: translator(locale, "results"),
      verdicts: translator(locale, "verdicts"),
      formats: createFormats({ ...spanish.formats.settings, locale }),
    };
    for (const converted of [300, 500, 512, 580, 720]) {
      const of = analysed([arm("A", 10_000, { converted: 500 }), arm("B", 10_000, { converted })]);
      for (const text of [exportCsv(of, words), summaryText(of, words)])
        expect(bannedPhrase(locale, "results", text)).toBeUndefined();
    }
  });
});
