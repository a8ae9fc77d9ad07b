import type { People, Person, Received, Said } from "../people";
import { nameOf } from "../reports";

/** What stands in a chat, oldest first. */
export type Entry = { at: number; received: Received } | { at: number; said: Said };

export interface Thread {
  entries: Entry[];
  /** Accepted, and neither on the phone nor failed. */
  onTheWay: number;
}

const MOST_ENTRIES = 100;

/** The chat as the person sees it: what arrived, and what the person sent. Of a long one the end. */
export function threadOf(person: Person): Thread {
  const arrived = person.received.filter((one) => one.deliveredAt !== undefined || one.failedWith !== undefined);
  const entries: Entry[] = [
    ...arrived.map((received) => ({ at: received.deliveredAt ?? received.message.at, received })),
    ...person.said.map((said) => ({ at: said.at, said })),
  ];
  const isLost = ({ story, message, failedWith }: Received) =>
    failedWith === undefined && message.failsWith === undefined && !story.isReached && !story.isFailureReported;
  const open = person.received.filter((one) => !arrived.includes(one) && !isLost(one));
  return { entries: entries.sort((a, b) => a.at - b.at).slice(-MOST_ENTRIES), onTheWay: open.length };
}

export interface Listed {
  person: Person;
  lastAt: number;
  unread: number;
}

const MOST_LISTED = 60;

/** The people with the latest news first; `search` looks at name, phone, username and tags. */
export function listPeople(people: People, search: string): { listed: Listed[]; others: number } {
  const wanted = search.trim().toLowerCase();
  const digits = wanted.replace(/[\s+()-]/g, "");
  const found: { person: Person; lastAt: number }[] = [];
  for (const person of people.all()) {
    if (wanted !== "" && !matches(person, wanted, digits)) continue;
    found.push({ person, lastAt: Math.max(lastReceived(person), person.said.at(-1)?.at ?? 0) });
  }
  found.sort((a, b) => b.lastAt - a.lastAt || (a.person.phone < b.person.phone ? -1 : 1));
  const listed = found.slice(0, MOST_LISTED).map(({ person, lastAt }) => ({
    ...{ person, lastAt },
    unread: person.received.filter((one) => one.deliveredAt !== undefined && one.readAt === undefined).length,
  }));
  return { listed, others: found.length - listed.length };
}

function lastReceived({ received }: Person): number {
  return received.reduce((last, { deliveredAt = 0 }) => Math.max(last, deliveredAt), 0);
}

function matches(person: Person, wanted: string, digits: string): boolean {
  if (/^\d+$/.test(digits) && person.phone.includes(digits)) return true;
  const { username = "", tags = [] } = person;
  return [nameOf(person), username, ...tags].some((text) => text.toLowerCase().includes(wanted));
}
