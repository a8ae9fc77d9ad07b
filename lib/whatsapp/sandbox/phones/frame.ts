import type { Person } from "../people";
import { Html, html } from "./html";
import type { Locale, Words } from "./words";

/** What every part of the page needs to know. */
export interface View {
  locale: Locale;
  words: Words;
  /** World time. */
  now: number;
  currency: string;
  search: string;
}

export const PHONES = "/sandbox/phones";

/** An address of this page that keeps language and search. */
export function addressOf(view: View, { phone, search = view.search, locale = view.locale }: Address = {}): string {
  const query = new URLSearchParams({ lang: locale, ...(search && { q: search }) });
  return `${PHONES}${phone ? `/${encodeURIComponent(phone)}` : ""}?${query}`;
}
interface Address {
  phone?: string;
  search?: string;
  locale?: Locale;
}

/** A form that lets the person do something. `fields` go with it unseen. */
export function actForm(view: View, { phone }: Person, { fields, content, isRow }: ActForm): Html {
  const action = `${PHONES}/${encodeURIComponent(phone)}/acts?${new URLSearchParams({ lang: view.locale })}`;
  return html`<form method="post" action="${action}" data-act class="${isRow ? "row" : ""}">${Object.entries(
    fields,
  ).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}${content}</form>`;
}
interface ActForm {
  fields: Record<string, string>;
  content: Html;
  /** Stands in one line: a field and its button. */
  isRow?: boolean;
}

export function timeText(view: View, at: number, timeZone?: string): string {
  return new Intl.DateTimeFormat(view.locale, { hour: "2-digit", minute: "2-digit", timeZone }).format(at);
}

export function dayText(view: View, at: number, timeZone: string): string {
  const day: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short", timeZone };
  return new Intl.DateTimeFormat(view.locale, day).format(at);
}

/** World time, which everybody's phone shows in a time zone of its own. */
export function clock(view: View): Html {
  const now = `${dayText(view, view.now, "UTC")}, ${timeText(view, view.now, "UTC")} UTC`;
  return html`<time id="clock" data-live>${now}</time>`;
}

interface Document {
  title: string;
  /** Where the language switch leads. */
  otherLanguage: string;
  main: Html;
  nonce: string;
  style: string;
  script: string;
}

export function document(view: View, { title, otherLanguage, main, nonce, style, script }: Document): Html {
  const { words } = view;
  return html`<!doctype html>
<html lang="${view.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#main">${words.people}</a>
<header class="top">
<h1><a href="${addressOf(view, { search: "" })}">${words.title}</a></h1>
<p class="note">${words.intro}</p>
<p class="note clock">${words.worldTime} ${clock(view)}</p>
<a href="${otherLanguage}" lang="${words.otherLocale}" hreflang="${words.otherLocale}">${words.language}</a>
</header>
<main id="main" tabindex="-1">${main}</main>
<p id="said" role="status" class="toast" hidden></p>
<script nonce="${nonce}">${new Html(script)}</script>
</body>
</html>`;
}
