import { setTimeout as pause } from "node:timers/promises";
import { log, safeMessage } from "@/lib/foundation/log";
import type { Context } from "@/lib/identity/context";
import { claimMessages } from "@/lib/sending/commands/claim-messages";
import { leaseTokens, settleLease } from "@/lib/sending/commands/lease-tokens";
import { type Send, sendClaimed } from "@/lib/sending/commands/send-claimed";
import { type DueNumber, listDueLanes } from "@/lib/sending/queries/list-due-lanes";
import type { Metrics } from "./metrics";

/** Messages of one claim: what one lane can send inside the claim's two seconds with room to spare on a machine that keeps up. */
const LARGEST_CLAIM = 100;
const SMALLEST_CLAIM = 5;
const CLAIM_STEP = 5;
/** Lanes worked on at once; more only makes connections wait for each other. */
const PARALLEL_LANES = 4;
/** Requests under way at once, per lane. */
const CONCURRENCY = 16;
/** A request may begin so long after the claim began. The gate allows two seconds; the rest is margin for the clock. */
const START_WITHIN_MS = 1_800;

export interface Sender {
  contextFor(): Promise<Context>;
  /** The way out of a number; undefined when its credentials cannot be read. */
  sendFrom(numberId: string): Promise<Send | undefined>;
  workerId: string;
  signal: AbortSignal;
  /** How much is claimed at once: halved when requests could not begin in time, grown again step by step. */
  claim: { size: number };
  metrics: Pick<Metrics, "claimed" | "recorded">;
}

export function fullClaim(): { size: number } {
  return { size: LARGEST_CLAIM };
}

/** One round over everything that is due. True when something was sent, so that the next round follows at once. */
export async function sendRound(sender: Sender): Promise<boolean> {
  const due = await listDueLanes(await sender.contextFor());
  const done = await Promise.all(due.map((number) => sendNumber(sender, number)));
  return done.some(Boolean);
}

async function sendNumber(sender: Sender, { numberId, lanes }: DueNumber): Promise<boolean> {
  const send = await sender.sendFrom(numberId).catch((error: unknown) => {
    // One number whose credentials cannot be read must not hold up the others.
    log.error("number.not_usable", { numberId, error: safeMessage(error) });
    return undefined;
  });
  if (!send) return false;
  let hasSent = false;
  const queue = lanes.values();
  await Promise.all(
    Array.from({ length: PARALLEL_LANES }, async () => {
      for (const lane of queue) {
        if (sender.signal.aborted) return;
        if (await sendLane(sender, { numberId, lane, send })) hasSent = true;
      }
    }),
  );
  return hasSent;
}

async function sendLane(
  sender: Sender,
  { numberId, lane, send }: { numberId: string; lane: number; send: Send },
): Promise<boolean> {
  const ctx = await sender.contextFor();
  const lease = await leaseTokens(ctx, numberId, sender.claim.size);
  await pause(lease.waitMs, undefined, { signal: sender.signal }).catch(() => {}); // stopping: nothing is claimed below
  if (lease.tokens === 0) return true;
  if (sender.signal.aborted) return false;
  const begun = performance.now();
  const { messages, refused } = await claimMessages(ctx, {
    lane,
    numberId,
    limit: lease.tokens,
    workerId: sender.workerId,
  });
  sender.metrics.claimed(messages.length, refused, (performance.now() - begun) / 1_000);
  await settleLease(ctx, lease, { numberId, lane, contactIds: messages.map(({ contactId }) => contactId) });
  const mayStart = () => !sender.signal.aborted && performance.now() - begun < START_WITHIN_MS;
  const { unbegun, outcomes } = await sendClaimed(ctx, {
    numberId,
    messages,
    send,
    mayStart,
    concurrency: CONCURRENCY,
  });
  for (const kind of outcomes) sender.metrics.recorded(kind);
  sender.claim.size =
    unbegun > 0
      ? Math.max(SMALLEST_CLAIM, Math.floor(sender.claim.size / 2))
      : Math.min(LARGEST_CLAIM, sender.claim.size + CLAIM_STEP);
  return messages.length + refused > 0;
}
