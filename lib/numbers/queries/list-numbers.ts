import { asc } from "drizzle-orm";
import { phoneNumbers } from "@/db/schema/numbers";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

export interface NumberView {
  id: string;
  wabaId: string;
  phoneNumberId: string;
  displayNumber: string;
  verifiedName: string;
  status: string;
  qualityRating: string;
  messagingLimit: string;
  messagesPerSecond: number;
  isSandbox: boolean;
  lastWebhookAt: Date | null;
}

/** The numbers we send from, oldest first. Without tokens and secrets. */
export async function listNumbers(ctx: Context): Promise<NumberView[]> {
  authorize(ctx, "number.read");
  return ctx.db
    .select({
      id: phoneNumbers.id,
      wabaId: phoneNumbers.wabaId,
      phoneNumberId: phoneNumbers.phoneNumberId,
      displayNumber: phoneNumbers.displayNumber,
      verifiedName: phoneNumbers.verifiedName,
      status: phoneNumbers.status,
      qualityRating: phoneNumbers.qualityRating,
      messagingLimit: phoneNumbers.messagingLimit,
      messagesPerSecond: phoneNumbers.messagesPerSecond,
      isSandbox: phoneNumbers.isSandbox,
      lastWebhookAt: phoneNumbers.lastWebhookAt,
    })
    .from(phoneNumbers)
    .orderBy(asc(phoneNumbers.createdAt));
}
