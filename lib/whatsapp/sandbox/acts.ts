import type { Act } from "./act-shapes";
import { inboundFrame } from "./answers";
import type { MediaStore } from "./media-store";
import { type People, type Person, type Received, waIdOf } from "./people";
import type { Purchases } from "./purchases";
import type { Recipients } from "./recipients";
import { nameOf, unixSeconds } from "./reports";
import type { Teller } from "./teller";

export type Refusal = "unknown_message" | "unknown_button" | "number_taken";

/** Acts that were not the model's idea: of a marketer at the phones page, of a world file, of a test. */
export class Acts {
  constructor(
    private readonly parts: {
      people: People;
      recipients: Recipients;
      purchases: Purchases;
      teller: Teller;
      media: Pick<MediaStore, "receive">;
      horizon: () => number;
    },
  ) {}

  /** Why an act cannot be done, or nothing. To be asked before the act is written down. */
  refusal(person: Person, what: Act): Refusal | undefined {
    if (what.act === "change_number") return this.parts.people.find(what.to) ? "number_taken" : undefined;
    const id = "wamid" in what ? what.wamid : "replyTo" in what ? what.replyTo : undefined;
    if (id === undefined) return undefined;
    const received = receivedBy(person, id);
    if (!received) return "unknown_message";
    return what.act === "tap" && !buttonOf(received, what.text) ? "unknown_button" : undefined;
  }

  do(person: Person, what: Act, { at, isPast }: { at: number; isPast: boolean }) {
    const { recipients, teller } = this.parts;
    if (touchesChat.has(what.act)) {
      person.isPlayed = true;
      for (const one of person.received) if (one.deliveredAt !== undefined) recipients.read(one, at, isPast);
    }
    switch (what.act) {
      case "take":
        person.isPlayed = true;
        return;
      case "release":
        person.isPlayed = false;
        return;
      case "read":
        return;
      case "stop":
      case "resume":
        return recipients.prefer(person, { value: what.act, at, isPast });
      case "unblock":
        person.isBlocking = false;
        return;
      case "block":
        return this.block(person, what.reason, { at, isPast });
      case "buy": {
        person.boughtByHand = (person.boughtByHand ?? 0) + 1;
        const byHand = { number: person.boughtByHand, amountMicros: what.amountMicros };
        if (!isPast) this.parts.purchases.report(person, { at, horizon: this.parts.horizon(), byHand });
        return;
      }
      case "click": {
        const received = receivedBy(person, what.wamid);
        if (!received) return;
        if (!isPast) teller.counts.clicks++;
        return teller.watch({ kind: "click", at, received, isPast });
      }
      case "change_number":
        return this.changeNumber(person, what.to, { at, isPast });
      case "change_user_id":
        return this.changeUserId(person, { at, isPast });
      case "write":
      case "photo":
      case "tap":
      case "react":
        return this.say(person, what, { at, isPast });
    }
  }

  private block(person: Person, reason: string | undefined, when: { at: number; isPast: boolean }) {
    const received = person.received.at(-1);
    if (received) this.parts.recipients.block(received, { reason, ...when });
    else person.isBlocking = true;
  }

