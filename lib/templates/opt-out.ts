import { isQuickReply, isUrlButton, type TemplateParts } from "@/lib/whatsapp/components";
import { isPreferenceLink, preferencePlaces } from "./preference-place";

/** Where a template lets people say no to more. */
export type OptOutPath = { kind: "button" | "link"; index: number } | { kind: "text"; part: "body" | "footer" };

/** What people are told to answer, in any language: one of these words in a sentence is not enough, see below. */
const KEYWORDS =
  "baja|stop|parar|salir|cancelar|sair|descadastrar|abmelden|stopp|arret|desabonner|ferma|baixa|afmelden|wypisz|iptal|unsubscribe|opt[ -]?out";
const VERBS =
  "responde|respondenos|responder|contesta|contestando|envia|envianos|enviando|escribe|escribenos|respondiendo|manda|reply|replying|send|text|write|answer|type|responda|envie|respon|escriu|antworte|antworten|sende|schreibe|repondez|envoyez|rispondi|invia|antwoord|stuur|odpisz";
const JOINERS = "con|a|la|el|palabra|the|word|with|com|amb|mit|avec|con la parola|met|by|texto|de";

/** "Reply STOP", "Responde con la palabra BAJA": a verb that asks for an answer, and the keyword right after it. */
const ANSWER = new RegExp(`\\b(?:${VERBS})\\b[\\s:"'«“(*_]*(?:(?:${JOINERS})[\\s:"'«“(*_]+){0,3}(?:${KEYWORDS})\\b`);
/** Sentences that say it without a keyword. */
const PHRASES = [
  /\b(?:dar(?:te|se|me|os)?|date) de baja\b/,
  /\bno (?:recibir|quiero recibir|quieres recibir|deseas recibir)\b.{0,12}\bmas\b/,
  /\bdejar de recibir\b/,
  /\bunsubscribe\b/,
  /\bopt[ -]?out\b/,
  /\bstop (?:receiving|these|promotions|messages|marketing)\b/,
  /\bno longer (?:wish|want) to receive\b/,
  /\bdonar(?:-te|-me|-se)? de baixa\b/,
];
/** Whole labels of buttons. */
const LABELS = [
  new RegExp(`^(?:${KEYWORDS})$`),
  /^(?:dar(?:me|se)?|donar-me) de (?:baja|baixa)$/,
  /^(?:quiero )?(?:la )?baja$/,
  /^no (?:quiero|deseo) (?:recibir )?mas(?: \w+)?$/,
  /^(?:no|sin) mas (?:mensajes|promociones|promos|ofertas|publicidad)$/,
  /^no more (?:messages|promotions|promos|offers)$/,
  /^stop (?:promotions|promos|messages|marketing|offers|mensajes|promociones)$/,
  /^parar (?:promociones|promocoes|mensajes|mensagens)$/,
];

/**
 * Finds the way out that every marketing message owes its reader (compliance/design.md 1.5; LSSI 21.2): a quick reply
 * that says so, the link to the reader's own preference page, or a sentence in body or footer. A lone word is not taken for one: "precios a la baja" is not a way out.
 */
export function findOptOut(parts: TemplateParts): OptOutPath | undefined {
  const known = foundOnce.get(parts) ?? { path: findAnew(parts) };
  foundOnce.set(parts, known);
  return known.path;
}

/** A template is read once and filled for many. */
const foundOnce = new WeakMap<TemplateParts, { path: OptOutPath | undefined }>();

function findAnew({ buttons, footer, body }: TemplateParts): OptOutPath | undefined {
  const index = buttons.findIndex((button) => isQuickReply(button) && saysNo(button.text));
  if (index >= 0) return { kind: "button", index };
  const link = buttons.findIndex((button) => isUrlButton(button) && isPreferenceLink(button.url));
  if (link >= 0) return { kind: "link", index: link };
  if (body && preferencePlaces(body.text).length > 0) return { kind: "text", part: "body" };
  if (footer && tellsHow(footer.text)) return { kind: "text", part: "footer" };
  if (body && tellsHow(body.text)) return { kind: "text", part: "body" };
  return undefined;
}

/** Marketing needs a way out; a utility or authentication message does not. */
export function needsOptOut(category: string): boolean {
  return category.toUpperCase() === "MARKETING";
}

function saysNo(label: string): boolean {
  const text = plain(label).replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  return LABELS.some((pattern) => pattern.test(text));
}

function tellsHow(sentence: string): boolean {
  const text = plain(sentence);
  return ANSWER.test(text) || PHRASES.some((pattern) => pattern.test(text));
}

/** Lower case without accents, one space between words. */
function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase()
    .replace(/\s+/g, " ");
}
