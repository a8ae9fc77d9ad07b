import { storyOf } from "./behaviour";
import type { WorldClock } from "./clock";
import { drawsFor } from "./draws";
import { EventQueue } from "./event-queue";
import type { AcceptedMessage, JournalLine, SandboxState } from "./journal";
import { isWindowOpen, type People, type Person, type Received } from "./people";
import { answerMessage, contactOf, statusItem } from "./reports";
import { type Conversion, Shop } from "./shop";
import type { TemplateShelf } from "./template-shelf";
import { templateUpdate, type WebhookUpdate } from "./webhook-bodies";
import { type Behaviour, behaviourOf, type PersonInput, type World } from "./world";

type Event =
  | { at: number; kind: "sent" | "delivered" | "read" | "click" | "answer" | "failed"; received: Received }
  | { at: number; kind: "buy"; person: Person; horizon: number }
  | { at: number; kind: "review"; templateId: string };

/** Where effects go. Each of them repeats until taken. */
export interface Outlets {
  webhook: (update: WebhookUpdate, isLate: boolean) => void;
  conversion: (conversion: Conversion) => void;
  /** Opens a link like a phone; gives the click id that the shop's address carried. */
  visit: (link: string) => Promise<string | undefined>;
  preview: (link: string) => void;
  journal: (line: JournalLine) => void;
}

const POLL_MS = 20;
const EVENTS_PER_TURN = 2_000;
/** More waiting than this and the world stands still until the receiver has caught up. */
const MAX_WAITING_UPDATES = 50_000;

/** The virtual recipients at work: one queue of events in world time, polled; no timer per person. */
export class Engine {
  readonly counts = {
    sent: 0,
    delivered: 0,
    read: 0,
    failed: 0,
    clicks: 0,
    friendlyAnswers: 0,
    optOuts: 0,
    purchases: 0,
    purchasesAfterClick: 0,
  };
  private readonly queue = new EventQueue<Event>();
  private readonly disorder: () => number;
  private timer: NodeJS.Timeout | undefined;
  private processedUntil = 0;
  accepted = 0;
  mostAcceptedByOnePerson = 0;
  /** Events that have happened, so that a caller sees whether anything did. */
  happened = 0;
  private openPurchases = 0;
  readonly shop: Shop;

  constructor(
    private readonly parts: {
      seed: number;
      businessNumber: string;
      clock: WorldClock;
      people: People;
      shelf: TemplateShelf;
      outlets: Outlets;
    },
    state: Pick<SandboxState, "world" | "horizon">,
    private readonly waitingUpdates: () => number,
  ) {
    this.shop = new Shop(parts.seed, state);
    this.disorder = drawsFor(`${parts.seed}:disorder`);
  }

  get world(): World {
    return this.shop.world;
  }

  set world(world: World) {
    this.shop.world = world;
  }

  start() {
    this.timer = setTimeout(() => this.poll(), POLL_MS);
  }

  stop() {
    clearTimeout(this.timer);
  }

  get pending() {
    return { events: this.queue.size, purchases: this.openPurchases, nextEventAt: this.queue.nextAt };
  }

  /** World time up to which all events have happened. */
  get settledTime(): number {
    return this.processedUntil;
  }

  addPeople(inputs: PersonInput[]) {
    for (const person of this.parts.people.add(inputs)) this.planSpontaneousPurchase(person);
  }

  /** Starts the purchases of the whole world over a window of world time. */
  openHorizon(horizon: { from: string; hours: number }) {
    this.shop.openHorizon(horizon);
    for (const person of this.parts.people.all()) this.planSpontaneousPurchase(person);
  }

  planReview(templateId: string) {
    this.queue.push({ at: this.parts.clock.now() + this.world.reviewSeconds * 1_000, kind: "review", templateId });
  }

  /** Takes a message that the API accepted; its effects follow in world time. */
  accept(message: AcceptedMessage) {
    const person = this.parts.people.meet(message.phone);
    const arm = this.armOf(message);
    const who = {
      seed: this.parts.seed,
      phone: person.phone,
      ordinal: person.received.length,
      isSpontaneousBuyer: this.shop.isSpontaneousBuyer(person),
    };
    const story = storyOf(who, arm, { hasLink: message.link !== undefined, world: this.world });
    const received = { message, person, story };
    person.received.push(received);
    this.accepted++;
    this.mostAcceptedByOnePerson = Math.max(this.mostAcceptedByOnePerson, person.received.length);
    if (message.type !== "template" && !isWindowOpen(person, message.at)) {
      this.queue.push({ at: message.at + story.sentAfterMs, kind: "failed", received });
    } else {
      this.queue.push({ at: message.at + story.sentAfterMs, kind: "sent", received });
    }
  }

  /** After a restart: lets everything up to `until` have happened without telling anybody again. */
  catchUp(until: number) {
    for (let event = this.queue.takeDue(until); event; event = this.queue.takeDue(until)) this.happen(event, true);
    this.processedUntil = until;
  }

  private poll() {
    const now = this.parts.clock.now();
    let budget = this.waitingUpdates() > MAX_WAITING_UPDATES ? 0 : EVENTS_PER_TURN;
    let event = budget > 0 ? this.queue.takeDue(now) : undefined;
    for (; event; event = budget > 0 ? this.queue.takeDue(now) : undefined) {
      this.happen(event, false);
      budget--;
    }
    if (budget > 0) this.processedUntil = now;
    this.timer = setTimeout(() => this.poll(), budget > 0 ? POLL_MS : 1);
  }

