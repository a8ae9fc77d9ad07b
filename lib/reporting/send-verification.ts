import * as z from "zod";
import type { SendsVerification } from "./queries/verify-sends";
import { sendExceptions } from "./send-consent";

/** Why sends were verified: by the clock, because a campaign had been sent, because somebody asked. */
export const verificationCauses = ["nightly", "campaign", "person"] as const;
export type VerificationCause = (typeof verificationCauses)[number];

const instant = z.iso.datetime().transform((text) => new Date(text));

/** `send_verifications.result` as it is read back: a SendsVerification whose instants are text. */
export const storedVerification: z.ZodType<SendsVerification> = z.object({
  attempts: z.int(),
  withoutConsent: z.int(),
  sealed: z.int(),
  byCampaign: z.array(z.object({ campaignId: z.string(), attempts: z.int(), withoutConsent: z.int() })),
  exceptions: z.array(
    z.object({
      attemptId: z.string(),
      messageId: z.string(),
      campaignId: z.string(),
      exception: z.enum(sendExceptions),
      authorisedAt: instant,
    }),
  ),
  at: instant,
});

const SHOWN_EXCEPTIONS = 100;

/** Two verifications of different sends as one, as of the later instant. */
export function addVerifications(one: SendsVerification, other: SendsVerification): SendsVerification {
  const campaigns = new Map(one.byCampaign.map((row) => [row.campaignId, row]));
  for (const { campaignId, attempts, withoutConsent } of other.byCampaign) {
    const known = campaigns.get(campaignId) ?? { campaignId, attempts: 0, withoutConsent: 0 };
    campaigns.set(campaignId, {
      campaignId,
      attempts: known.attempts + attempts,
      withoutConsent: known.withoutConsent + withoutConsent,
    });
  }
  return {
    attempts: one.attempts + other.attempts,
    withoutConsent: one.withoutConsent + other.withoutConsent,
    sealed: one.sealed + other.sealed,
    byCampaign: [...campaigns.values()],
    exceptions: [...one.exceptions, ...other.exceptions].slice(0, SHOWN_EXCEPTIONS),
    at: new Date(Math.max(one.at.getTime(), other.at.getTime())),
  };
}

/** Nothing was sent, nothing was looked at. */
export function nothingVerified(at: Date): SendsVerification {
  return { attempts: 0, withoutConsent: 0, sealed: 0, byCampaign: [], exceptions: [], at };
}
