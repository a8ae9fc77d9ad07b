import { describe, expect, test } from "vitest";
import type { CampaignVariant } from "@/lib/campaigns/campaign";
import { createFormats } from "@/lib/i18n/formats";
import { changedParts, draftOf, emptyRule, variantOf } from "./variant-draft";

const formats = createFormats({ locale: "es", region: "es-ES", timeZone: "Europe/Madrid", currency: "EUR" });
const needs = { places: ["header.1", "body.1", "body.2"], linkButtons: [0], unsupported: [] };
const variant: CampaignVariant = {
  key: "B",
  templateId: "01890000-0000-7000-8000-000000000001",
  weight: 3_350,
  parameters: {
    "header.1": { source: "name", fallback: "Hola" },
    "body.1": { source: "attribute", key: "city", fallback: null },
    "body.2": { source: "text", text: "24 horas" },
  },
  linkUrl: "https://shop.example.test/enero",
};

describe("a variant on the screen", () => {
  test("opening and reading it again changes nothing", () => {
    expect(variantOf(draftOf(variant, formats), needs, formats)).toEqual(variant);
  });

  test("a share that is no number cannot be read, and an empty one is nobody", () => {
    const draft = draftOf(variant, formats);
    expect(variantOf({ ...draft, weight: "mitad" }, needs, formats)).toBeNull();
    expect(variantOf({ ...draft, weight: "" }, needs, formats)?.weight).toBe(0);
  });

  test("values that are half chosen, or belong to another template, are left out", () => {
    const rules = { "body.1": { ...emptyRule, source: "text" }, "body.9": { ...emptyRule, source: "name" } };
    expect(variantOf({ ...draftOf(variant, formats), rules }, needs, formats)?.parameters).toEqual({});
  });

  test("only the parts that say something else count as changed", () => {
    const body = { type: "BODY", text: "Hola" };
    const footer = { type: "FOOTER", text: "Responde BAJA" };
    expect(changedParts([body, footer], [footer, body])).toEqual([]);
    expect(changedParts([body], [{ ...body, text: "Adiós" }, footer])).toEqual(["body", "footer"]);
  });
});
