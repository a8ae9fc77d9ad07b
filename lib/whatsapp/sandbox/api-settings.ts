import * as z from "zod";

const share = z.number().min(0).max(1);
const micros = z.number().int().min(0);

/** Highest number of unique users outside windows in 24 h, by tier. */
export const messagingLimits = {
  TIER_250: 250,
  TIER_2K: 2_000,
  TIER_10K: 10_000,
  TIER_100K: 100_000,
  TIER_UNLIMITED: Number.POSITIVE_INFINITY,
} as const;

/** How strictly the API answers. The defaults let a rehearsal run; each rule can be made to bite. */
export const apiSettings = z.object({
  /** Of the portfolio: unique users outside windows in rolling 24 h; over it 131048. */
  messagingLimit: z.enum(["TIER_250", "TIER_2K", "TIER_10K", "TIER_100K", "TIER_UNLIMITED"]).default("TIER_UNLIMITED"),
  /** Only these numbers may be written to, as with Meta's test numbers; others meet 131030. */
  allowedRecipients: z.array(z.string()).optional(),
  /** Numbers of the United States get no marketing (131049 after 200). */
  pausesMarketingInUS: z.boolean().default(true),
  /** Marketing messages a person may get in 24 h outside a window, before 131049. */
  marketingPerPersonAndDay: z.number().int().min(1).optional(),
  /** Of people: those who got their marketing from other businesses already (131049). */
  cappedShare: share.default(0),
  /** Of people: those whom Meta gives no marketing at all (130472). */
  experimentShare: share.default(0),
  marketingMessages: z
    .object({
      /** Onboarded; otherwise messages fall back to the Cloud API, or fail with 134102 under STRICT. */
      isOnboarded: z.boolean().default(true),
      /** Seconds after approval during which a template is not known there (134101). */
      syncSeconds: z.number().min(0).default(0),
    })
    .prefault({}),
  pacing: z
    .object({
      /** After so many sends of a new marketing template the rest is held; absent: nothing is held. */
      holdAfter: z.number().int().min(0).optional(),
      /** Seconds from the first held message to the decision. */
      decideAfterSeconds: z.number().min(0).default(3_600),
    })
    .prefault({}),
  quality: z
    .object({
      /** Deliveries of a template before it is judged at all. */
      leastDelivered: z.number().int().min(1).default(200),
      /** Blocks per delivery from which it is yellow and red. */
      yellowBlockRate: share.default(0.01),
      redBlockRate: share.default(0.02),
      /** Reads per delivery, a day later, below which it is yellow. */
      lowReadRate: share.default(0.05),
    })
    .prefault({}),
  templates: z
    .object({
      /** 6,000 once the portfolio is verified. */
      limit: z.number().int().min(1).default(250),
      createdPerHour: z.number().int().min(1).default(100),
    })
    .prefault({}),
  /** Calls that are neither sends nor media; 200 before a number is registered. */
  managementCallsPerHour: z.number().int().min(1).default(5_000),
  /** Sends that each of two templates needs to be compared. */
  compareLeastSends: z.number().int().min(1).default(1_000),
  /** Micros of the account's currency per delivered message. Invented prices. */
  rates: z
    .object({
      marketing: micros.default(61_500),
      utility: micros.default(17_000),
      authentication: micros.default(17_000),
      service: micros.default(0),
    })
    .prefault({}),
});
export type ApiSettings = z.infer<typeof apiSettings>;