  private armOf(message: AcceptedMessage): Behaviour {
    const arm = behaviourOf(this.world, message.template);
    // Answers and confirmations sell nothing and are not answered.
    return message.type === "template" ? arm : { ...arm, click: 0, reply: 0, optOut: 0, buyLiftPerDelivered: 0 };
  }

  private happen(event: Event, isPast: boolean) {
    this.happened++;
    if (event.kind === "review") return this.review(event.templateId, event.at, isPast);
    if (event.kind === "buy") return this.buy(event, isPast);
    const { received, at } = event;
    if (event.kind === "sent") this.sent(received, at, isPast);
    else if (event.kind === "failed") this.report(received, { status: "failed", at, code: 131047 }, isPast);
    else if (event.kind === "delivered") this.delivered(received, at, isPast);
    else if (event.kind === "read") this.read(received, at, isPast);
    else if (event.kind === "click") this.click(received, at, isPast);
    else this.answer(received, at, isPast);
  }

  private sent(received: Received, at: number, isPast: boolean) {
    const { story } = received;
    this.report(received, { status: "sent", at, hasPricing: true }, isPast);
    if (story.isReached) {
      this.queue.push({ at: at + story.deliveredAfterMs, kind: "delivered", received });
    } else if (story.isFailureReported) {
      this.report(received, { status: "failed", at: at + 1_000, code: 131026 }, isPast);
    }
  }

  private delivered(received: Received, at: number, isPast: boolean) {
    const { story, message } = received;
    if (!story.skipsDelivered) this.report(received, { status: "delivered", at, hasPricing: true }, isPast);
    if (story.isPreviewed && message.link && !isPast) this.parts.outlets.preview(message.link);
    if (story.readAfterMs !== undefined) this.queue.push({ at: at + story.readAfterMs, kind: "read", received });
    else this.planCausedPurchase(received, at);
  }

  private read(received: Received, at: number, isPast: boolean) {
    const { story } = received;
    if (story.isReadReported) {
      this.report(received, { status: "read", at, hasPricing: story.skipsDelivered }, isPast);
    }
    if (story.answer) this.queue.push({ at: at + story.answer.afterMs, kind: "answer", received });
    if (story.clickAfterMs !== undefined) this.queue.push({ at: at + story.clickAfterMs, kind: "click", received });
    else this.planCausedPurchase(received, at);
  }

  private click(received: Received, at: number, isPast: boolean) {
    const { message, person } = received;
    this.planCausedPurchase(received, at);
    if (isPast || message.link === undefined) return;
    this.counts.clicks++;
    const visit = this.parts.outlets.visit(message.link).then((clickId) => {
      if (person.visit === visit) person.visit = undefined;
      if (clickId === undefined) return;
      person.clickId = clickId;
      this.parts.outlets.journal({ click: { phone: person.phone, clickId } });
    });
    person.visit = visit;
  }

  private answer(received: Received, at: number, isPast: boolean) {
    const { person, story } = received;
    person.lastWroteAt = at;
    if (isPast || !story.answer) return;
    this.counts[story.answer.kind === "opt_out" ? "optOuts" : "friendlyAnswers"]++;
    const contact = contactOf(person, this.parts.people);
    const how = { at, userId: contact.user_id, businessNumber: this.parts.businessNumber };
    this.post({ kind: "message", item: answerMessage(received, story.answer, how), contact });
  }

  private planCausedPurchase(received: Received, after: number) {
    const at = this.shop.causedPurchaseAt(received, after);
    if (at !== undefined)
      this.queue.push({ at, kind: "buy", person: received.person, horizon: this.shop.horizonNumber });
  }

  private planSpontaneousPurchase(person: Person) {
    const at = this.shop.spontaneousPurchaseAt(person);
    if (at !== undefined) this.queue.push({ at, kind: "buy", person, horizon: this.shop.horizonNumber });
  }

  private buy({ person, horizon, at }: { person: Person; horizon: number; at: number }, isPast: boolean) {
    if (person.boughtIn === horizon) return;
    person.boughtIn = horizon;
    if (isPast) return;
    this.openPurchases++;
    void Promise.resolve(person.visit).then(() => {
      this.openPurchases--;
      this.counts.purchases++;
      if (person.clickId) this.counts.purchasesAfterClick++;
      this.parts.outlets.conversion(this.shop.order(person, { at, horizon }));
    });
  }

  private review(templateId: string, at: number, isPast: boolean) {
    const { shelf } = this.parts;
    const isReviewed = shelf.review(templateId);
    const template = shelf.get(templateId);
    if (isReviewed && template && !isPast) this.post(templateUpdate(template, at));
  }

  private report(received: Received, what: Parameters<typeof statusItem>[1], isPast: boolean) {
    if (isPast) return;
    this.counts[what.status]++;
    const contact = contactOf(received.person, this.parts.people);
    const item = statusItem(received, what, contact.user_id);
    this.post({ kind: "status", item, ...(what.status !== "failed" && { contact }) });
  }

  private post(update: WebhookUpdate) {
    const { duplicated, reordered } = this.world.disorder;
    this.parts.outlets.webhook(update, this.disorder() < reordered);
    if (this.disorder() < duplicated) this.parts.outlets.webhook(update, true);
  }
}
