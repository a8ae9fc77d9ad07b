import { expect, test } from "vitest";
import { createFormats } from "@/lib/i18n/formats";
import { translator } from "@/lib/i18n/translator";
import { factsText } from "./facts-text";

const formats = createFormats({ locale: "es", region: "es-ES", timeZone: "Europe/Madrid", currency: "EUR" });
const words = { o: translator("es", "officer"), formats };
const [campaign, other] = ["01a21e4c-f870-7189-892b-b1bd624cd75c", "01a21e4c-f870-7189-892b-b1bd624cd75d"];
const names = new Map([[campaign, "Rebajas"]]);

test("facts are said in words: names for ids, yes and no, times as they are read; what has no name is cut short", () => {
  const data = { campaignId: campaign, isSolo: false, rows: 12_345, odd: "as it is", messageId: other, nothing: null };
  expect(factsText({ data, subject: campaign }, names, words)).toBe(
    "Rebajas · envío: Rebajas · en solitario: no · filas: 12.345 · odd: as it is · mensaje: 01a21e4c…",
  );
  expect(factsText({ data: { expiresAt: "2026-12-01T09:05:00.000Z" }, subject: null }, names, words)).toMatch(
    /^hasta: .*10:05/,
  );
});
