import { drawsFor } from "./draws";
import type { JournalLine, SandboxState } from "./journal";
import type { People, Person, Received } from "./people";
import { contactOf, type ReportedStatus, type ReportStyle, statusItem } from "./reports";
import type { Conversion } from "./shop";
import { type Contact, valueFrame, type WebhookUpdate } from "./webhook-bodies";
import type { World } from "./world";

/** What became of a message, for whoever counts. */
export interface Happening {
  kind: "sent" | "delivered" | "read" | "failed" | "click" | "tap" | "block";
  at: number;
  received: Received;
  /** Of a failure: its code. */
  code?: number;
  /** Of a block: the reason that the person gave; of a tap: the label of the button. */
  detail?: string;
  isPast: boolean;
}

/** Where effects go. Each of them repeats until taken. */
export interface Outlets {
  webhook: (update: WebhookUpdate, isLate: boolean) => void;
  /** Resolves when the webhook has been tried once. */
  webhookAtOnce: (update: WebhookUpdate) => Promise<void>;
  conversion: (conversion: Conversion) => void;
  /** Opens a link like a phone; gives the click id that the shop's address carried. */
  visit: (link: string) => Promise<string | undefined>;
  preview: (link: string) => void;
  journal: (line: JournalLine) => void;
}

export interface Report {
  status: ReportedStatus;
  at: number;
  hasPricing?: boolean;
  code?: number;
}

/** Tells the webhook what happened, with the disorder of the world, and counts it. What is past is not told again. */
export class Teller {
  readonly counts = {
    sent: 0,
    delivered: 0,
    read: 0,
    failed: 0,
    clicks: 0,
    friendlyAnswers: 0,
    optOuts: 0,
    blocks: 0,
    purchases: 0,
    purchasesAfterClick: 0,
  };
  private readonly disorder: () => number;

  constructor(
    private readonly parts: {
      seed: number;
      account: SandboxState["account"];
      people: People;
      world: () => World;
      outlets: Outlets;
      watch: (happening: Happening) => void;
      later: (at: number, run: () => void) => void;
    },
  ) {
    this.disorder = drawsFor(`${parts.seed}:disorder`);
  }

  get businessNumber(): string {
    return this.parts.account.displayPhoneNumber.replace(/\D/g, "");
  }

  get style(): ReportStyle {
    return { people: this.parts.people, shape: this.parts.world().webhookShape };
  }

  watch(happening: Happening) {
    this.parts.watch(happening);
  }

  status(received: Received, report: Report, isPast: boolean) {
    if (this.note(received, report, isPast)) this.post(this.updateOf(received, report), report.at);
  }

  /** Tells a status before anything else; resolves when the webhook has been tried. */
  async statusAtOnce(received: Received, report: Report) {
    if (this.note(received, report, false)) await this.parts.outlets.webhookAtOnce(this.updateOf(received, report));
  }

  private note(received: Received, { status, at, code }: Report, isPast: boolean): boolean {
    if (status === "failed") received.failedWith = code;
    this.watch({ kind: status, at, received, code, isPast });
    if (isPast) return false;
    this.counts[status]++;
    return true;
  }

  private updateOf(received: Received, report: Report): WebhookUpdate {
    const { status, at } = report;
    const item = statusItem(received, report, this.style);
    const isKnown = status !== "failed" && this.style.shape.hasUserIds;
    const contact = isKnown ? this.contact(received.person, { at, tellsUsername: status !== "sent" }) : undefined;
    return { kind: "status", item, contact };
  }

  /** Passes on what a person sent, unless the business has blocked them. System messages have no contact. */
  message(person: Person, { item, at, isSystem = false }: Inbound, isPast: boolean) {
    if (!isSystem) person.said.push({ at, item });
    if (isPast || person.isBlockedByBusiness) return;
    const contact = isSystem ? undefined : this.contact(person, { at, tellsUsername: true });
    this.post({ kind: "message", item, contact }, at);
  }

  /** A value of the `messages` family under a field of its own, about one person. */
  personChange(person: Person, { field, content, at }: PersonChange, isPast: boolean) {
    if (isPast) return;
    const contacts = [this.contact(person, { at, tellsUsername: true })];
    this.post({ kind: "account", field, value: { ...valueFrame(this.parts.account), contacts, ...content } }, at);
  }

  /** Hands an update to the webhook, with the disorder of the world. `at`: world time of what it tells. */
  post(update: WebhookUpdate, at: number) {
    const { duplicated, reordered, delayed, delaySeconds } = this.parts.world().disorder;
    const { outlets } = this.parts;
    const isLate = this.disorder() < reordered;
    if (delayed > 0 && this.disorder() < delayed) {
      this.parts.later(at + delaySeconds * 1_000, () => outlets.webhook(update, isLate));
    } else {
      outlets.webhook(update, isLate);
    }
    if (this.disorder() < duplicated) outlets.webhook(update, true);
  }

  private contact(person: Person, view: { at: number; tellsUsername: boolean }): Contact {
    return contactOf(person, this.style, view);
  }
}

interface Inbound {
  item: Record<string, unknown>;
  at: number;
  isSystem?: boolean;
}

interface PersonChange {
  field: "user_preferences" | "user_id_update";
  content: Record<string, unknown>;
  at: number;
}
