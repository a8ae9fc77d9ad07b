import type { Person } from "../people";
import { placeOf } from "../places";
import { nameOf } from "../reports";
import { addressOf, dayText, PHONES, timeText, type View } from "./frame";
import { type Html, html } from "./html";
import type { Listed } from "./thread";

/** The list of people with search, and the way to add a phone. */
export function peopleList(
  view: View,
  { listed, others }: { listed: Listed[]; others: number },
  chosen?: Person,
): Html {
  const { words, search, locale } = view;
  const add = `${PHONES}?${new URLSearchParams({ lang: locale })}`;
  return html`<nav class="people" aria-label="${words.people}">
<form method="get" action="${PHONES}" role="search" class="row">
<input type="hidden" name="lang" value="${locale}">
<label class="field"><span>${words.searchLabel}</span><input type="search" name="q" value="${search}" autocomplete="off"></label>
<button>${words.search}</button>
</form>
<ul id="people" data-live>${listed.map((one) => row(view, one, chosen))}${listed.length === 0 && html`<li id="nobody" class="empty">${search ? words.noPeople : words.emptyWorld}</li>`}${others > 0 && html`<li id="others" class="empty">${words.more(others)}</li>`}</ul>
<details class="add"><summary>${words.addPhone}</summary>
<form method="post" action="${add}" class="row">
<label class="field"><span>${words.phoneNumber}</span><input name="phone" type="tel" required pattern="\\+[1-9][0-9]{6,14}" placeholder="+34600000001" autocomplete="off"></label>
<button>${words.add}</button>
</form></details>
</nav>`;
}

function row(view: View, { person, lastAt, unread }: Listed, chosen: Person | undefined): Html {
  const { words } = view;
  const timeZone = person.timeZone ?? placeOf(person.phone).timeZone;
  const isToday = dayText(view, lastAt, timeZone) === dayText(view, view.now, timeZone);
  const when = isToday ? timeText(view, lastAt, timeZone) : dayText(view, lastAt, timeZone);
  return html`<li id="p-${person.phone.slice(1)}"><a href="${addressOf(view, { phone: person.phone })}"${person === chosen && html` aria-current="page"`}>
<b>${nameOf(person)}</b><span class="note">${lastAt > 0 && when}</span>
<span class="note">${person.phone}</span>${unread > 0 && html`<span class="badge" title="${words.unread}">${unread}<span class="only-read"> ${words.unread}</span></span>`}
</a></li>`;
}
