import * as z from "zod";

const share = z.number().min(0).max(1);

/** How people behave who are sent a template. Each share is conditional on the step before it. */
const behaviour = z.object({
  /** Of those sent to: reached. */
  deliver: share.default(0.95),
  /** Of all people: lets senders see that they read. */
  readReceiptsOn: share.default(0.85),
  /** Of those reached: reads, seen or not. */
  read: share.default(0.7),
  /** Of readers of a message with a link: opens it. */
  click: share.default(0.12),
  /** Of readers: answers with a friendly text. */
  reply: share.default(0.03),
  /** Of readers: asks for no more messages. */
  optOut: share.default(0.01),
  /** What being reached adds to the chance to buy, over the base rate that holds for everybody. */
  buyLiftPerDelivered: share.default(0.01),
});
export type Behaviour = z.infer<typeof behaviour>;

export const world = z.object({
  /** By template name; other templates meet `otherwise`. */
  arms: z.record(z.string(), behaviour).default({}),
  otherwise: behaviour.prefault({}),
  purchases: z
    .object({
      /** Chance that a person buys within the horizon without any message. */
      baseRate: share.default(0.02),
      currency: z.string().length(3).default("EUR"),
      /** Amounts are log-normal around this median. */
      medianMicros: z.number().int().positive().default(35_000_000),
      spread: z.number().min(0).max(2).default(0.5),
    })
    .prefault({}),
  webhook: z.object({ url: z.url() }).optional(),
  conversions: z.object({ url: z.url(), apiKey: z.string() }).optional(),
  /** Disorder that real webhooks show, as shares of all items. */
  disorder: z
    .object({
      duplicated: share.default(0.02),
      reordered: share.default(0.05),
      readWithoutDelivered: share.default(0.03),
      /** Of messages with a link: fetched by a preview bot, too. */
      previewed: share.default(0.1),
    })
    .prefault({}),
  /** Seconds of world time until a new template is reviewed. */
  reviewSeconds: z.number().min(0).default(5),
  throughput: z
    .object({
      perSecond: z.number().positive().default(1_000),
      /** Messages that may come at once before 130429. */
      burst: z.number().positive().default(2_000),
    })
    .prefault({}),
});
export type World = z.infer<typeof world>;

export const clockSetting = z.object({ appNow: z.iso.datetime({ offset: true }), speed: z.number().positive() });
export type ClockSetting = z.infer<typeof clockSetting>;

export const person = z.object({ phone: z.string().regex(/^\+[1-9]\d{6,14}$/), externalId: z.string().optional() });
export type PersonInput = z.infer<typeof person>;

/** Purchases of the whole world start; each spontaneous one falls uniformly into the horizon. */
export const horizon = z.object({
  from: z.iso.datetime({ offset: true }),
  hours: z
    .number()
    .positive()
    .max(24 * 90),
});

export function behaviourOf(settings: World, template: string | undefined): Behaviour {
  return (template === undefined ? undefined : settings.arms[template]) ?? settings.otherwise;
}

/** Chance to buy within the horizon of a person who was reached. */
export function buyRateWhenReached(settings: World, arm: Behaviour): number {
  return Math.min(1, settings.purchases.baseRate + arm.buyLiftPerDelivered);
}

export interface Truth {
  holdout: { conversionPerAssigned: number };
  arms: { key: string; conversionPerAssigned: number }[];
}

/** Expected conversions per assigned person (reached or not), by template name, and of people who are sent nothing. */
export function truthOf(settings: World): Truth {
  const { baseRate } = settings.purchases;
  return {
    holdout: { conversionPerAssigned: baseRate },
    arms: Object.entries(settings.arms).map(([key, arm]) => ({
      key,
      conversionPerAssigned: arm.deliver * buyRateWhenReached(settings, arm) + (1 - arm.deliver) * baseRate,
    })),
  };
}
