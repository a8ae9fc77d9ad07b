import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { SendOutcome } from "@/lib/whatsapp/client";
import type { MessageRequest } from "@/lib/whatsapp/requests";
import { impossibleRecord, type OutcomeRecord, outcomeRecord } from "../outcome";
import type { ClaimedMessage } from "./claim-messages";
import { recordOutcomes } from "./record-outcomes";

/** How one message leaves: the Cloud API client of the number, bound to its id. */
export type Send = (request: MessageRequest, options: { mayStart: () => boolean }) => Promise<SendOutcome>;

/** Also named in record_outcomes (drizzle/): such an attempt is no reason to give a message up. */
const START_PASSED = "start_passed";

export interface SendClaimed {
  messages: readonly ClaimedMessage[];
  send: Send;
  /** False once no further request may begin: the claim's two seconds are over, or the worker is stopping. */
  mayStart: () => boolean;
  /** Requests under way at once. */
  concurrency: number;
}

/**
 * Sends what was claimed, one HTTP call a message, and records every outcome. Never throws for what Meta answers. Answers
 * how many could not begin in time: more was claimed than could be sent.
 */
export async function sendClaimed(
  ctx: Context,
  { messages, send, mayStart, concurrency }: SendClaimed,
): Promise<{ unbegun: number }> {
  authorize(ctx, "job.run");
  const outcomes: OutcomeRecord[] = [];
  const queue = messages.values();
  await Promise.all(
    Array.from({ length: Math.min(concurrency, messages.length) }, async () => {
      for (const message of queue) outcomes.push(await sendOne(message, send, mayStart));
    }),
  );
  await recordOutcomes(ctx, messages[0]?.lane ?? 0, outcomes);
  return { unbegun: outcomes.filter(({ reason }) => reason === START_PASSED).length };
}

async function sendOne(message: ClaimedMessage, send: Send, mayStart: () => boolean): Promise<OutcomeRecord> {
  if (message.composed.kind === "impossible") return impossibleRecord(message, message.composed.reason);
  if (!mayStart()) return outcomeRecord(message, { kind: "unsent", reason: START_PASSED });
  return outcomeRecord(message, await send(message.composed.request, { mayStart }));
}
