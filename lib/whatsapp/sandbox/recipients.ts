import { answerMessage } from "./answers";
import { type Story, storyOf } from "./behaviour";
import type { AcceptedMessage } from "./journal";
import { whenAwake } from "./local-hours";
import { type People, type Person, type Received, waIdOf } from "./people";
import { placeOf } from "./places";
import type { Purchase, Purchases } from "./purchases";
import { isPhoneShown, unixSeconds, userIds } from "./reports";
import type { Shop } from "./shop";
import type { Outlets, Teller } from "./teller";
import { type Behaviour, behaviourFor, type World } from "./world";

/** A step of a person's story with a message, or a purchase. */
export type Step =
  | { kind: "sent" | "failed" | "delivered" | "read" | "click" | "answer" | "block"; received: Received }
  | Purchase;

const SECOND_MS = 1_000;
const DAY_MS = 24 * 60 * 60_000;
/** The business may see a hidden phone so long after it wrote to it. */
const PHONE_SHOWN_MS = 30 * DAY_MS;
/** A conversation that began at an ad is free for so long, when the business answers within a day. */
const FREE_ENTRY_MS = 3 * DAY_MS;
const UNDELIVERABLE = 131026;

/** The virtual recipients: what each does with each message, step by step in world time. */
export class Recipients {
  constructor(
    private readonly parts: {
      seed: number;
      people: People;
      shop: Shop;
      purchases: Purchases;
      teller: Teller;
      outlets: Outlets;
      /** Lets a step happen at a world time. */
      plan: (at: number, step: Step) => void;
    },
  ) {}

  private get world(): World {
    return this.parts.shop.world;
  }

  /** Takes a message that the API accepted; its effects follow in world time. */
  accept(message: AcceptedMessage): Received {
    const person = this.parts.people.meet(message.phone);
    if (message.userId === undefined) person.phoneShownUntil = message.at + PHONE_SHOWN_MS;
    const isAnswerToAd = person.cameFromAdAt !== undefined && message.at - person.cameFromAdAt < DAY_MS;
    if (isAnswerToAd) person.freeEntryUntil ??= message.at + FREE_ENTRY_MS;
    const received: Received = { message, person, story: this.storyFor(person, message) };
    person.received.push(received);
    const kind = message.failsWith === undefined ? "sent" : "failed";
    this.parts.plan(message.at + received.story.sentAfterMs, { kind, received });
    return received;
  }

  private storyFor(person: Person, message: AcceptedMessage): Story {
    const who = {
      seed: this.parts.seed,
      phone: person.key,
      ordinal: person.received.length,
      isSpontaneousBuyer: this.parts.shop.isSpontaneousBuyer(person),
    };
    const story = storyOf(who, this.behaviourTo(message, person), {
      hasLink: message.link !== undefined,
      world: this.world,
    });
    // Whoever plays a recipient wants to see what comes, soon.
    return person.isPlayed ? { ...story, isReached: true, deliveredAfterMs: SECOND_MS, skipsDelivered: false } : story;
  }

  private behaviourTo(message: AcceptedMessage, person: Person): Behaviour {
    const behaviour = behaviourFor(this.world, message.template, person);
    // Answers and confirmations sell nothing and are not answered.
    return message.type === "template"
      ? behaviour
      : { ...behaviour, click: 0, reply: 0, optOut: 0, block: 0, buyLiftPerDelivered: 0 };
  }

  happen(step: Step, at: number, isPast: boolean) {
    if (step.kind === "buy") return this.parts.purchases.buy(step, { at, isPast });
    const { received } = step;
    if (step.kind === "sent") return this.sent(received, at, isPast);
    if (step.kind === "failed") return this.failed(received, at, isPast);
    if (step.kind === "delivered") return this.delivered(received, at, isPast);
    if (received.person.isPlayed) return; // The rest is for whoever holds the phone.
    if (step.kind === "read") this.read(received, at, isPast);
    else if (step.kind === "click") this.click(received, at, isPast);
    else if (step.kind === "answer") this.answer(received, at, isPast);
    else this.block(received, { at, reason: received.story.block?.reason, isPast });
  }

  /** Tells `sent` now, so that the webhook has it before the API answers, for the share of messages that want it. */
  async tellFirst(received: Received) {
    if (!received.story.isToldFirst || received.message.failsWith !== undefined) return;
    received.isSentTold = true;
    await this.parts.teller.statusAtOnce(received, { status: "sent", at: received.message.at, hasPricing: true });
  }

  private sent(received: Received, at: number, isPast: boolean) {
    const { story } = received;
    if (!received.isSentTold) this.parts.teller.status(received, { status: "sent", at, hasPricing: true }, isPast);
    if (received.message.type === "reaction") return; // Nothing more is ever told of it.
    if (story.isReached) this.parts.plan(at + story.deliveredAfterMs, { kind: "delivered", received });
    else if (story.isFailureReported) this.parts.plan(at + story.failsAfterMs, { kind: "failed", received });
  }

