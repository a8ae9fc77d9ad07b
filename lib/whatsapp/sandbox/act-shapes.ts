import * as z from "zod";
import { blockReasons } from "./behaviour";
import { phoneNumber } from "./world";

const wamid = z.string().min(1);

/** What somebody can do with a person's phone, instead of the model or before it. */
export const act = z.discriminatedUnion("act", [
  /** Holds the phone: from now on nothing is read, clicked or answered by the model. */
  z.strictObject({ act: z.literal("take") }),
  z.strictObject({ act: z.literal("release") }),
  /** Opens the chat: everything delivered is read. */
  z.strictObject({ act: z.literal("read") }),
  z.strictObject({
    act: z.literal("write"),
    text: z.string().trim().min(1).max(4_096),
    replyTo: wamid.optional(),
    /** The chat was opened from an ad: what a reply within a day begins is free for 72 hours. */
    fromAd: z.boolean().optional(),
  }),
  /** Sends a picture of a few pixels, always the same. */
  z.strictObject({ act: z.literal("photo"), caption: z.string().trim().max(1_024).optional() }),
  /** A quick reply of a template, or a reply button or list row of an interactive message, by its label. */
  z.strictObject({ act: z.literal("tap"), wamid, text: z.string().min(1) }),
  /** Opened a link by hand; the redirect sees the visit itself. */
  z.strictObject({ act: z.literal("click"), wamid }),
  /** No emoji takes the reaction away. */
  z.strictObject({ act: z.literal("react"), wamid, emoji: z.string().max(16).optional() }),
  z.strictObject({ act: z.literal("stop") }),
  z.strictObject({ act: z.literal("resume") }),
  z.strictObject({ act: z.literal("block"), reason: z.enum(blockReasons).optional() }),
  z.strictObject({ act: z.literal("unblock") }),
  z.strictObject({ act: z.literal("buy"), amountMicros: z.number().int().positive() }),
  z.strictObject({ act: z.literal("change_number"), to: phoneNumber }),
  z.strictObject({ act: z.literal("change_user_id") }),
]);
export type Act = z.infer<typeof act>;

/** An act of a person; `at` in world time. */
export const plannedAct = z.object({ phone: phoneNumber, at: z.iso.datetime({ offset: true }).optional(), do: act });
