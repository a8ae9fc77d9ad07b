import type { Story } from "./behaviour";
import { shortHash } from "./draws";
import type { AcceptedMessage } from "./journal";
import type { PersonInput } from "./world";

/** A virtual recipient. */
export interface Person {
  phone: string;
  externalId?: string;
  /** Was added to the world, and so buys now and then without being asked; others only answer messages. */
  belongsToWorld: boolean;
  received: Received[];
  /** World time of the last message from this person: opens the 24 h window. */
  lastWroteAt?: number;
  /** Pair limit: world time at which the allowance for this person is full again. */
  pairFullAt: number;
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
}

const PAIR_INTERVAL_MS = 6_000;
const PAIR_BURST = 45;
const WINDOW_MS = 24 * 60 * 60_000;

const countries: [prefix: string, country: string][] = [
  ["+34", "ES"],
  ["+351", "PT"],
  ["+33", "FR"],
  ["+39", "IT"],
  ["+44", "GB"],
  ["+49", "DE"],
  ["+52", "MX"],
  ["+54", "AR"],
  ["+55", "BR"],
  ["+56", "CL"],
  ["+57", "CO"],
  ["+1", "US"],
];

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

  findByUserId(userId: string): Person | undefined {
    return this.byUserId.get(userId);
  }

  /** Finds or makes the person with this phone number. */
  meet(phone: string): Person {
    const known = this.byPhone.get(phone);
    if (known) return known;
    const person: Person = { phone, belongsToWorld: false, received: [], pairFullAt: 0 };
    this.byPhone.set(phone, person);
    this.byUserId.set(this.userIdOf(phone), person);
    return person;
  }

  /** Adds people to the world; gives those who were not part of it before. */
  add(inputs: PersonInput[]): Person[] {
    return inputs.flatMap(({ phone, externalId }) => {
      const person = this.meet(phone);
      if (externalId !== undefined) person.externalId = externalId;
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
  userIdOf(phone: string): string {
    const country = countries.find(([prefix]) => phone.startsWith(prefix))?.[1] ?? "ZZ";
    return `${country}.${BigInt(`0x${shortHash(`${this.seed}:${phone}:user`).slice(0, 15)}`)}`;
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
