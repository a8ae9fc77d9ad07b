import type { ConsentStatus } from "@/lib/consent/consent";
import type { ImportCounts } from "./import";

/** Where somebody stands, in the four words of an import's report. */
export type ConsentOutcome = keyof ImportCounts["consent"];

/** A block counts as a withdrawal: nobody will write to this person. */
export function outcomeOf(status: ConsentStatus, isBlocked: boolean): ConsentOutcome {
  if (isBlocked) return "withdrawn";
  switch (status) {
    case "granted":
    case "pending":
    case "withdrawn":
      return status;
    case "denied":
    case "invalidated":
      return "withdrawn";
    default:
      return "none";
  }
}

export interface TalliedPerson {
  row: number;
  consent: ConsentOutcome;
  isOtherChannel: boolean;
}

/** Counts a file as its people come along: one person once, at the state in which the file leaves them. */
export class Tally {
  readonly people = new Map<string, TalliedPerson>();

  has(phone: string): boolean {
    return this.people.has(phone);
  }

  add(phone: string, person: TalliedPerson): void {
    const known = this.people.get(phone);
    const isOtherChannel = known ? known.isOtherChannel && person.isOtherChannel : person.isOtherChannel;
    this.people.set(phone, { ...person, row: known?.row ?? person.row, isOtherChannel });
  }

  /** The people's part of the counts. */
  counts(): Pick<ImportCounts, "contacts" | "consent" | "otherChannel"> {
    const consent = { granted: 0, pending: 0, withdrawn: 0, none: 0 };
    let otherChannel = 0;
    for (const person of this.people.values()) {
      consent[person.consent] += 1;
      if (person.isOtherChannel && person.consent === "pending") otherChannel += 1;
    }
    return { contacts: this.people.size, consent, otherChannel };
  }
}
