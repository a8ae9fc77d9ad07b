import { shortHash } from "../draws";
import type { ShownMessage } from "../journal";
import type { Person, Received, Said } from "../people";
import { placeOf } from "../places";
import { actForm, timeText, type View } from "./frame";
import { type Html, html } from "./html";
import { marked } from "./marks";
import type { Entry } from "./thread";

type Button = ShownMessage["buttons"][number];
type Media = NonNullable<ShownMessage["media"]>;

const EMOJI = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/** One entry of a chat. Its id stays the same, so that the page changes only what has changed. */
export function bubble(view: View, person: Person, entry: Entry): Html {
  if ("said" in entry) return said(view, person, entry.said);
  const { received } = entry;
  const id = `r-${shortHash(received.message.wamid)}`;
  if (received.deliveredAt === undefined) {
    const { failedWith = 0 } = received;
    return html`<li id="${id}" class="event">${view.words.notDelivered(failedWith)}</li>`;
  }
  return html`<li id="${id}" class="from-business">${content(view, person, received)}</li>`;
}

function content(view: View, person: Person, received: Received): Html {
  const { message, readAt, reaction } = received;
  const shown: ShownMessage = message.shown ?? { body: message.text, buttons: [] };
  const where: Place = { view, person, received };
  const { words } = view;
  return html`<div class="bubble">
${shown.media && mediaBox(view, shown.media)}${shown.location && html`<p class="media">${words.media.location}: ${placeText(shown.location)}</p>`}
${shown.header && html`<p class="head"><b>${shown.header}</b></p>`}
${shown.offer && offerBox(view, shown.offer)}
${shown.body && html`<p class="text">${marked(shown.body)}</p>`}
${!hasWords(shown) && html`<p class="text">${words.media[message.type] ?? message.type}</p>`}
${shown.footer && html`<p class="foot">${shown.footer}</p>`}
<p class="time"><time>${timeText(view, received.deliveredAt ?? message.at, zoneOf(person))}</time> · ${readAt === undefined ? words.unread : words.read}</p>
${buttonList(where, shown.buttons)}
</div>
${
  shown.cards &&
  html`<ol class="cards" tabindex="0">${shown.cards.map(
    (card, index) => html`<li class="bubble" aria-label="${words.card(index + 1, shown.cards?.length ?? 0)}">
${card.media && mediaBox(view, card.media)}${card.body && html`<p class="text">${marked(card.body)}</p>`}${buttonList(where, card.buttons)}</li>`,
  )}</ol>`
}
<div class="reactions">${reaction && html`<span class="reaction" aria-label="${words.reacted(reaction)}">${reaction}</span>`}
<details><summary>${words.react}</summary><div class="row">${EMOJI.map((emoji) =>
    actForm(view, person, {
      fields: { act: "react", wamid: message.wamid, emoji },
      content: html`<button class="emoji" aria-label="${words.reacted(emoji)}">${emoji}</button>`,
    }),
  )}${
    reaction &&
    actForm(view, person, {
      fields: { act: "react", wamid: message.wamid },
      content: html`<button>${words.unreact}</button>`,
    })
  }</div></details></div>`;
}

interface Place {
  view: View;
  person: Person;
  received: Received;
}

function hasWords({ body, header, media, location, cards }: ShownMessage): boolean {
  return [body, header, media, location, cards].some((one) => one !== undefined);
}

function mediaBox({ words }: View, { kind, filename, link, id }: Media): Html {
  const name = filename ?? link?.split("/").at(-1) ?? id;
  return html`<p class="media">${words.media[kind] ?? kind}${name && html`<span class="note">${name}</span>`}</p>`;
}

function placeText(location: Record<string, unknown>): string {
  const texts = [location.name, location.address].filter((one) => typeof one === "string");
  return texts.length > 0 ? texts.join(", ") : `${location.latitude}, ${location.longitude}`;
}

function offerBox(view: View, { text, expiresAtMs }: NonNullable<ShownMessage["offer"]>): Html {
  const ends =
    expiresAtMs === undefined
      ? undefined
      : new Intl.DateTimeFormat(view.locale, { dateStyle: "medium", timeStyle: "short" }).format(expiresAtMs);
  return html`<p class="offer"><b>${text}</b>${ends && html`<span class="note">${view.words.offerEnds} ${ends}</span>`}</p>`;
}

function buttonList(where: Place, buttons: readonly Button[]): Html | undefined {
  if (buttons.length === 0) return undefined;
  return html`<ul class="buttons">${buttons.map((one) => html`<li>${button(where, one)}</li>`)}</ul>`;
}

/** Every button that a person could press does what it does on a phone. */
function button({ view, person, received }: Place, { kind, text, url, code }: Button): Html {
  const { words } = view;
  const { wamid } = received.message;
  if (url !== undefined && /^https?:/i.test(url)) {
    return html`<a href="${url}" target="_blank" rel="noopener" data-click="${wamid}"><span aria-hidden="true">↗ </span>${text}<span class="only-read"> (${words.opensLink})</span></a>`;
  }
  if (code !== undefined) {
    return html`<button type="button" data-copy="${code}" data-done="${words.copied}">${text || words.copy} <code>${code}</code></button>`;
  }
  if (/reply|row|list/.test(kind.toLowerCase())) {
    const content = html`<button><span aria-hidden="true">↩ </span>${text}</button>`;
    return actForm(view, person, { fields: { act: "tap", wamid, text }, content });
  }
  return html`<span class="inert" title="${words.inert}">${text}</span>`;
}

function said(view: View, person: Person, { at, item }: Said): Html {
  const id = `s-${shortHash(String(item.id))}`;
  const { words } = view;
  const emoji = textIn(item.reaction, "emoji");
  if (item.type === "reaction") return html`<li id="${id}" class="event">${words.reacted(emoji ?? "")}</li>`;
  const tapped = textIn(item.button, "text") ?? titleIn(item.interactive);
  const picture = item.type === "image" ? `🖼 ${textIn(item.image, "caption") ?? ""}`.trim() : undefined;
  const text = textIn(item.text, "body") ?? tapped ?? picture ?? String(item.type);
  return html`<li id="${id}" class="from-person"><div class="bubble"><p class="text">${text}</p>
<p class="time">${tapped !== undefined && `${words.tapped} · `}<time>${timeText(view, at, zoneOf(person))}</time></p></div></li>`;
}

function textIn(part: unknown, key: string): string | undefined {
  if (typeof part !== "object" || part === null) return undefined;
  const found: unknown = Object.entries(part).find(([name]) => name === key)?.[1];
  return typeof found === "string" ? found : undefined;
}

/** The title of a reply button or list row, whichever there is. */
function titleIn(interactive: unknown): string | undefined {
  if (typeof interactive !== "object" || interactive === null) return undefined;
  return Object.values(interactive)
    .map((one: unknown) => textIn(one, "title"))
    .find((title) => title !== undefined);
}

function zoneOf(person: Person): string {
  return person.timeZone ?? placeOf(person.phone).timeZone;
}
