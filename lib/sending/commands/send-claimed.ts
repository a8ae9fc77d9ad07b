import type { ToldAbout } from "@/lib/audience/commands/keep-identifiers";
import { learnOnce } from "@/lib/consent/commands/learn-identities";
import { log, safeMessage } from "@/lib/foundation/log";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import type { SendOutcome } from "@/lib/whatsapp/client";
import type { MessageRequest } from "@/lib/whatsapp/requests";
import { impossibleRecord, type OutcomeRecord, outcomeRecord } from "../outcome";
import type { ClaimedMessage } from "./claim-messages";
import { type LimitAnswer, learnLimits } from "./learn-limits";
import { recordOutcomes } from "./record-outcomes";

/** How one message leaves: the Cloud API client of the number, bound to its id. */
export type Send = (
  request: MessageRequest,
  options: { mayStart: () => boolean; isMarketing: boolean },
) => Promise<SendOutcome>;

/** Also named in record_outcomes (drizzle/): such an attempt is no reason to give a message up. */
const START_PASSED = "start_passed";

export interface SendClaimed {
  numberId: string;
  messages: readonly ClaimedMessage[];
  send: Send;
  /** False once no further request may begin: the claim's two seconds are over, or the worker is stopping. */
  mayStart: () => boolean;
  /** Requests under way at once. */
  concurrency: number;
}

/**
 * Sends what was claimed, one HTTP call a message, and records every outcome. Never throws for what Meta answers. Answers
 * how many could not begin in time: more was claimed than could be sent, and what became of each. What answers say about the limits of the number
 * is learnt once for the whole claim.
 */
export async function sendClaimed(
  ctx: Context,
  { numberId, messages, send, mayStart, concurrency }: SendClaimed,
): Promise<{ unbegun: number; outcomes: OutcomeRecord["kind"][] }> {
  authorize(ctx, "job.run");
  const outcomes: OutcomeRecord[] = [];
  const answers: LimitAnswer[] = [];
  const told: ToldAbout[] = [];
  let isRefused = false;
  const mayGo = () => !isRefused && mayStart();
  const sendOne = async (message: ClaimedMessage): Promise<OutcomeRecord> => {
    if (message.composed.kind === "impossible") return impossibleRecord(message, message.composed.reason);
    if (!mayGo()) return outcomeRecord(message, { kind: "unsent", reason: START_PASSED });
    const outcome = await send(message.composed.request, { mayStart: mayGo, isMarketing: message.isMarketing });
    const record = outcomeRecord(message, outcome);
    if (outcome.kind === "retry" && outcome.scope !== "message") {
      answers.push({ ...outcome, contactId: message.contactId, retryAfterMs: record.retryAfterMs ?? outcome.afterMs });
      // What the number or the account was refused, the rest of the claim would be refused too.
      if (outcome.scope !== "pair") isRefused = true;
    }
    told.push(...identityIn(message.contactId, message.composed.request, outcome));
    return record;
  };
  const queue = messages.values();
  await Promise.all(
    Array.from({ length: Math.min(concurrency, messages.length) }, async () => {
      for (const message of queue) outcomes.push(await sendOne(message));
    }),
  );
  const lane = messages[0]?.lane ?? 0;
  await recordOutcomes(ctx, lane, outcomes);
  await learnLimits(ctx, { numberId, lane, answers });
  await learnWho(ctx, told);
  return {
    unbegun: isRefused ? 0 : outcomes.filter(({ reason }) => reason === START_PASSED).length,
    outcomes: outcomes.map(({ kind }) => kind),
  };
}

/** What the answer says about whom we wrote to, where that is not what we dialled (cloud-api 2.2). */
function identityIn(contactId: string, request: MessageRequest, outcome: SendOutcome): ToldAbout[] {
  if (outcome.kind !== "accepted" && outcome.kind !== "held") return [];
  const { waId, userId } = outcome;
  const dialled = "to" in request && typeof request.to === "string" ? request.to.replace(/\D/g, "") : undefined;
  return (waId === undefined || waId === dialled) && userId === undefined ? [] : [{ contactId, waId, userId }];
}

/** The outcomes are written: what cannot be learnt now, the statuses tell again. */
async function learnWho(ctx: Context, told: readonly ToldAbout[]): Promise<void> {
  try {
    await learnOnce(ctx, told, async (people) => people);
  } catch (error) {
    log.error("sending.identities_not_learnt", { count: told.length, error: safeMessage(error) });
  }
}
