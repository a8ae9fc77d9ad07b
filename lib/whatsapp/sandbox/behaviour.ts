import { drawsFor, normal } from "./draws";
import { type Behaviour, buyRateWhenReached, type World } from "./world";

/** What one person does with one message. Delays in milliseconds of world time, each after the step before it. */
export interface Story {
  sentAfterMs: number;
  /** Not reached: reported as failed (131026), or silent for ever like a phone that stays off. */
  isReached: boolean;
  isFailureReported: boolean;
  failsAfterMs: number;
  /** Was reported as failed and is delivered all the same. */
  isDeliveredAfterFailing: boolean;
  /** `sent` is told before the API has answered. */
  isToldFirst: boolean;
  deliveredAfterMs: number;
  /** Read is reported instead of delivered, as when the chat is open. */
  skipsDelivered: boolean;
  isPreviewed: boolean;
  readAfterMs?: number;
  isReadReported: boolean;
  clickAfterMs?: number;
  answer?: Answer;
  /** Blocks the business, and says why when it is reported as well. */
  block?: { afterMs: number; reason?: string };
  /** Buys because of the message; where in the rest of the horizon, from 0 (at once) to 1 (its end). */
  purchase?: { position: number };
}

/** What a person says back, and how: with the app's own control, with a button of the message, or in words. */
export interface Answer {
  kind: "opt_out" | "friendly";
  way: "native" | "tap" | "write";
  afterMs: number;
  /** 0–1: which words. */
  choice: number;
}

/** Why people report a business, as Meta lists it. */
export const blockReasons = [
  "NO_LONGER_NEEDED",
  "NO_SIGN_UP",
  "SPAM",
  "OFFENSIVE_MESSAGES",
  "OTHER",
  "NO_REASON",
] as const;
export type BlockReason = (typeof blockReasons)[number];

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Longest way from the send to a click: 3 h to be delivered, 18 h to be read, 5 min to be opened. */
const LONGEST_DELIVERY_MS = 3 * HOUR;
const LONGEST_READ_MS = 18 * HOUR;
const DRAWS = 26;

/**
 * The story of a message, from the person's own draws. The same person draws the same numbers for every template, so
 * arms differ by behaviour alone; `ordinal` counts the messages that this person has received before.
 */
export function storyOf(
  who: { seed: number; phone: string; ordinal: number; isSpontaneousBuyer: boolean },
  arm: Behaviour,
  context: { hasLink: boolean; world: World },
): Story {
  const draw = drawsFor(`${who.seed}:${who.phone}:message:${who.ordinal}`);
  // Drawn in this fixed order whether used or not.
  const u = Array.from({ length: DRAWS }, draw);
  const at = (index: number) => u[index] ?? 0;
  const chance = (index: number, share: number) => at(index) < share;

  const { disorder } = context.world;
  const isReached = chance(0, arm.deliver);
  const reads = isReached && chance(1, arm.read);
  const showsReads = drawsFor(`${who.seed}:${who.phone}:receipts`)() < arm.readReceiptsOn;
  const clicks = reads && context.hasLink && chance(2, arm.click);
  const buys = isReached && !who.isSpontaneousBuyer && chance(3, buyChance(arm, { ...context, clicks }));
  return {
    sentAfterMs: 200 + at(4) * 1_300,
    isReached,
    isFailureReported: chance(5, 0.6),
    // Most failures are known at once; some only when Meta gives up.
    failsAfterMs: chance(20, 0.9) ? SECOND + at(21) * 4 * SECOND : at(21) * 2 * HOUR,
    isDeliveredAfterFailing: !isReached && chance(22, disorder.deliveredAfterFailed),
    isToldFirst: chance(23, disorder.beforeResponse),
    deliveredAfterMs: chance(6, 0.85)
      ? Math.min(MINUTE, logNormal(4 * SECOND, 1, [at(7), at(8)]))
      : MINUTE + at(7) ** 2 * (LONGEST_DELIVERY_MS - MINUTE),
    skipsDelivered: reads && showsReads && chance(9, disorder.readWithoutDelivered),
    isPreviewed: isReached && context.hasLink && chance(10, disorder.previewed),
    readAfterMs: reads ? Math.min(LONGEST_READ_MS, logNormal(25 * MINUTE, 1.3, [at(11), at(12)])) : undefined,
    isReadReported: showsReads,
    clickAfterMs: clicks ? 3 * SECOND + at(13) * 5 * MINUTE : undefined,
    answer: reads
      ? answerOf(arm, [at(14), at(18)], { afterMs: 20 * SECOND + at(15) * HOUR, choice: at(16) })
      : undefined,
    block: reads && chance(19, arm.block) ? blockOf(arm, [at(24), at(25)]) : undefined,
    purchase: buys ? { position: at(17) ** 2 } : undefined,
  };
}

/**
 * Chance that a reached person, who would not buy anyway, buys because of the message. Those who clicked come first;
 * over all reached people the buy rate is exactly base rate + lift, which is what the truth promises.
 */
function buyChance(arm: Behaviour, context: { hasLink: boolean; clicks: boolean; world: World }): number {
  const { baseRate } = context.world.purchases;
  if (baseRate >= 1) return 0;
  const wanted = (buyRateWhenReached(context.world, arm) - baseRate) / (1 - baseRate);
  const clickers = context.hasLink ? arm.read * arm.click : 0;
  if (clickers === 0) return wanted;
  if (context.clicks) return Math.min(1, wanted / clickers);
  return clickers >= 1 ? 0 : Math.max(0, (wanted - clickers) / (1 - clickers));
}

function answerOf(
  arm: Behaviour,
  [which, how]: [number, number],
  rest: { afterMs: number; choice: number },
): Answer | undefined {
  const way = rest.choice < arm.tap ? "tap" : "write";
  if (which < arm.optOut) return { kind: "opt_out", way: how < arm.nativeStop ? "native" : way, ...rest };
  if (which < arm.optOut + arm.reply) return { kind: "friendly", way, ...rest };
  return undefined;
}

function blockOf(arm: Behaviour, [when, why]: [number, number]): Story["block"] {
  const reason = why < arm.report ? blockReasons[Math.floor((why / arm.report) * blockReasons.length)] : undefined;
  return { afterMs: 10 * SECOND + when * 10 * MINUTE, reason };
}

function logNormal(median: number, spread: number, [first, second]: [number, number]): number {
  return median * Math.exp(spread * normal(first, second));
}

/** Whether a person buys without any message in the given horizon, when (0–1 of it), and for how much. */
export function spontaneousPurchase(who: { seed: number; phone: string; horizon: number }, world: World) {
  const draw = drawsFor(`${who.seed}:${who.phone}:horizon:${who.horizon}`);
  const buys = draw() < world.purchases.baseRate;
  return { buys, position: draw(), amountMicros: amountOf(world, [draw(), draw()]) };
}

function amountOf({ purchases }: World, uniform: [number, number]): number {
  const cent = 10_000;
  return Math.max(cent, Math.round(logNormal(purchases.medianMicros, purchases.spread, uniform) / cent) * cent);
}
