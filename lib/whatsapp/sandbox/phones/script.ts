/**
 * The page's only script; without it everything works by ordinary forms. It asks for the page again and changes what has
 * changed, sends forms without leaving the page, copies codes and tells the sandbox which link was opened.
 */
export const script = `
const said = document.getElementById("said");
let hiding;
function say(text) {
  said.textContent = text;
  said.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { said.hidden = true; }, 4000);
}
function merge(old, fresh) {
  if (old.children.length === 0 || [...old.children].some((one) => !one.id)) {
    if (old.innerHTML !== fresh.innerHTML) old.innerHTML = fresh.innerHTML;
    return;
  }
  const wanted = [...fresh.children];
  for (const one of [...old.children]) if (!wanted.some((other) => other.id === one.id)) one.remove();
  wanted.forEach((one, index) => {
    const known = document.getElementById(one.id);
    if (known && known.parentNode === old) {
      const isBusy = known.contains(document.activeElement) && document.activeElement.matches("input,select");
      const isOpen = known.querySelector("details[open]");
      if (!isBusy && !isOpen && known.outerHTML !== one.outerHTML) known.replaceWith(one.cloneNode(true));
      const now = document.getElementById(one.id);
      if (old.children[index] !== now) old.insertBefore(now, old.children[index] ?? null);
    } else old.insertBefore(one.cloneNode(true), old.children[index] ?? null);
  });
}
let tag = "";
async function look() {
  const answer = await fetch(location.href, { headers: { "if-none-match": tag, "x-part": "live" } });
  if (answer.status !== 200) return;
  tag = answer.headers.get("etag") ?? "";
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const other = fresh.getElementById(old.id);
    if (!other) continue;
    const isAtEnd = old.scrollHeight - old.scrollTop - old.clientHeight < 60;
    merge(old, other);
    if (old.hasAttribute("data-follow") && isAtEnd) old.scrollTop = old.scrollHeight;
  }
}
async function act(form) {
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams(new FormData(form)),
  });
  const told = await answer.json();
  if (told.moved) location.href = told.moved;
  say(told.text);
  if (!answer.ok) return;
  for (const field of form.querySelectorAll("input[name=text]")) field.value = "";
  for (const open of document.querySelectorAll(".reactions details[open]")) open.open = false;
  await look();
  const chat = document.getElementById("chat");
  if (chat) chat.scrollTop = chat.scrollHeight;
}
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-act]")) return;
  event.preventDefault();
  act(event.target).catch(() => event.target.submit());
});
document.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) navigator.clipboard.writeText(copy.dataset.copy).then(() => say(copy.dataset.done));
  const link = event.target.closest("[data-click]");
  if (!link) return;
  const path = location.pathname + "/acts" + location.search;
  fetch(path, { method: "POST", keepalive: true, headers: { accept: "application/json" },
    body: new URLSearchParams({ act: "click", wamid: link.dataset.click }) }).then(look);
});
const chat = document.getElementById("chat");
if (chat) chat.scrollTop = chat.scrollHeight;
setInterval(() => { if (!document.hidden) look().catch(() => undefined); }, 1500);
`;
