import type { Act } from "./act-shapes";
import { Acts, type Refusal } from "./acts";
import type { WorldClock } from "./clock";
import { EventQueue } from "./event-queue";
import type { AcceptedMessage, SandboxState } from "./journal";
import type { MediaStore } from "./media-store";
import type { People, Person, Received } from "./people";
import { Purchases } from "./purchases";
import { Recipients, type Step } from "./recipients";
import { Shop } from "./shop";
import { type Happening, type Outlets, Teller } from "./teller";
import type { WebhookUpdate } from "./webhook-bodies";
import type { PersonInput, World } from "./world";

/** What happens at a planned time; `isPast` after a restart, when everybody has heard of it before. */
export type Planned = (at: number, isPast: boolean) => void;
type Event = { at: number } & ({ step: Step } | { run: Planned });

const POLL_MS = 20;
const EVENTS_PER_TURN = 2_000;
/** More waiting than this and the world stands still until the receiver has caught up. */
const MAX_WAITING_UPDATES = 50_000;

/** The world at work: one queue of events in world time, polled; no timer per person. */
export class Engine {
  private readonly queue = new EventQueue<Event>();
  private readonly teller: Teller;
  private readonly purchases: Purchases;
  private readonly recipients: Recipients;
  private readonly acts: Acts;
  private timer: NodeJS.Timeout | undefined;
  private processedUntil = 0;
  readonly shop: Shop;
  accepted = 0;
  mostAcceptedByOnePerson = 0;
  /** Events that have happened, so that a caller sees whether anything did. */
  happened = 0;

  constructor(
    private readonly parts: {
      account: SandboxState["account"];
      clock: WorldClock;
      people: People;
      outlets: Outlets;
      /** Where files of people are, for the API to give. */
      media: Pick<MediaStore, "receive">;
      /** Told of everything that becomes of messages, also when it is past. */
      watch: (happening: Happening) => void;
    },
    state: Pick<SandboxState, "world" | "horizon">,
    private readonly waitingUpdates: () => number,
  ) {
    const { account, people, outlets, watch } = parts;
    const { seed } = account;
    this.shop = new Shop(seed, state);
    this.teller = new Teller({
      ...{ seed, account, people, outlets, watch },
      world: () => this.world,
      later: (at, run) => this.plan(at, run),
    });
    const { shop, teller } = this;
    const plan = (at: number, step: Step) => this.queue.push({ at, step });
    this.purchases = new Purchases({ shop, teller, outlets, plan });
    const { purchases } = this;
    this.recipients = new Recipients({ seed, people, outlets, shop, purchases, teller, plan });
    this.acts = new Acts({
      ...{ people, recipients: this.recipients, purchases, teller, media: parts.media },
      horizon: () => this.shop.horizonNumber,
    });
  }

  get world(): World {
    return this.shop.world;
  }

  set world(world: World) {
    this.shop.world = world;
  }

  get counts() {
    return this.teller.counts;
  }

  start() {
    this.timer = setTimeout(() => this.poll(), POLL_MS);
  }

  stop() {
    clearTimeout(this.timer);
  }

  get pending() {
    return { events: this.queue.size, purchases: this.purchases.open, nextEventAt: this.queue.nextAt };
  }

  /** World time up to which all events have happened; a message that is taken late may begin before the last look. */
  get settledTime(): number {
    return Math.min(this.processedUntil, (this.queue.nextAt ?? Number.POSITIVE_INFINITY) - 1);
  }

  addPeople(inputs: PersonInput[]) {
    for (const person of this.parts.people.add(inputs)) this.purchases.planSpontaneous(person);
  }

  /** Starts the purchases of the whole world over a window of world time. */
  openHorizon(horizon: { from: string; hours: number }) {
    this.shop.openHorizon(horizon);
    for (const person of this.parts.people.all()) this.purchases.planSpontaneous(person);
  }

  /** Lets something happen at a world time. What is planned does not survive a restart: plan it again then. */
  plan(at: number, run: Planned) {
    this.queue.push({ at, run });
  }

  /** Takes a message that the API accepted; its effects follow in world time. */
  accept(message: AcceptedMessage): Received {
    const received = this.recipients.accept(message);
    this.accepted++;
    this.mostAcceptedByOnePerson = Math.max(this.mostAcceptedByOnePerson, received.person.received.length);
    return received;
  }

  /** To be waited for before the API answers: for some messages the webhook is told first. */
  tellFirst(received: Received): Promise<void> {
    return this.recipients.tellFirst(received);
  }

  /** Why somebody cannot do an act, or nothing. */
  refusal(person: Person, what: Act): Refusal | undefined {
    return this.acts.refusal(person, what);
  }

  /** Does at once what somebody wants to do with a person's phone; see acts.ts. */
  act(person: Person, what: Act, when: { at: number; isPast: boolean }) {
    this.happened++;
    this.acts.do(person, what, when);
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

  private happen(event: Event, isPast: boolean) {
    this.happened++;
    if ("run" in event) event.run(event.at, isPast);
    else this.recipients.happen(event.step, event.at, isPast);
  }

  /** Hands an update to the webhook, with the disorder of the world. */
  post(update: WebhookUpdate, at = this.parts.clock.now()) {
    this.teller.post(update, at);
  }

  /**
   * Emits any webhook field with its value as Meta writes it, dated now: `phone_number_quality_update`,
   * `business_capability_update`, `account_update`, `account_alerts`, `message_template_…`, ….
   */
  emitChange({ field, value }: { field: string; value: Record<string, unknown> }) {
    const now = this.parts.clock.now();
    this.teller.post({ kind: "account", field, value, time: Math.floor(now / 1_000) }, now);
  }
}
