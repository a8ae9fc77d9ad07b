import { describe, expect, test } from "vitest";
import type { CampaignVariant } from "@/lib/campaigns/campaign";
import { createFormats } from "@/lib/i18n/formats";
import type { TemplateNeeds } from "@/lib/templates/parameters";
import { changedParts, draftOf, emptyRule, variantOf } from "./variant-draft";

const formats = createFormats({ locale: "es", region: "es-ES", timeZone: "Europe/Madrid", currency: "EUR" });
const needs: TemplateNeeds = {
  places: ["header.1", "body.1", "body.2"],
  kinds: { "header.1": "text", "body.1": "text", "body.2": "text" },
  linkButtons: [0],
  hasCardLinks: false,
  hasAccessCode: false,
  unsupported: [],
};
const chosen = { needs, media: {} };
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
    expect(variantOf(draftOf(variant, formats), chosen, formats)).toEqual(variant);
  });

  test("a share that is no number cannot be read, and an empty one is nobody", () => {
    const draft = draftOf(variant, formats);
    expect(variantOf({ ...draft, weight: "mitad" }, chosen, formats)).toBeNull();
    expect(variantOf({ ...draft, weight: "" }, chosen, formats)?.weight).toBe(0);
  });

  test("values that are half chosen, or belong to another template, are left out", () => {
    const rules = { "body.1": { ...emptyRule, source: "text" }, "body.9": { ...emptyRule, source: "name" } };
    expect(variantOf({ ...draftOf(variant, formats), rules }, chosen, formats)?.parameters).toEqual({});
  });

  test("only the parts that say something else count as changed", () => {
    const body = { type: "BODY", text: "Hola" };
    const footer = { type: "FOOTER", text: "Responde BAJA" };
    expect(changedParts({ components: [body, footer] }, { components: [footer, body] })).toEqual([]);
    expect(changedParts({ components: [body] }, { components: [{ ...body, text: "Adiós" }, footer] })).toEqual([
      "body",
      "footer",
    ]);
  });

  test("the same template with another picture is another message", () => {
    const components = [
      { type: "HEADER", format: "IMAGE" },
      { type: "BODY", text: "Hola" },
    ];
    const with_ = (mediaId: string) => ({
      components,
      mapping: { "header.media": { source: "media" as const, mediaId, fileName: "a.png" } },
    });
    expect(changedParts(with_("a"), with_("a"))).toEqual([]);
    expect(changedParts(with_("a"), with_("b"))).toEqual(["header"]);
  });

  test("files, places, codes and ends of offers are read back as they were chosen; a template's own file stands in", () => {
    const mediaId = "01890000-0000-7000-8000-000000000002";
    const kinds = {
      "header.media": "image",
      "card.0.header.media": "image",
      "button.1.code": "code",
      "offer.ends": "moment",
    } as const;
    const offer = { needs: { ...needs, places: Object.keys(kinds), kinds }, media: { "header.media": mediaId } };
    const parameters: CampaignVariant["parameters"] = {
      "header.media": { source: "media", mediaId, fileName: "" },
      "card.0.header.media": { source: "link", url: "https://shop.example.test/a.png" },
      "button.1.code": { source: "text", text: "ENERO20" },
      "offer.ends": { source: "moment", at: "2026-12-01T22:59:00.000Z" },
    };
    const { "header.media": _, ...typed } = parameters;
    const draft = draftOf({ ...variant, parameters: typed }, formats);
    expect(variantOf(draft, offer, formats)?.parameters).toEqual(parameters);
    const shop = { latitude: "40.4168", longitude: "-3.7038", name: "Olmo", address: "Calle Mayor 1" };
    const place = { source: "location" as const, ...shop };
    const location = {
      needs: { ...needs, places: ["header.location"], kinds: { "header.location": "location" as const } },
      media: {},
    };
    const opened = draftOf({ ...variant, parameters: { "header.location": place } }, formats);
    expect(variantOf(opened, location, formats)?.parameters).toEqual({ "header.location": place });
  });
});
