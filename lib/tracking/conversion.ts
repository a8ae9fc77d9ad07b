import * as z from "zod";

const MAX_AMOUNT_MICROS = 1_000_000_000_000_000; // a thousand million units: more is a mistake of the sender
export const MAX_CONVERSIONS = 1_000;
/** A sender's clock may be ahead of ours by so much. */
export const FUTURE_MS = 5 * 60_000;

/** Before that a date is a mistake, and far before it one that the database cannot hold. */
const EARLIEST = new Date("2000-01-01T00:00:00Z");
/** The database holds every character but this one. */
const storable = z.string().refine((text) => !text.includes("\0"), "must not contain the character U+0000");

/** One order as a shop reports it. At least one of `clickId`, `phone`, `email`, `externalId` says whose it is. */
export const conversionInput = z
  .object({
    source: storable.trim().min(1).max(100),
    orderId: storable.trim().min(1).max(200),
    occurredAt: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text))
      .refine((at) => at >= EARLIEST, "is before there were orders to report"),
    amountMicros: z.int().min(0).max(MAX_AMOUNT_MICROS),
    currency: z.string().regex(/^[A-Z]{3}$/, "an ISO 4217 code such as EUR"),
    clickId: z.string().max(100).optional(),
    phone: z.string().max(40).optional(),
    email: z.string().max(254).optional(),
    externalId: z.string().max(200).optional(),
  })
  .refine((one) => one.clickId ?? one.phone ?? one.email ?? one.externalId, {
    message: "clickId, phone, email or externalId must say whose order it is",
  });
export type ConversionInput = z.infer<typeof conversionInput>;

export const conversionsInput = z.object({ conversions: z.array(z.unknown()).min(1).max(MAX_CONVERSIONS) });

/** What became of each conversion of a request, in its order. */
export type ConversionResult =
  | { status: "accepted" | "duplicate" }
  | { status: "refused"; errors: { field: string; message: string }[] };
