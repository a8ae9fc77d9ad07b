import * as z from "zod";
import { fault, type GraphFault, invalidParameter } from "./graph-errors";
import type { SandboxParts } from "./sandbox-parts";
import type { StoredTemplate } from "./template-shelf";
import { DAY_MS, type TemplateDay } from "./traffic";

const LOOK_BACK_MS = 90 * DAY_MS;
const MAX_TEMPLATES = 10;
const COMPARE_DAYS = [7, 30, 60, 90];
/** A window "exactly back from now" cannot be exact over a network. */
const COMPARE_TOLERANCE_MS = 60 * 60_000;
const METRICS = ["SENT", "DELIVERED", "READ", "CLICKED", "COST"];
const products: Record<string, "cloud_api" | "marketing_messages_api_for_whatsapp"> = {
  CLOUD_API: "cloud_api",
  MARKETING_MESSAGES_API_FOR_WHATSAPP: "marketing_messages_api_for_whatsapp",
  MARKETING_MESSAGES_LITE_API: "marketing_messages_api_for_whatsapp",
};

/** Lists come as JSON, as Graph's own `[a,b]`, or separated by commas. */
const list = z
  .string()
  .transform((text) => [...text.matchAll(/[^\s,"'[\]]+/g)].map(([one]) => one))
  .pipe(z.array(z.string()).min(1));
/** Unix seconds; a day such as 2026-11-24 with `use_waba_timezone`. */
const moment = z
  .string()
  .transform((text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number(text) * 1_000))
  .pipe(z.number().min(0));

const query = z.object({
  start: moment,
  end: moment,
  granularity: z.string().toUpperCase(),
  template_ids: list.optional(),
  template_group_ids: list.optional(),
  metric_types: list.optional(),
  product_type: z.string().toUpperCase().default("CLOUD_API"),
});

/** `template_analytics` and `template_group_analytics`: a point per template (or group) and day (UTC). */
export function templateAnalytics(
  input: unknown,
  by: "template_ids" | "template_group_ids",
  parts: SandboxParts,
): { data: object[]; paging: object } | GraphFault {
  if (!parts.accountState.hasInsights) return fault(200007);
  const read = query.safeParse(input);
  if (!read.success) return fault(100, "start, end, granularity and the ids are required and must be valid.");
  const { start, end, granularity, product_type: productType, metric_types: metrics = METRICS } = read.data;
  const ids = read.data[by];
  const product = products[productType];
  if (granularity !== "DAILY") return fault(100, "granularity must be DAILY.");
  if (!ids || ids.length > MAX_TEMPLATES) return fault(100, `${by} must name 1 to ${MAX_TEMPLATES} ids.`);
  if (!product) return fault(100, `product_type must be one of ${Object.keys(products).join(", ")}.`);
  if (start > end) return fault(100, "start must be before end.");
  if (start < parts.clock.now() - LOOK_BACK_MS - DAY_MS) return fault(100, "start lies more than 90 days back.");
  const key = by === "template_ids" ? "template_id" : "template_group_id";
  const isLite = product !== "cloud_api";
  const points = ids.flatMap((id) =>
    parts.traffic
      .daysOf(id, start, end)
      .filter((day) => day.isLite === isLite)
      .sort((first, second) => first.start - second.start)
      .map((day) => ({ [key]: id, ...point(day, new Set(metrics.map((metric) => metric.toUpperCase()))) })),
  );
  const series = { granularity, ...(by === "template_ids" && { product_type: product }), data_points: points };
  return { data: [series], paging: { cursors: { before: "MAZDZD", after: "MAZDZD" } } };
}

function point(day: TemplateDay, metrics: Set<string>) {
  return {
    start: day.start / 1_000,
    end: (day.start + DAY_MS) / 1_000,
    ...(metrics.has("SENT") && { sent: day.sent }),
    ...(metrics.has("DELIVERED") && { delivered: day.delivered }),
    ...(metrics.has("READ") && { read: day.read }),
    ...(metrics.has("CLICKED") && clicksOf(day)),
    ...(metrics.has("COST") && { cost: costOf(day) }),
  };
}

/** People tap a link once per message, so that unique clicks are all clicks. */
function clicksOf({ quickReplies, links }: TemplateDay) {
  const clicked = [
    ...[...quickReplies].map(([label, count]) => ({ type: "quick_reply_button", button_content: label, count })),
    ...[...links].map(([label, count]) => ({ type: "url_button", button_content: label, count })),
    ...[...links].map(([label, count]) => ({ type: "unique_url_button", button_content: label, count })),
  ];
  return clicked.length > 0 ? { clicked } : {};
}

/** Zero values carry no `value`. */
function costOf({ costMicros, delivered, links }: TemplateDay) {
  const clicks = [...links.values()].reduce((total, count) => total + count, 0);
  const amount = (type: string, micros: number) => ({ type, ...(micros > 0 && { value: round(micros / 1e6) }) });
  return [
    amount("amount_spent", costMicros),
    amount("cost_per_delivered", delivered > 0 ? costMicros / delivered : 0),
    amount("cost_per_url_button_click", clicks > 0 ? costMicros / clicks : 0),
  ];
}

export function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

const compareQuery = z.object({ template_ids: list, start: z.coerce.number(), end: z.coerce.number() });
/** Meta's text says seconds, its example milliseconds. */
const toMs = (value: number) => (value > 1e11 ? value : value * 1_000);

/** `GET /{template-id}/compare`: two templates of the account by blocks and sends. */
export function compare(
  template: StoredTemplate,
  input: unknown,
  parts: SandboxParts,
): { data: object[] } | GraphFault {
  const read = compareQuery.safeParse(input);
  if (!read.success) return fault(100, "template_ids, start and end are required.");
  const other = parts.shelf.get(read.data.template_ids[0] ?? "");
  if (!other || other === template || read.data.template_ids.length > 1) {
    return fault(100, "template_ids must name one other template of the account.");
  }
  const [start, end] = [toMs(read.data.start), toMs(read.data.end)];
  const isToday = Math.abs(parts.clock.now() - end) <= COMPARE_TOLERANCE_MS;
  if (!isToday || !COMPARE_DAYS.some((days) => end - start === days * DAY_MS)) {
    return fault(100, "The window must be exactly 7, 30, 60 or 90 days back from now.");
  }
  const sides = [template, other].map(({ id }) => side(id, parts.traffic.daysOf(id, start, end)));
  const least = parts.engine.world.api.compareLeastSends;
  if (sides.some(({ sent }) => sent < least)) {
    return invalidParameter(`Both templates must have been sent at least ${least} times in the window.`);
  }
  const byRate = sides.toSorted((first, second) => first.blocks / first.sent - second.blocks / second.sent);
  return {
    data: [
      { metric: "BLOCK_RATE", type: "RELATIVE", order_by_relative_metric: byRate.map(({ id }) => id) },
      {
        metric: "MESSAGE_SENDS",
        type: "NUMBER_VALUES",
        number_values: sides.map(({ id, sent }) => ({ key: id, value: sent })),
      },
      {
        metric: "TOP_BLOCK_REASON",
        type: "STRING_VALUES",
        string_values: sides.map(({ id, topReason }) => ({ key: id, value: topReason })),
      },
    ],
  };
}

function side(id: string, days: TemplateDay[]) {
  const reasons = new Map<string, number>();
  let sent = 0;
  for (const day of days) {
    sent += day.sent;
    for (const [reason, count] of day.blocks) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  }
  const ranked = [...reasons].toSorted(([, first], [, second]) => second - first);
  const blocks = ranked.reduce((total, [, count]) => total + count, 0);
  return { id, sent, blocks, topReason: ranked[0]?.[0] ?? "UNKNOWN_BLOCK_REASON" };
}
