import * as z from "zod";
import { identified } from "./graph";
import type { GraphCaller, GraphResult } from "./graph-caller";

const count = z.coerce.number().default(0);
const span = { start: z.coerce.number(), end: z.coerce.number() };

/** A day of a template. Numbers are approximate; reads and clicks count for seven days after the send. */
const templatePoint = z.looseObject({
  template_id: z.coerce.string().optional(),
  template_group_id: z.coerce.string().optional(),
  /** Unix seconds; days of UTC unless the account's own were asked for. */
  start: z.union([z.coerce.number(), z.string()]),
  end: z.union([z.coerce.number(), z.string()]),
  sent: count,
  delivered: count,
  read: count,
  /** Types: `quick_reply_button`, `url_button`, `unique_url_button`. */
  clicked: z.array(z.looseObject({ type: z.string(), button_content: z.string().optional(), count })).default([]),
  /** Types: `amount_spent`, `cost_per_delivered`, `cost_per_url_button_click`; zero may carry no value. */
  cost: z.array(z.looseObject({ type: z.string(), value: z.coerce.number().optional() })).default([]),
});
export type TemplatePoint = z.infer<typeof templatePoint>;
export const templateAnalytics = z.looseObject({
  granularity: z.string().optional(),
  product_type: z.string().optional(),
  data_points: z.array(templatePoint).default([]),
});

export const messagingPoint = z.looseObject({ ...span, sent: count, delivered: count });
export const pricingPoint = z.looseObject({
  ...span,
  country: z.string().optional(),
  phone_number: z.string().optional(),
  pricing_type: z.string().optional(),
  pricing_category: z.string().optional(),
  /** `lower:upper` or `0:MAX`; absent for free messages. */
  tier: z.string().optional(),
  volume: count,
  /** In the account's currency. */
  cost: count,
});
export type PricingPoint = z.infer<typeof pricingPoint>;
export const conversationPoint = z.looseObject({
  ...span,
  conversation: count,
  phone_number: z.string().optional(),
  country: z.string().optional(),
  conversation_type: z.string().optional(),
  conversation_direction: z.string().optional(),
  conversation_category: z.string().optional(),
  cost: count,
});

const points = <Point extends z.ZodType>(point: Point) => z.array(point).default([]);
const nested = <Point extends z.ZodType>(point: Point) =>
  z
    .object({ data: z.array(z.object({ data_points: points(point) })).default([]) })
    .optional()
    .transform((field) => field?.data.flatMap((one) => one.data_points) ?? []);

/** Answers of a field expansion: without the field there is nothing to tell for that time. */
export const messagingAnalytics = z.looseObject({
  analytics: z
    .object({ data_points: points(messagingPoint) })
    .optional()
    .transform((field) => field?.data_points ?? []),
});
export const pricingAnalytics = z.looseObject({ pricing_analytics: nested(pricingPoint) });
export const conversationAnalytics = z.looseObject({ conversation_analytics: nested(conversationPoint) });

/** UTC days between two instants, or days of the account's own time zone, `YYYY-MM-DD`. At most 90 days back. */
export type TemplatePeriod = { start: Date; end: Date } | { startDay: string; endDay: string };

export interface TemplateAnalyticsQuery {
  period: TemplatePeriod;
  /** At most ten. */
  ids: readonly string[];
  /** SENT, DELIVERED, READ, CLICKED, COST, and conversions of the Marketing Messages API. */
  metrics: readonly string[];
  product?: "CLOUD_API" | "MARKETING_MESSAGES_API_FOR_WHATSAPP";
}

export interface WabaAnalyticsQuery<Granularity extends string> {
  start: Date;
  end: Date;
  granularity: Granularity;
  /** Lists by name, such as `{country_codes: ["ES"], dimensions: ["COUNTRY"]}`; section 7.2 of the reference. */
  filters?: Readonly<Record<string, readonly (string | number)[]>>;
}
type Granularity = "HALF_HOUR" | "DAILY" | "MONTHLY";

const MAX_TEMPLATES = 10;

export function analyticsCalls({ call, callPages }: GraphCaller) {
  /** One of the account's analytics, asked for as a field with arguments. */
  const expand = async <Answer, Points>(
    wabaId: string,
    { field, shape, pointsOf }: { field: string; shape: z.ZodType<Answer>; pointsOf: (answer: Answer) => Points },
    query: WabaAnalyticsQuery<string>,
  ): Promise<GraphResult<Points>> => {
    const fields = field + argumentsOf(query);
    const result = await call({ method: "GET", path: `/${wabaId}`, query: { fields } }, shape);
    return result.kind === "ok" ? { kind: "ok", value: pointsOf(result.value) } : result;
  };

  return {
    /** Turns template analytics on, for good. */
    enableTemplateInsights: (wabaId: string) =>
      call({ method: "POST", path: `/${wabaId}`, query: { is_enabled_for_insights: true } }, identified),

    /** Days of up to ten templates. Not available for accounts of the EU, the United Kingdom and Japan. */
    templateAnalytics: (wabaId: string, query: TemplateAnalyticsQuery) =>
      callPages(`/${wabaId}/template_analytics`, templateQuery(query, "template_ids"), templateAnalytics),

    templateGroupAnalytics: (wabaId: string, query: TemplateAnalyticsQuery) =>
      callPages(`/${wabaId}/template_group_analytics`, templateQuery(query, "template_group_ids"), templateAnalytics),

    /** Sent and delivered. Filters: phone_numbers, product_types (0 template, 2 other, 100 inbound), country_codes. */
    messagingAnalytics: (wabaId: string, query: WabaAnalyticsQuery<"HALF_HOUR" | "DAY" | "MONTH">) =>
      expand(wabaId, { field: "analytics", shape: messagingAnalytics, pointsOf: ({ analytics }) => analytics }, query),

    /** What messages cost, by country, category and tier: the figures that an invoice is checked against. */
    pricingAnalytics: (wabaId: string, query: WabaAnalyticsQuery<Granularity>) =>
      expand(
        wabaId,
        { field: "pricing_analytics", shape: pricingAnalytics, pointsOf: (answer) => answer.pricing_analytics },
        query,
      ),

    /** The counting of before July 2025. */
    conversationAnalytics: (wabaId: string, query: WabaAnalyticsQuery<Granularity>) =>
      expand(
        wabaId,
        {
          field: "conversation_analytics",
          shape: conversationAnalytics,
          pointsOf: (answer) => answer.conversation_analytics,
        },
        query,
      ),
  };
}

/** @throws RangeError for more ids than one call takes: the caller asks in parts */
function templateQuery({ period, ids, metrics, product }: TemplateAnalyticsQuery, by: string) {
  if (ids.length > MAX_TEMPLATES) throw new RangeError(`at most ${MAX_TEMPLATES} templates at once`);
  const span =
    "startDay" in period
      ? { start: period.startDay, end: period.endDay, use_waba_timezone: true }
      : { start: seconds(period.start), end: seconds(period.end) };
  return { ...span, granularity: "DAILY", [by]: ids, metric_types: metrics.join(","), product_type: product };
}

function argumentsOf({ start, end, granularity, filters = {} }: WabaAnalyticsQuery<string>): string {
  const lists = Object.entries(filters).map(([name, values]) => `.${name}(${JSON.stringify(values)})`);
  return `.start(${seconds(start)}).end(${seconds(end)}).granularity(${granularity})${lists.join("")}`;
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1_000);
}
