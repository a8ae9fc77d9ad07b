import type { PricingPoint, TemplatePoint } from "@/lib/whatsapp/client-analytics";

/** What Meta counted for a template on one UTC day. */
export interface TemplateDay {
  templateId: string;
  product: string;
  /** `YYYY-MM-DD`. */
  day: string;
  sent: number;
  delivered: number;
  read: number;
  /** By type of click, all buttons together. */
  clicked: Record<string, number>;
  spentMicros: number | null;
}

/** Meta's points in our words; of templates that we do not know, none. */
export function templateDays(
  points: readonly TemplatePoint[],
  product: string,
  ids: ReadonlyMap<string, string>,
): TemplateDay[] {
  return points.flatMap(({ template_id: metaId = "", start, sent, delivered, read, clicked, cost }) => {
    const templateId = ids.get(metaId);
    const day = dayOf(start);
    if (!templateId || !day) return [];
    const clicks: Record<string, number> = {};
    for (const { type, count } of clicked) clicks[type] = (clicks[type] ?? 0) + count;
    const spent = cost.find(({ type }) => type === "amount_spent");
    return [
      {
        templateId,
        product,
        day,
        sent,
        delivered,
        read,
        clicked: clicks,
        spentMicros: spent ? toMicros(spent.value ?? 0) : null,
      },
    ];
  });
}

export interface PricingDay {
  day: string;
  country: string;
  pricingType: string;
  category: string;
  tier: string;
  volume: number;
  costMicros: number;
}

/** Points of the same day and kind are one: Meta gives several when it counts by something that we do not keep. */
export function pricingDays(points: readonly PricingPoint[]): PricingDay[] {
  const days = new Map<string, PricingDay>();
  for (const point of points) {
    const day = dayOf(point.start);
    if (!day) continue;
    const { country = "", pricing_type: pricingType = "", pricing_category: category = "", tier = "" } = point;
    const key = JSON.stringify([day, country, pricingType, category, tier]);
    const known = days.get(key);
    days.set(key, {
      day,
      country,
      pricingType,
      category,
      tier,
      volume: (known?.volume ?? 0) + point.volume,
      costMicros: (known?.costMicros ?? 0) + toMicros(point.cost),
    });
  }
  return [...days.values()];
}

/** Days that say something else than the last pull of them: a day that stayed the same is not kept twice. */
export function changedTemplateDays(days: readonly TemplateDay[], known: readonly TemplateDay[]): TemplateDay[] {
  const before = new Map(known.map((day) => [placeOf(day), factsOf(day)]));
  return days.filter((day) => before.get(placeOf(day)) !== factsOf(day));
}

export function changedPricing(days: readonly PricingDay[], known: readonly PricingDay[]): PricingDay[] {
  const place = ({ day, country, pricingType, category, tier }: PricingDay) =>
    JSON.stringify([day, country, pricingType, category, tier]);
  const facts = ({ volume, costMicros }: PricingDay) => `${volume} ${costMicros}`;
  const before = new Map(known.map((day) => [place(day), facts(day)]));
  return days.filter((day) => before.get(place(day)) !== facts(day));
}

/**
 * One day out of all its pulls: the largest of each figure. Meta's counts only grow; a smaller one, or none, is an answer
 * that came incomplete.
 */
export function largest(pulls: readonly TemplateDay[]): Omit<TemplateDay, "templateId" | "product" | "day"> {
  const clicked: Record<string, number> = {};
  for (const pull of pulls)
    for (const [type, count] of Object.entries(pull.clicked)) clicked[type] = Math.max(clicked[type] ?? 0, count);
  const most = (figure: (pull: TemplateDay) => number) => Math.max(0, ...pulls.map(figure));
  const told = pulls.some(({ spentMicros }) => spentMicros !== null);
  return {
    sent: most(({ sent }) => sent),
    delivered: most(({ delivered }) => delivered),
    read: most(({ read }) => read),
    clicked,
    spentMicros: told ? most(({ spentMicros }) => spentMicros ?? 0) : null,
  };
}

function placeOf({ templateId, product, day }: TemplateDay): string {
  return `${templateId} ${product} ${day}`;
}

function factsOf({ sent, delivered, read, clicked, spentMicros }: TemplateDay): string {
  const clicks = Object.entries(clicked).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([sent, delivered, read, clicks, spentMicros]);
}

function toMicros(amount: number): number {
  return Math.round(amount * 1_000_000);
}

/** Meta's days are UTC, as Unix seconds or as text. */
function dayOf(start: number | string): string | undefined {
  const at = typeof start === "number" ? new Date(start * 1_000) : new Date(start);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString().slice(0, 10);
}
