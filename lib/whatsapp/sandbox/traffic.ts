import type { ApiSettings } from "./api-settings";
import { placeOf } from "./places";
import { costOf } from "./reports";
import type { Happening } from "./teller";

export const DAY_MS = 24 * 60 * 60_000;
const HALF_HOUR_MS = 30 * 60_000;
/** Reads and clicks count for a week after the send. */
const ENGAGEMENT_MS = 7 * DAY_MS;

/** One template's day (UTC). Clicks by label of the button, blocks by reason. */
export interface TemplateDay {
  templateId: string;
  isLite: boolean;
  start: number;
  sent: number;
  delivered: number;
  read: number;
  quickReplies: Map<string, number>;
  links: Map<string, number>;
  blocks: Map<string, number>;
  costMicros: number;
}

/** One half hour of one country and kind of message. */
export interface Slice {
  start: number;
  country: string;
  /** 0 template, 2 not a template. */
  productType: 0 | 2;
  category: string;
  pricingType: string;
  sent: number;
  delivered: number;
  costMicros: number;
}

/** Counts what became of all messages; after a restart it is counted again from the journal. */
export class Traffic {
  private readonly days = new Map<string, TemplateDay>();
  private readonly slices = new Map<string, Slice>();
  /** Messages by template that neither arrived nor failed. */
  private readonly open = new Map<string, number>();
  private readonly taken = new Map<string, number>();

  constructor(private readonly rates: () => ApiSettings["rates"]) {}

  /** A message was accepted: it is under way until it arrives or fails. */
  accepted(templateId: string | undefined) {
    if (templateId === undefined) return;
    add(this.open, templateId, 1);
    add(this.taken, templateId, 1);
  }

  record(happening: Happening) {
    const { received, at, kind } = happening;
    const { message, story } = received;
    const arrives = kind === "delivered" || (kind === "read" && story.skipsDelivered);
    if (kind === "sent" || arrives) this.count(happening, arrives);
    if (message.templateId === undefined) return;
    const isFirstEnd = kind === "failed" ? received.deliveredAt === undefined : received.failedWith === undefined;
    if ((arrives || kind === "failed") && isFirstEnd) add(this.open, message.templateId, -1);
    if (kind === "failed") return;
    const day = this.dayOf(message.templateId, message.category === "marketing_lite", at);
    if (kind === "sent") day.sent++;
    if (arrives) {
      day.delivered++;
      day.costMicros += this.priceOf(received, at);
    }
    if (kind === "block") add(day.blocks, happening.detail ?? "NO_REASON_GIVEN", 1);
    if (at - message.at > ENGAGEMENT_MS) return;
    if (kind === "read") day.read++;
    if (kind === "click") add(day.links, linkLabelOf(message), 1);
    if (kind === "tap") add(day.quickReplies, happening.detail ?? "", 1);
  }

  underWay(templateId: string): number {
    return this.open.get(templateId) ?? 0;
  }

  acceptedOf(templateId: string): number {
    return this.taken.get(templateId) ?? 0;
  }

  totalsOf(templateId: string) {
    const totals = { delivered: 0, read: 0, blocks: 0 };
    for (const day of this.daysOf(templateId)) {
      totals.delivered += day.delivered;
      totals.read += day.read;
      for (const count of day.blocks.values()) totals.blocks += count;
    }
    return totals;
  }

  daysOf(templateId: string, from = 0, to = Number.POSITIVE_INFINITY): TemplateDay[] {
    return [...this.days.values()].filter(
      (day) => day.templateId === templateId && day.start + DAY_MS > from && day.start < to,
    );
  }

  /** Deliveries and blocks of all templates since a world time, by which a number is judged. */
  recent(from: number) {
    const totals = { delivered: 0, blocks: 0 };
    for (const day of this.days.values()) {
      if (day.start + DAY_MS <= from) continue;
      totals.delivered += day.delivered;
      for (const count of day.blocks.values()) totals.blocks += count;
    }
    return totals;
  }

  /** Half hours that touch the span, oldest first. */
  slicesBetween(from: number, to: number): Slice[] {
    return [...this.slices.values()]
      .filter(({ start }) => start + HALF_HOUR_MS > from && start < to)
      .sort((first, second) => first.start - second.start);
  }

  private count({ received, at }: Happening, arrives: boolean) {
    const { message, person } = received;
    const start = Math.floor(at / HALF_HOUR_MS) * HALF_HOUR_MS;
    const { country } = placeOf(person.phone);
    const productType = message.type === "template" ? 0 : 2;
    const { category, type } = costOf(received, at).pricing;
    const key = `${start}|${country}|${productType}|${category}|${type}`;
    const known = this.slices.get(key);
    const slice: Slice = known ?? {
      ...{ start, country, productType, category, pricingType: type.toUpperCase() },
      ...{ sent: 0, delivered: 0, costMicros: 0 },
    };
    if (!known) this.slices.set(key, slice);
    if (!arrives) slice.sent++;
    else {
      slice.delivered++;
      slice.costMicros += this.priceOf(received, at);
    }
  }

  private dayOf(templateId: string, isLite: boolean, at: number): TemplateDay {
    const start = Math.floor(at / DAY_MS) * DAY_MS;
    const key = `${templateId}|${isLite}|${start}`;
    const known = this.days.get(key);
    if (known) return known;
    const day: TemplateDay = {
      ...{ templateId, isLite, start, sent: 0, delivered: 0, read: 0, costMicros: 0 },
      ...{ quickReplies: new Map(), links: new Map(), blocks: new Map() },
    };
    this.days.set(key, day);
    return day;
  }

  private priceOf(received: Happening["received"], at: number): number {
    const { type, category } = costOf(received, at).pricing;
    if (type !== "regular") return 0;
    const rates = this.rates();
    if (category.startsWith("marketing")) return rates.marketing;
    if (category.startsWith("authentication")) return rates.authentication;
    return category === "utility" ? rates.utility : rates.service;
  }
}

function linkLabelOf(message: Happening["received"]["message"]): string {
  return message.shown?.buttons.find(({ kind }) => kind === "url")?.text ?? "";
}

function add(counts: Map<string, number>, key: string, count: number) {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
