import * as z from "zod";
import { campaignStatuses } from "@/lib/campaigns/campaign";

const count = z.int().min(0);
/** A date of a query, a text once it has been sent. */
const instant = z.preprocess((value) => (value instanceof Date ? value.toISOString() : value), z.iso.datetime());

/** Live progress as the API answers it. Nothing in it about what people did with their messages. */
export const progressAnswer = z.object({
  status: z.enum(campaignStatuses),
  frozenReason: z.string().nullable(),
  people: count,
  heldOut: count,
  sent: count,
  open: count,
  share: z.number(),
  parts: z.array(
    z.object({
      key: z.string(),
      people: count,
      sent: count,
      delivered: count,
      inFlight: count,
      failed: count,
      skipped: count,
      open: count,
    }),
  ),
  ratePerSecond: z.number().nullable(),
  limitPerSecond: z.number().nullable(),
  expectedEndAt: instant.nullable(),
  reasons: z.array(
    z.object({ reason: z.string(), state: z.string(), total: count, byPart: z.record(z.string(), count) }),
  ),
  waiting: z.array(z.object({ reason: z.string(), total: count, nextAt: instant })),
  startsAt: instant.nullable(),
  lateSince: instant.nullable(),
  graceUntil: instant.nullable(),
  sendingStartedAt: instant.nullable(),
  sendingEndedAt: instant.nullable(),
  measuringUntil: instant.nullable(),
  at: instant,
});
export type ProgressAnswer = z.output<typeof progressAnswer>;
