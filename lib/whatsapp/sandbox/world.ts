import * as z from "zod";
import { isTimeZone } from "@/lib/foundation/time";
import { apiSettings } from "./api-settings";
import { placeOf } from "./places";

const share = z.number().min(0).max(1);

const shares = z.object({
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
  /** Of those who answer or opt out and have a button for it: taps it; the others write. */
  tap: share.default(0.7),
  /** Of those who opt out: switches "offers and announcements" off in the app itself. */
  nativeStop: share.default(0.1),
  /** Of readers: blocks the business. */
  block: share.default(0),
  /** Of those who block: reports it, with a reason. */
  report: share.default(0.4),
  /** What being reached adds to the chance to buy, over the base rate that holds for everybody. */
  buyLiftPerDelivered: share.default(0.01),
});
export type Behaviour = z.infer<typeof shares>;
export type BehaviourInput = z.input<typeof shares>;

const country = z.string().regex(/^[A-Z]{2}$/);
const language = z.string().regex(/^[a-z]{2}$/);

const changedShare = share.optional();
/** People who behave otherwise than an arm says: to all templates, or to those named. */
const segment = z.object({
  name: z.string().min(1),
  /** Everybody of whom all that is given is true; one of the listed values is enough. */
  who: z.strictObject({
    countries: z.array(country).optional(),
    languages: z.array(language).optional(),
    tags: z.array(z.string()).optional(),
  }),
  templates: z.array(z.string()).optional(),
  /** Shares that replace those of the arm. */
  behaviour: z.strictObject({
    deliver: changedShare,
    readReceiptsOn: changedShare,
    read: changedShare,
    click: changedShare,
    reply: changedShare,
    optOut: changedShare,
    tap: changedShare,
    nativeStop: changedShare,
    block: changedShare,
    report: changedShare,
    buyLiftPerDelivered: changedShare,
  }),
});

/** The settings of a world. Everything has a default: `{}` is a world. */
export const world = z.object({
  /**
   * How people behave who are sent a template, by its name; other templates meet `otherwise`. Each share is conditional
   * on the step before it.
   */
  arms: z.record(z.string(), shares).default({}),
  otherwise: shares.prefault({}),
  /** Who behaves otherwise; of several that fit a person, later ones win. */
  segments: z.array(segment).default([]),
  /** Local hours in which people read, click and answer; what falls into the night waits for the morning. */
  activity: z
    .object({ from: z.number().min(0).max(24).default(8), to: z.number().min(0).max(24).default(23) })
    .prefault({}),
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
  /** How webhooks are written. */
  webhookShape: z
    .object({
      /** Of the app's webhooks: v23 and older carry `conversation`, later ones do not. */
      version: z
        .string()
        .regex(/^v\d{2}\.\d$/)
        .default("v25.0"),
      /** Updates in one POST. */
      maxBatch: z.number().int().min(1).max(1_000).default(200),
      /** `/` as `\/`, as Meta does now and then. */
      escapesSlashes: z.boolean().default(true),
      /** Business-scoped user ids, as since April 2026. */
      hasUserIds: z.boolean().default(true),
      /** Parent user ids of an enrolled portfolio beside them. */
      hasParentUserIds: z.boolean().default(false),
    })
    .prefault({}),
  /** Disorder that real webhooks show, as shares of all items. */
  disorder: z
    .object({
      duplicated: share.default(0.02),
      reordered: share.default(0.05),
      /** Told late, by `delaySeconds` of world time. */
      delayed: share.default(0),
      delaySeconds: z.number().min(0).default(120),
      /** Of accepted messages: `sent` is told before the API has answered. */
      beforeResponse: share.default(0.01),
      readWithoutDelivered: share.default(0.03),
      /** Of messages that failed after `sent`: `delivered` comes nevertheless, as from a second device. */
      deliveredAfterFailed: share.default(0.01),
      /** Of messages with a link: fetched by a preview bot, too. */
      previewed: share.default(0.1),
    })
    .prefault({}),
  /** Seconds of world time until a new template is reviewed. */
  reviewSeconds: z.number().min(0).default(5),
  /** How strictly the API answers. */
  api: apiSettings.prefault({}),
  throughput: z
    .object({
      perSecond: z.number().positive().default(1_000),
      /** Messages that may come at once before 130429. */
      burst: z.number().positive().default(2_000),
    })
    .prefault({}),
});
export type World = z.infer<typeof world>;
export type WorldInput = z.input<typeof world>;

/** Speed 0 stands still: time passes by steps only. */
export const clockSetting = z.object({ appNow: z.iso.datetime({ offset: true }), speed: z.number().min(0) });
export type ClockSetting = z.infer<typeof clockSetting>;

export const phoneNumber = z.string().regex(/^\+[1-9]\d{6,14}$/, "must be a number like +34600000001");

/** A person of the world. What is not given follows from the phone number. */
export const person = z.object({
  phone: phoneNumber,
  externalId: z.string().optional(),
  name: z.string().max(80).optional(),
  country: country.optional(),
  language: language.optional(),
  timeZone: z.string().refine(isTimeZone, "must be a time zone like Europe/Madrid").optional(),
  tags: z.array(z.string()).optional(),
  /** Has a username (with @), and may hide the phone from businesses that only know the user id. */
  username: z
    .string()
    .regex(/^@[\w.]{3,35}$/)
    .optional(),
  hidesPhone: z.boolean().optional(),
});
export type PersonInput = z.infer<typeof person>;

/** What a segment asks about a person. */
export type Traits = Pick<PersonInput, "phone" | "country" | "language" | "tags">;

/** Purchases of the whole world start; each spontaneous one falls uniformly into the horizon. */
export const horizon = z.object({
  from: z.iso.datetime({ offset: true }),
  hours: z
    .number()
    .positive()
    .max(24 * 90),
});

/** How people in general take a template. */
export function behaviourOf(settings: World, template: string | undefined): Behaviour {
  return (template === undefined ? undefined : settings.arms[template]) ?? settings.otherwise;
}

/** How one person takes a template: the arm's behaviour, changed by the segments that the person belongs to. */
export function behaviourFor(settings: World, template: string | undefined, who: Traits): Behaviour {
  const arm = behaviourOf(settings, template);
  if (settings.segments.length === 0) return arm;
  const changes = settings.segments.filter(
    (one) => belongsTo(one, who) && (one.templates?.includes(template ?? "") ?? true),
  );
  return Object.assign({}, arm, ...changes.map(({ behaviour }) => behaviour));
}

/** Whether a person is of a segment. */
export function belongsTo(
  { who }: Pick<World["segments"][number], "who">,
  { phone, country, language, tags }: Traits,
): boolean {
  const place = placeOf(phone);
  return (
    (who.countries?.includes(country ?? place.country) ?? true) &&
    (who.languages?.includes(language ?? place.language) ?? true) &&
    (who.tags?.some((tag) => tags?.includes(tag)) ?? true)
  );
}

/** Chance to buy within the horizon of a person who was reached. */
export function buyRateWhenReached(settings: World, arm: Behaviour): number {
  return Math.min(1, settings.purchases.baseRate + arm.buyLiftPerDelivered);
}
