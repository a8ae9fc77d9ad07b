import { plainWords, readBoolean } from "./value-cell";

/** What one cell of a consent column says. */
export type ConsentWord = "yes" | "no" | "pending" | "left";

const LEFT =
  /\b(baja|bajas|opt(ed)?\s?out|unsubscribed?|desuscrit[oa]|stop|revocad[oa]|revoked|retirad[oa]|withdrawn|no molestar|cancelad[oa]|denied|denegad[oa]|rechazad[oa]|blacklisted)\b/;
const PENDING = /\b(pending|pendiente|requested|solicitad[oa])\b/;
const YES =
  /\b(acept[oa]|aceptad[oa]|accept(s|ed)?|grant(ed)?|otorgad[oa]|concedid[oa]|confirm(ed)?|confirmad[oa]|opt(ed)?\s?in|subscribed|suscrit[oa]|alta|agreed|freely given consent|consentid[oa])\b/;
/** Another legal basis than consent: the question of consent is answered with no. */
const OTHER_BASIS = /\b(legitimate interest|interes legitimo|performance of a contract)\b/;
const NEGATED = /\b(not|no|non|never|sin|nunca)\b/;

/** Undefined when the cell is empty or says nothing about consent. */
export function readConsentCell(cell: string): ConsentWord | undefined {
  const truth = readBoolean(cell);
  if (truth !== undefined) return truth ? "yes" : "no";
  const words = plainWords(cell);
  if (LEFT.test(words)) return "left";
  if (PENDING.test(words)) return "pending";
  if (OTHER_BASIS.test(words)) return "no";
  if (NEGATED.test(words)) return "no";
  return YES.test(words) ? "yes" : undefined;
}
