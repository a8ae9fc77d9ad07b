import { expect, test } from "vitest";
import { changedPricing, changedTemplateDays, largest, pricingDays, type TemplateDay, templateDays } from "./analytics";

const ids = new Map([["700", "ours"]]);
const point = {
  template_id: "700",
  start: Date.UTC(2026, 10, 22) / 1_000,
  end: Date.UTC(2026, 10, 23) / 1_000,
  sent: 1_000,
  delivered: 948,
  read: 611,
  clicked: [
    { type: "url_button", button_content: "Shop", count: 100 },
    { type: "url_button", button_content: "More", count: 43 },
  ],
  cost: [{ type: "amount_spent", value: 23.7 }, { type: "cost_per_delivered" }],
};
const [day] = templateDays([point], "CLOUD_API", ids);
if (!day) throw new Error("no day");

test("points become days of ours: clicks by type, money in micros, strangers left out", () => {
  expect(day).toEqual({
    templateId: "ours",
    product: "CLOUD_API",
    day: "2026-11-22",
    sent: 1_000,
    delivered: 948,
    read: 611,
    clicked: { url_button: 143 },
    spentMicros: 23_700_000,
  });
  expect(templateDays([{ ...point, template_id: "1" }], "CLOUD_API", ids)).toEqual([]);
  expect(templateDays([{ ...point, cost: [] }], "CLOUD_API", ids)[0]?.spentMicros).toBeNull();
});

test("a day is kept again only when it says something else", () => {
  expect(changedTemplateDays([day], [day])).toEqual([]);
  expect(changedTemplateDays([{ ...day, read: 612 }], [day])).toHaveLength(1);
  expect(changedTemplateDays([day], [{ ...day, day: "2026-11-21" }])).toHaveLength(1);
});

test("a smaller figure, or none, never hides a larger one of an earlier pull", () => {
  const nothing: TemplateDay = { ...day, sent: 0, delivered: 0, read: 0, clicked: {}, spentMicros: null };
  const { templateId: _, product: __, day: ___, ...figures } = day;
  expect(largest([day, nothing])).toEqual(figures);
  expect(largest([nothing, { ...day, read: 700 }, day])).toEqual({ ...figures, read: 700 });
  expect(largest([nothing])).toMatchObject({ sent: 0, spentMicros: null });
});

test("what is charged is one row a day, country, kind and tier", () => {
  const of = (volume: number, cost: number, more = {}) => ({
    start: point.start,
    end: point.end,
    volume,
    cost,
    ...more,
  });
  const spain = { country: "ES", pricing_type: "REGULAR", pricing_category: "MARKETING", tier: "0:MAX" };
  const days = pricingDays([of(100, 5.1, spain), of(20, 1, spain), of(6, 0, { country: "US" })]);
  expect(days).toEqual([
    {
      day: "2026-11-22",
      country: "ES",
      pricingType: "REGULAR",
      category: "MARKETING",
      tier: "0:MAX",
      volume: 120,
      costMicros: 6_100_000,
    },
    { day: "2026-11-22", country: "US", pricingType: "", category: "", tier: "", volume: 6, costMicros: 0 },
  ]);
  expect(changedPricing(days, days)).toEqual([]);
  expect(changedPricing(days, [])).toEqual(days);
});
