import { describe, expect, test } from "vitest";
import { createFormats } from "@/lib/i18n/formats";
import { translator } from "@/lib/i18n/translator";
import { changeText } from "./changes";

const words = {
  names: { "seg-1": "Recurrentes" },
  t: translator("es", "campaigns"),
  formats: createFormats({ locale: "es", region: "es-ES", timeZone: "Europe/Madrid", currency: "EUR" }),
};

describe("a change in words", () => {
  test("ids become names, shares percentages, moments times of the organisation", () => {
    expect(changeText({ field: "segmentId", from: null, to: "seg-1" }, words)).toMatchObject({
      label: "Segmento",
      from: "nada",
      to: "Recurrentes",
    });
    expect(changeText({ field: "variants.B.weight", from: 5_000, to: 3_333 }, words)).toMatchObject({
      label: "Reparto de B",
      to: "33,3\u00a0%",
    });
    expect(changeText({ field: "startsAt", from: null, to: "2026-12-01T09:00:00.000Z" }, words).to).toBe(
      "1 dic 2026, 10:00 CET",
    );
  });

  test("a placeholder says whose value stands in it and what stands there instead", () => {
    const to = { source: "name", fallback: "Hola" };
    expect(changeText({ field: "variants.A.parameters.body.1", from: null, to }, words)).toMatchObject({
      label: "{{1}} del cuerpo de A",
      to: "nombre de la persona; si falta, «Hola»",
    });
  });
});
