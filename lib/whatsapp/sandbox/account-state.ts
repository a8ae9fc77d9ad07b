import * as z from "zod";

/** What management calls change at the account and its number, and a restart keeps. */
export const accountState = z.object({
  /** Template insights; once on they stay on. */
  hasInsights: z.boolean().default(false),
  /** Marketing templates then go through the Marketing Messages API only (131063). */
  isMarketingOffOnCloudApi: z.boolean().default(false),
  isRegistered: z.boolean().default(true),
  /** Two-step verification; the first registration sets it. */
  pin: z.string().optional(),
  settings: z.record(z.string(), z.unknown()).default({}),
  profile: z.record(z.string(), z.unknown()).default({ about: "Contraste sandbox", vertical: "RETAIL" }),
  /** Given when the app was subscribed; webhooks go there. */
  callbackUrl: z.string().optional(),
  /** Phone numbers that the business has blocked. */
  blocked: z.array(z.string()).default([]),
});
export type AccountState = z.infer<typeof accountState>;
