import { createHash, randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import * as z from "zod";
import { type Act, act } from "../act-shapes";
import type { Person } from "../people";
import { performAct } from "../perform-act";
import { nameOf } from "../reports";
import type { SandboxParts } from "../sandbox-parts";
import { phoneNumber } from "../world";
import { addressOf, clock, document, PHONES, timeText, type View } from "./frame";
import { type Html, html } from "./html";
import { peopleList } from "./people-list";
import { phone } from "./phone";
import { script } from "./script";
import { style } from "./style";
import { listPeople } from "./thread";
import { localeOf, wordsOf } from "./words";

declare module "fastify" {
  interface FastifyContextConfig {
    /** A page for people: no token, this machine only. */
    isOpenPage?: boolean;
  }
}

type PageRequest = FastifyRequest<{
  Params: { phone?: string };
  Querystring: { lang?: string; q?: string; problem?: string };
  Body: unknown;
}>;
type Page = {
  Params: { phone?: string };
  Querystring: { lang?: string; q?: string; problem?: string };
  Body: unknown;
};

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOCAL_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/;
const MICROS = 1_000_000;

/** `GET /sandbox/phones`: the phones of the virtual people, to look at and to play. Served to this machine only. */
export function registerPhonesRoutes(server: FastifyInstance, parts: SandboxParts) {
  const open = { config: { isOpenPage: true }, onRequest: onlyThisMachine };

  server.get<Page>(PHONES, open, (request, reply) => show(request, reply, parts));
  server.get<Page>(`${PHONES}/:phone`, open, (request, reply) => show(request, reply, parts));

  server.post<Page>(PHONES, open, async (request, reply) => {
    const read = z.object({ phone: z.string().transform(withoutSpaces).pipe(phoneNumber) }).safeParse(request.body);
    const view = viewOf(request, parts);
    if (!read.success) return reply.redirect(`${addressOf(view)}&problem=invalid`, 303);
    const input = { phone: read.data.phone };
    await parts.journal.append({ people: [input] });
    parts.engine.addPeople([input]);
    return reply.redirect(addressOf(view, { phone: input.phone, search: "" }), 303);
  });

  server.post<Page>(`${PHONES}/:phone/acts`, open, async (request, reply) => {
    const person = parts.people.find(request.params.phone ?? "");
    const what = readAct(request.body);
    const refusal = !person || !what ? "invalid" : await performAct(parts, person.phone, what);
    return tell(request, reply, { parts, person, what, refusal });
  });
}

/** The page knows no token, so neither other machines nor other sites may use it, by name tricks or by forms. */
async function onlyThisMachine(request: FastifyRequest, reply: FastifyReply) {
  const { host = "", origin } = request.headers;
  const isOwnSite = request.method === "GET" || (origin !== undefined && origin === `http://${host}`);
  if (LOOPBACK.test(request.socket.remoteAddress ?? "") && LOCAL_HOST.test(host) && isOwnSite) return;
  return reply.code(403).type("text/plain; charset=utf-8").send("The phones are shown on this machine only.");
}

function show(request: PageRequest, reply: FastifyReply, parts: SandboxParts) {
  const view = viewOf(request, parts);
  const chosen = request.params.phone === undefined ? undefined : parts.people.find(request.params.phone);
  if (request.params.phone !== undefined && !chosen) return reply.redirect(addressOf(view), 303);
  const main = html`${peopleList(view, listPeople(parts.people, view.search), chosen)}${
    chosen ? phone(view, chosen, parts.people) : html`<p class="pick">${view.words.pick}</p>`
  }`;
  const tag = `"${createHash("sha256")
    .update(main.text + timeText(view, view.now))
    .digest("base64url")}"`;
  if (request.headers["if-none-match"] === tag) return reply.code(304).header("etag", tag).send();
  reply.headers({ etag: tag, "cache-control": "no-cache", vary: "accept-language, x-part" });
  reply.type("text/html; charset=utf-8");
  // The script asks for what may have changed only.
  if (request.headers["x-part"] === "live") return reply.send(html`${clock(view)}${main}`.text);
  return send(reply, { view, main, chosen, problem: request.query.problem });
}

interface Shown {
  view: View;
  main: Html;
  chosen: Person | undefined;
  problem: string | undefined;
}

function send(reply: FastifyReply, { view, main, chosen, problem }: Shown) {
  const nonce = randomBytes(16).toString("base64");
  const otherLocale = view.locale === "es" ? "en" : "es";
  const page = document(view, {
    title: chosen ? `${nameOf(chosen)} · ${view.words.title}` : view.words.title,
    otherLanguage: addressOf(view, { phone: chosen?.phone, locale: otherLocale }),
    main: html`${problem && html`<p class="problem" role="alert">${problemText(view, problem)}</p>`}<div class="parts${chosen ? " has-phone" : ""}">${main}</div>`,
    ...{ nonce, style, script },
  });
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return reply
    .headers({
      "content-security-policy": policy.join("; "),
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
    })
    .send(page.text);
}

function problemText({ words: { problem } }: View, name: string): string | undefined {
  return Object.hasOwn(problem, name) ? problem[name] : problem.invalid;
}

/** To the script in JSON, to a plain form by going back to the page. */
function tell(request: PageRequest, reply: FastifyReply, { parts, person, what, refusal }: Told) {
  const view = viewOf(request, parts);
  const moved = what?.act === "change_number" && !refusal ? addressOf(view, { phone: what.to }) : undefined;
  if (request.headers.accept === "application/json") {
    const text = refusal ? problemText(view, refusal) : view.words.done;
    return reply.code(refusal ? 409 : 200).send({ text, moved });
  }
  const back = moved ?? addressOf(view, { phone: person?.phone });
  return reply.redirect(refusal ? `${back}&problem=${refusal}` : back, 303);
}

interface Told {
  parts: SandboxParts;
  person: Person | undefined;
  what: Act | undefined;
  refusal: string | undefined;
}

function viewOf({ query, headers }: PageRequest, { clock, engine }: SandboxParts): View {
  const locale = localeOf(query.lang, headers["accept-language"]);
  const { currency } = engine.world.purchases;
  return { locale, words: wordsOf(locale), now: clock.now(), currency, search: query.q ?? "" };
}

/** A form's fields as an act: empty ones are left out, the amount is in whole currency. */
function readAct(body: unknown): Act | undefined {
  const fields = z.record(z.string(), z.string()).safeParse(body);
  if (!fields.success) return undefined;
  const { amount, ...given } = fields.data;
  const filled = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
  const read = act.safeParse({
    ...filled,
    ...(amount !== undefined && { amountMicros: Math.round(Number(amount) * MICROS) }),
    ...(filled.to !== undefined && { to: withoutSpaces(filled.to) }),
  });
  return read.success ? read.data : undefined;
}

function withoutSpaces(phone: string): string {
  return phone.replace(/[\s()-]/g, "");
}
