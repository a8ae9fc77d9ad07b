import { round } from "./analytics";
import { fault, type GraphFault } from "./graph-errors";
import type { SandboxParts } from "./sandbox-parts";
import { DAY_MS, type Slice } from "./traffic";

/** A field with arguments: `pricing_analytics.start(1).end(2).granularity(DAILY)`. */
export interface Expansion {
  name: string;
  parameters: Record<string, string>;
}

const LOOK_BACK_MS = 366 * DAY_MS;
const HALF_HOUR_MS = 30 * 60_000;
const granularities: Record<string, Record<string, "half_hour" | "day" | "month">> = {
  analytics: { HALF_HOUR: "half_hour", DAY: "day", MONTH: "month" },
  pricing_analytics: { HALF_HOUR: "half_hour", DAILY: "day", MONTHLY: "month" },
  conversation_analytics: { HALF_HOUR: "half_hour", DAILY: "day", MONTHLY: "month" },
};

/** One analytics field of the account, computed from what the sandbox has sent. */
export function wabaField({ name, parameters }: Expansion, parts: SandboxParts): object | GraphFault {
  const allowed = granularities[name];
  if (!allowed) return fault(100, undefined, { message: `(#100) Tried accessing nonexisting field (${name})` });
  const step = allowed[parameters.granularity?.toUpperCase() ?? ""];
  if (!step) return fault(100, `granularity must be one of ${Object.keys(allowed).join(", ")}.`);
  const [start, end] = [Number(parameters.start) * 1_000, Number(parameters.end) * 1_000];
  if (!(start < end)) return fault(100, "start must be before end, both in Unix seconds.");
  if (start < parts.clock.now() - LOOK_BACK_MS) return fault(100, "start lies more than a year back.");
  const slices = parts.traffic.slicesBetween(start, end).filter(sliceFilter(parameters, parts));
  if (name === "analytics") return messaging(slices, step, parameters, parts);
  const points =
    name === "pricing_analytics" ? pricing(slices, step, parameters, parts) : conversations(slices, step, parts);
  return { data: [{ data_points: points }] };
}

type Step = "half_hour" | "day" | "month";

function messaging(slices: Slice[], step: Step, parameters: Expansion["parameters"], { account }: SandboxParts) {
  const points = grouped(slices, step, () => "").map(({ span, members }) => ({
    ...span,
    sent: sum(members, ({ sent }) => sent),
    delivered: sum(members, ({ delivered }) => delivered),
  }));
  return {
    phone_numbers: [account.displayPhoneNumber.replace(/\D/g, "")],
    country_codes: [...new Set(slices.map(({ country }) => country))].sort(),
    granularity: parameters.granularity?.toUpperCase(),
    data_points: points,
  };
}

function pricing(slices: Slice[], step: Step, parameters: Expansion["parameters"], { account }: SandboxParts) {
  const wanted = new Set(listOf(parameters.dimensions).map((one) => one.toUpperCase()));
  const metrics = new Set(listOf(parameters.metric_types).map((one) => one.toUpperCase()));
  const dimensionsOf = ({ country, category, pricingType }: Slice) => ({
    ...(wanted.has("COUNTRY") && { country }),
    ...(wanted.has("PHONE") && { phone_number: account.displayPhoneNumber.replace(/\D/g, "") }),
    ...(wanted.has("TIER") && pricingType === "REGULAR" && { tier: "0:MAX" }),
    ...(wanted.has("PRICING_TYPE") && { pricing_type: pricingType }),
    ...(wanted.has("PRICING_CATEGORY") && { pricing_category: categoryOf(category) }),
  });
  const delivered = slices.filter((slice) => slice.delivered > 0);
  return grouped(delivered, step, (slice) => JSON.stringify(dimensionsOf(slice))).map(({ span, members, first }) => ({
    ...span,
    ...dimensionsOf(first),
    ...((metrics.size === 0 || metrics.has("VOLUME")) && { volume: sum(members, (one) => one.delivered) }),
    ...((metrics.size === 0 || metrics.has("COST")) && { cost: costOf(members) }),
  }));
}

/** The older counting: since July 2025 every delivered message is one. */
function conversations(slices: Slice[], step: Step, { account }: SandboxParts) {
  const delivered = slices.filter((slice) => slice.delivered > 0);
  const key = ({ country, category, pricingType }: Slice) => `${country}|${category}|${pricingType}`;
  return grouped(delivered, step, key).map(({ span, members, first }) => ({
    ...span,
    conversation: sum(members, (one) => one.delivered),
    phone_number: account.displayPhoneNumber.replace(/\D/g, ""),
    country: first.country,
    conversation_type: first.pricingType,
    conversation_direction: "UNKNOWN",
    conversation_category: categoryOf(first.category),
    cost: costOf(members),
  }));
}

function sliceFilter(parameters: Expansion["parameters"], { account }: SandboxParts): (slice: Slice) => boolean {
  const countries = new Set(listOf(parameters.country_codes));
  const productTypes = new Set(listOf(parameters.product_types));
  const categories = new Set(listOf(parameters.pricing_categories ?? parameters.conversation_categories));
  const types = new Set(listOf(parameters.pricing_types ?? parameters.conversation_types));
  const numbers = listOf(parameters.phone_numbers).map((number) => number.replace(/\D/g, ""));
  const isOurs = numbers.length === 0 || numbers.includes(account.displayPhoneNumber.replace(/\D/g, ""));
  return ({ country, productType, category, pricingType }) =>
    isOurs &&
    (countries.size === 0 || countries.has(country)) &&
    (productTypes.size === 0 || productTypes.has(String(productType))) &&
    (categories.size === 0 || categories.has(categoryOf(category))) &&
    (types.size === 0 || types.has(pricingType));
}

/** Slices by span of time and by whatever else tells points apart. */
function grouped(slices: Slice[], step: Step, keyOf: (slice: Slice) => string) {
  const groups = new Map<string, { span: { start: number; end: number }; members: Slice[]; first: Slice }>();
  for (const slice of slices) {
    const span = spanOf(slice.start, step);
    const key = `${span.start}|${keyOf(slice)}`;
    const known = groups.get(key);
    if (known) known.members.push(slice);
    else groups.set(key, { span, members: [slice], first: slice });
  }
  return [...groups.values()];
}

function spanOf(at: number, step: Step): { start: number; end: number } {
  const date = new Date(at);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const length = step === "day" ? DAY_MS : HALF_HOUR_MS;
  const start = step === "month" ? Date.UTC(year, month) : Math.floor(at / length) * length;
  const end = step === "month" ? Date.UTC(year, month + 1) : start + length;
  return { start: start / 1_000, end: end / 1_000 };
}

function categoryOf(category: string): string {
  return category.toUpperCase().replaceAll("-", "_");
}

function costOf(slices: Slice[]): number {
  return round(sum(slices, ({ costMicros }) => costMicros) / 1e6);
}

function sum(slices: Slice[], of: (slice: Slice) => number): number {
  return slices.reduce((total, slice) => total + of(slice), 0);
}

function listOf(text: string | undefined): string[] {
  return [...(text ?? "").matchAll(/[^\s,"'[\]]+/g)].map(([one]) => one);
}
