import type { Story } from "./behaviour";
import { shortHash } from "./draws";
import type { AcceptedMessage } from "./journal";
import { placeOf } from "./places";
import type { PersonInput } from "./world";

/** A virtual recipient. What the world says about a person (name, language, tags, …) wins over what the phone tells. */
export interface Person extends PersonInput {
  /** The first phone number: all draws of a person are named by it, also after a change of number. */
  key: string;
  /** Was added to the world, and so buys now and then without being asked; others only answer messages. */
  belongsToWorld: boolean;
  received: Received[];
  /** What this person sent, oldest first. */
  said: Said[];
  /** Somebody plays this person by hand: nothing is read, clicked or answered but by them. */
  isPlayed?: boolean;
  /** How often the user id has changed, and its number now. */
  userIdChanges: number;
  userNumber: string;
  /** World time until which the business may see a hidden phone, since it wrote to it. */
  phoneShownUntil?: number;
  /** World time of a conversation that an ad began, and until when it is free of charge. */
  cameFromAdAt?: number;
  freeEntryUntil?: number;
  /** World time of the last message from this person: opens the 24 h window. */
  lastWroteAt?: number;
  /** Pair limit: world time at which the allowance for this person is full again. */
  pairFullAt: number;
  /** Said "stop" to marketing in the app itself: marketing is accepted and then fails with 131050. */
  hasStoppedMarketing?: boolean;
  /** Has blocked the business: nothing reaches them. */
  isBlocking?: boolean;
  /** Was blocked by the business (`block_users`): nothing they write is passed on. */
  isBlockedByBusiness?: boolean;
  /** Purchases that somebody made for this person. */
  boughtByHand?: number;
  /** Horizon in which this person has bought; one purchase each. */
  boughtIn?: number;
  /** What the shop's address carried when this person opened our link last. */
  clickId?: string;
  /** The visit that is still under way; a purchase waits for it. */
  visit?: Promise<void>;
}

/** A message that was accepted for a person, and what comes of it. */
export interface Received {
  message: AcceptedMessage;
  person: Person;
  story: Story;
  /** `sent` was told before the API answered. */
  isSentTold?: boolean;
  /** World times, once they have happened. */
  deliveredAt?: number;
  readAt?: number;
  /** Code of the failure that was reported. */
  failedWith?: number;
  /** What the person made of it, latest last. */
  reaction?: string;
}

/** A message from a person, as it stands in a webhook. */
export interface Said {
  at: number;
  item: Record<string, unknown>;
}

const PAIR_INTERVAL_MS = 6_000;
const PAIR_BURST = 45;
const WINDOW_MS = 24 * 60 * 60_000;

export class People {
  private readonly byPhone = new Map<string, Person>();
  private readonly byUserId = new Map<string, Person>();

  constructor(private readonly seed: number) {}

  get size(): number {
    return this.byPhone.size;
  }

  all(): Iterable<Person> {
    return this.byPhone.values();
  }

  find(phone: string): Person | undefined {
    return this.byPhone.get(phone);
  }

  /** By business-scoped user id or by its parent. */
  findByUserId(userId: string): Person | undefined {
    return this.byUserId.get(userId);
  }

  /** Finds or makes the person with this phone number. */
  meet(phone: string): Person {
    const known = this.byPhone.get(phone);
    if (known) return known;
    const person: Person = {
      ...{ phone, key: phone, belongsToWorld: false, received: [], said: [], pairFullAt: 0, userIdChanges: 0 },
      userNumber: "",
    };
    this.byPhone.set(phone, person);
    this.nameByUserId(person);
    return person;
  }

  /** Gives a person another phone number, which must be nobody's; the old one is nobody's from now on. */
  move(person: Person, phone: string) {
    this.byPhone.delete(person.phone);
    person.phone = phone;
    this.byPhone.set(phone, person);
  }

  /** Gives a person another user id, as Meta does when the phone number changes. The old one leads nowhere. */
  changeUserId(person: Person) {
    this.byUserId.delete(this.userIdOf(person));
    this.byUserId.delete(this.parentUserIdOf(person));
    person.userIdChanges++;
    this.nameByUserId(person);
  }

  private nameByUserId(person: Person) {
    person.userNumber = String(this.idNumberOf(person));
    this.byUserId.set(this.userIdOf(person), person);
    this.byUserId.set(this.parentUserIdOf(person), person);
  }

  /** Adds people to the world; gives those who were not part of it before. */
  add(inputs: PersonInput[]): Person[] {
    return inputs.flatMap(({ phone, ...given }) => {
      const person = Object.assign(this.meet(phone), given);
      if (person.belongsToWorld) return [];
      person.belongsToWorld = true;
      return [person];
    });
  }

  /** After a restart: the click id that a visit brought before. */
  recallClick({ phone, clickId }: { phone: string; clickId: string }) {
    this.meet(phone).clickId = clickId;
  }

  /** Meta's business-scoped user id: country, dot, digits. */
  userIdOf(person: Person): string {
    return `${countryOf(person.key)}.${person.userNumber}`;
  }

  /** The id that all portfolios of an enrolled business share. */
  parentUserIdOf(person: Person): string {
    return `${countryOf(person.key)}.ENT.${person.userNumber}`;
  }

  private idNumberOf({ key, userIdChanges }: Person): bigint {
    const change = userIdChanges === 0 ? "" : `:${userIdChanges}`;
    return BigInt(`0x${shortHash(`${this.seed}:${key}:user${change}`).slice(0, 15)}`);
  }
}

/** WhatsApp's own spelling of a number differs from the dialled one in Brazil, Mexico and Argentina. */
export function waIdOf(phone: string): string {
  const digits = phone.slice(1);
  if (/^55[3-9]\d9\d{8}$/.test(digits)) return digits.slice(0, 4) + digits.slice(5);
  if (/^52[2-9]\d{9}$/.test(digits)) return `521${digits.slice(2)}`;
  if (/^54[1-8]\d{9}$/.test(digits)) return `549${digits.slice(2)}`;
  return digits;
}

/** Counts a message against the pair limit (one per 6 s, bursts of 45); false when it is over. */
export function takePairAllowance(person: Person, now: number): boolean {
  const fullAt = Math.max(person.pairFullAt, now) + PAIR_INTERVAL_MS;
  if (fullAt - now > PAIR_BURST * PAIR_INTERVAL_MS) return false;
  person.pairFullAt = fullAt;
  return true;
}

/** Whether free-form messages reach this person now. */
export function isWindowOpen(person: Person, now: number): boolean {
  return person.lastWroteAt !== undefined && now - person.lastWroteAt < WINDOW_MS;
}

/** The country of a phone number, as far as its prefix tells it. */
export function countryOf(phone: string): string {
  return placeOf(phone).country;
}