  private say(
    person: Person,
    what: Extract<Act, { act: "write" | "photo" | "tap" | "react" }>,
    { at, isPast }: { at: number; isPast: boolean },
  ) {
    const { teller } = this.parts;
    const frame = inboundFrame(person, teller.style, { at, what: `${person.key}:said:${person.said.length}:${at}` });
    const context = (id: string) => ({ context: { from: teller.businessNumber, id } });
    if (what.act === "react") {
      const received = receivedBy(person, what.wamid);
      if (received) received.reaction = what.emoji;
      const reaction = { message_id: what.wamid, ...(what.emoji && { emoji: what.emoji }) };
      return teller.message(person, { at, item: { ...frame, type: "reaction", reaction } }, isPast);
    }
    person.lastWroteAt = at;
    if (what.act === "write") {
      if (what.fromAd) Object.assign(person, { cameFromAdAt: at, freeEntryUntil: undefined });
      const text = { type: "text", text: { body: what.text } };
      const extra = what.fromAd ? { referral: adReferral } : what.replyTo ? context(what.replyTo) : {};
      return teller.message(person, { at, item: { ...extra, ...frame, ...text } }, isPast);
    }
    if (what.act === "photo") {
      const { id, mimeType, sha256 } = this.parts.media.receive(frame.id, PICTURE);
      const image = { id, mime_type: mimeType, sha256, ...(what.caption && { caption: what.caption }) };
      return teller.message(person, { at, item: { ...frame, type: "image", image } }, isPast);
    }
    const received = receivedBy(person, what.wamid);
    const reply = received && buttonOf(received, what.text);
    if (!received || !reply) return;
    teller.watch({ kind: "tap", at, received, detail: what.text, isPast });
    teller.message(person, { at, item: { ...context(what.wamid), ...frame, ...reply } }, isPast);
  }

  /** A new number is a new user id, too; the business is told of both. */
  private changeNumber(person: Person, to: string, { at, isPast }: { at: number; isPast: boolean }) {
    const { people, teller } = this.parts;
    const [old, fresh] = [waIdOf(person.phone), waIdOf(to)];
    const body = `User ${nameOf(person)} changed from ${old} to ${fresh}`;
    const frame = { ...inboundFrame(person, teller.style, { at, what: `${person.key}:number:${to}` }), from: old };
    people.move(person, to);
    const item = { ...frame, type: "system", system: { body, wa_id: fresh, type: "user_changed_number" } };
    teller.message(person, { at, item, isSystem: true }, isPast);
    this.changeUserId(person, { at, isPast });
  }

  private changeUserId(person: Person, { at, isPast }: { at: number; isPast: boolean }) {
    const { people, teller } = this.parts;
    const previous = people.userIdOf(person);
    people.changeUserId(person);
    const current = people.userIdOf(person);
    const name = nameOf(person);
    const update = {
      ...(!person.hidesPhone && { wa_id: waIdOf(person.phone) }),
      detail: `User id for ${name} has been updated.`,
      user_id: { previous, current },
      timestamp: unixSeconds(at),
    };
    const content = { user_id_update: [update] };
    teller.personChange(person, { field: "user_id_update", content, at }, isPast);
  }
}

/** Acts for which one has to have the chat open. */
const touchesChat = new Set<Act["act"]>(["read", "write", "photo", "tap", "click", "react"]);

const PICTURE = {
  mimeType: "image/png",
  bytes: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=",
    "base64",
  ),
};

const adReferral = {
  source_url: "https://fb.example.test/ad1",
  source_id: "120000000000001",
  source_type: "ad",
  headline: "Chat with us",
  body: "Summer offers",
  media_type: "image",
  image_url: "https://cdn.example.test/ad.jpg",
  ctwa_clid: "SANDBOX_CLICK_ID",
};

export function receivedBy(person: Person, wamid: string): Received | undefined {
  return person.received.find(({ message }) => message.wamid === wamid);
}

/** What tapping a button sends, as it stands in a webhook; nothing when the message has no such button. */
function buttonOf({ message }: Received, text: string): Record<string, unknown> | undefined {
  const quick = message.quickReplies.find((one) => one.text === text);
  if (message.type !== "interactive") {
    return quick && { type: "button", button: { payload: quick.payload, text: quick.text } };
  }
  const shown = message.shown?.buttons.find((one) => one.text === text);
  if (!shown) return undefined;
  const choice = { id: shown.payload ?? shown.text, title: shown.text };
  const kind = shown.kind === "list" || shown.kind === "row" ? "list_reply" : "button_reply";
  return { type: "interactive", interactive: { type: kind, [kind]: choice } };
}
