import { blockReasons } from "../behaviour";
import type { People, Person } from "../people";
import { placeOf } from "../places";
import { nameOf } from "../reports";
import { bubble } from "./bubble";
import { actForm, addressOf, type View } from "./frame";
import { type Html, html } from "./html";
import { threadOf } from "./thread";

/** One phone: the chat with the business, and everything that its owner can do. */
export function phone(view: View, person: Person, people: People): Html {
  const { words } = view;
  const { entries, onTheWay } = threadOf(person);
  const act = (fields: Record<string, string>, label: string, kind = "") =>
    actForm(view, person, { fields, content: html`<button class="${kind}">${label}</button>` });
  return html`<section class="phone" aria-labelledby="who">
<a class="back" href="${addressOf(view)}">← ${words.back}</a>
<header><h2 id="who">${nameOf(person)}</h2><p class="note">${person.phone}</p></header>
<div id="mode" data-live><div id="mode-now" class="mode">${
    person.isPlayed
      ? html`<p>${words.taken}</p>${act({ act: "read" }, words.openChat)}${act({ act: "release" }, words.release)}`
      : html`<p>${words.takeHint}</p>${act({ act: "take" }, words.take, "main")}`
  }</div></div>
<div class="screen">
<p class="sender"><b>Contraste</b><span class="note">${words.business}</span></p>
<div role="log" aria-label="${nameOf(person)}"><ol id="chat" class="chat" tabindex="0" data-live data-follow>
${entries.length === 0 && html`<li id="nothing" class="event">${words.noMessages}</li>`}${entries.map((entry) => bubble(view, person, entry))}${onTheWay > 0 && html`<li id="way" class="event">${words.onTheWay(onTheWay)}</li>`}
</ol></div>
${actForm(view, person, {
  fields: { act: "write" },
  isRow: true,
  content: html`<label class="field"><span class="only-read">${words.write}</span><input name="text" required maxlength="4096" placeholder="${words.writeHint}" autocomplete="off"></label><button class="main">${words.send}</button>`,
})}
${act({ act: "photo" }, words.photo)}
</div>
${controls(view, person, act)}
${details(view, person, people)}
</section>`;
}

type ActButton = (fields: Record<string, string>, label: string, kind?: string) => Html;

function controls(view: View, person: Person, act: ActButton): Html {
  const { words, currency } = view;
  const reasons = blockReasons.map((one) => html`<option value="${one}">${words.reasons[one]}</option>`);
  return html`<section class="controls" aria-labelledby="controls"><h3 id="controls">${words.controls}</h3>
<div id="switches" data-live>
<div id="marketing">${
    person.hasStoppedMarketing
      ? html`<p>${words.stopped}</p>${act({ act: "resume" }, words.resume)}`
      : act({ act: "stop" }, words.stop)
  }</div>
<div id="blocking">${
    person.isBlocking
      ? html`<p>${words.blocked}</p>${act({ act: "unblock" }, words.unblock)}`
      : actForm(view, person, {
          fields: { act: "block" },
          isRow: true,
          content: html`<label class="field"><span>${words.reason}</span><select name="reason"><option value="">${words.noReason}</option>${reasons}</select></label><button class="danger">${words.block}</button>`,
        })
  }</div>
</div>
${actForm(view, person, {
  fields: { act: "buy" },
  isRow: true,
  content: html`<label class="field"><span>${words.amount} (${currency})</span><input name="amount" type="number" min="0.01" step="0.01" value="35.00" required></label><button>${words.buy}</button>`,
})}
<details><summary>${words.changes}</summary>
${actForm(view, person, {
  fields: { act: "change_number" },
  isRow: true,
  content: html`<label class="field"><span>${words.newNumber}</span><input name="to" type="tel" required pattern="\\+[1-9][0-9]{6,14}" autocomplete="off"></label><button>${words.changeNumber}</button>`,
})}
${act({ act: "change_user_id" }, words.changeUserId)}
</details></section>`;
}

function details({ words }: View, person: Person, people: People): Html {
  const place = placeOf(person.phone);
  const rows: [string, string | undefined][] = [
    [words.country, person.country ?? place.country],
    [words.languageOf, person.language ?? place.language],
    [words.timeZone, person.timeZone ?? place.timeZone],
    [words.userId, people.userIdOf(person)],
    [words.username, person.username],
    [words.hidesPhone, person.hidesPhone ? words.yes : undefined],
    [words.tags, person.tags?.join(", ")],
  ];
  const shown = rows.filter(([, value]) => value !== undefined && value !== "");
  return html`<details class="facts"><summary>${words.details}</summary><dl>${shown.map(
    ([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`,
  )}</dl></details>`;
}