  private failed(received: Received, at: number, isPast: boolean) {
    const { story, message } = received;
    this.parts.teller.status(received, { status: "failed", at, code: message.failsWith ?? UNDELIVERABLE }, isPast);
    if (message.failsWith === undefined && story.isDeliveredAfterFailing) {
      this.parts.plan(at + story.deliveredAfterMs, { kind: "delivered", received });
    }
  }

  private delivered(received: Received, at: number, isPast: boolean) {
    const { story, message } = received;
    received.deliveredAt = at;
    if (!story.skipsDelivered) {
      this.parts.teller.status(received, { status: "delivered", at, hasPricing: true }, isPast);
    }
    if (story.isPreviewed && message.link && !isPast) this.parts.outlets.preview(message.link);
    if (story.readAfterMs !== undefined && story.isReached) this.planAwake(at + story.readAfterMs, "read", received);
    else this.parts.purchases.planCaused(received, at);
  }

  /** Also by hand: the chat was opened. */
  read(received: Received, at: number, isPast: boolean) {
    if (received.readAt !== undefined) return;
    const { story, person } = received;
    received.readAt = at;
    if (story.isReadReported || person.isPlayed) {
      this.parts.teller.status(received, { status: "read", at, hasPricing: story.skipsDelivered }, isPast);
    }
    if (person.isPlayed) return;
    if (story.answer) this.planAwake(at + story.answer.afterMs, "answer", received);
    if (story.block) this.planAwake(at + story.block.afterMs, "block", received);
    if (story.clickAfterMs !== undefined) this.planAwake(at + story.clickAfterMs, "click", received);
    else this.parts.purchases.planCaused(received, at);
  }

  private planAwake(at: number, kind: "read" | "answer" | "block" | "click", received: Received) {
    const { person, story } = received;
    const timeZone = person.timeZone ?? placeOf(person.phone).timeZone;
    const position = story.sentAfterMs % 1; // As good as a draw of its own.
    this.parts.plan(whenAwake(at, timeZone, { hours: this.world.activity, position }), { kind, received });
  }

  private click(received: Received, at: number, isPast: boolean) {
    const { message, person } = received;
    const { teller, outlets } = this.parts;
    this.parts.purchases.planCaused(received, at);
    teller.watch({ kind: "click", at, received, isPast });
    if (isPast || message.link === undefined) return;
    teller.counts.clicks++;
    const visit = outlets.visit(message.link).then((clickId) => {
      if (person.visit === visit) person.visit = undefined;
      if (clickId === undefined) return;
      person.clickId = clickId;
      outlets.journal({ click: { phone: person.phone, clickId } });
    });
    person.visit = visit;
  }

  private answer(received: Received, at: number, isPast: boolean) {
    const { person, story } = received;
    const { teller } = this.parts;
    const { answer } = story;
    if (!answer) return;
    if (!isPast) teller.counts[answer.kind === "opt_out" ? "optOuts" : "friendlyAnswers"]++;
    if (answer.way === "native") return this.prefer(person, { value: "stop", at, isPast });
    const item = answerMessage(received, answer, {
      at,
      style: teller.style,
      businessNumber: teller.businessNumber,
    });
    const button = item.button;
    if (typeof button === "object" && button && "text" in button) {
      teller.watch({ kind: "tap", at, received, detail: String(button.text), isPast });
    }
    person.lastWroteAt = at;
    teller.message(person, { item, at }, isPast);
  }

  /** The app's own control "offers and announcements". */
  prefer(person: Person, { value, at, isPast }: { value: "stop" | "resume"; at: number; isPast: boolean }) {
    person.hasStoppedMarketing = value === "stop";
    const { style } = this.parts.teller;
    const preference = {
      ...(isPhoneShown(person, at) && { wa_id: waIdOf(person.phone) }),
      ...userIds(person, style),
      detail: `User requested to ${value} marketing messages`,
      category: "marketing_messages",
      value,
      timestamp: Number(unixSeconds(at)),
    };
    const change = { field: "user_preferences" as const, content: { user_preferences: [preference] }, at };
    this.parts.teller.personChange(person, change, isPast);
  }

  /** Blocks the business; Meta tells it nothing but by its quality. */
  block(received: Received, { at, reason, isPast }: { at: number; reason?: string; isPast: boolean }) {
    const { person } = received;
    if (person.isBlocking) return;
    person.isBlocking = true;
    this.parts.teller.watch({ kind: "block", at, received, detail: reason ?? "NO_REASON_GIVEN", isPast });
    if (!isPast) this.parts.teller.counts.blocks++;
  }
}
