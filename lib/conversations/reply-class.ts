import * as z from "zod";
import { normalise } from "@/lib/consent/opt-out-detector";
import { isOptOutPayload } from "@/lib/consent/refusal";
import type { Classification } from "./inbound";
import { type ReplyClass, ruledClasses } from "./reply-classes";

const phrases = z.array(z.string().trim().min(1).max(80)).max(200);

/** Words and phrases by class, asked in the order of `ruledClasses`, and what a tap on a button of ours means. */
export const ReplyRules = z.object({
  automatic: phrases,
  complaint: phrases,
  question: phrases,
  positive: phrases,
  /** By what the tap sends back, or its label. */
  buttons: z
    .array(z.object({ payload: z.string().trim().min(1).max(256), replyClass: z.enum([...ruledClasses, "other"]) }))
    .max(200),
});
export type ReplyRules = z.infer<typeof ReplyRules>;

/** What is known of one message of a person. */
export interface ReplyFacts {
  classification: Classification;
  /** What they wrote, a label, a caption, an emoji. */
  text: string | undefined;
  payload: string | undefined;
}

/**
 * What an answer is, by the rules. Null: it is none, such as what WhatsApp tells about a person or a reaction that was taken
 * back. What reads like a refusal without being one for sure is a complaint until a person has read it.
 */
export function classifyReply({ classification, text, payload }: ReplyFacts, rules: ReplyRules): ReplyClass | null {
  if (classification === "system" || (classification === "reaction" && !text)) return null;
  if (classification === "opt_out" || isOptOutPayload(payload)) return "opt_out";
  const tapped = classification === "button" ? buttonClass({ text, payload }, rules) : undefined;
  if (tapped) return tapped;
  if (classification === "review") return "complaint";
  const spoken = text ?? "";
  const words = ` ${normalise(spoken)} `;
  const found = ruledClasses.find((name) => rules[name].some((phrase) => says(phrase, words, spoken)));
  if (found && found !== "positive") return found;
  return /[?¿？]/.test(spoken) ? "question" : (found ?? "other");
}

function buttonClass({ text, payload }: Pick<ReplyFacts, "text" | "payload">, { buttons }: ReplyRules) {
  if (payload?.startsWith("CONFIRM:")) return "positive";
  if (payload?.startsWith("REFUSE:")) return "opt_out";
  const same = (one: string, other: string | undefined) => other !== undefined && bare(one) === bare(other);
  return buttons.find((rule) => same(rule.payload, payload) || same(rule.payload, text))?.replyClass;
}

const bare = (text: string) => text.trim().toLowerCase();

/** A phrase of words is found as whole words, whatever the accents; one of signs alone, such as an emoji, as it stands. */
function says(phrase: string, words: string, spoken: string): boolean {
  const wanted = normalise(phrase);
  return wanted === "" ? spoken.includes(phrase) : words.includes(` ${wanted} `);
}

/** What a fresh installation sorts by. */
export const shippedReplyRules: ReplyRules = {
  automatic: [
    "respuesta automatica",
    "mensaje automatico",
    "fuera de la oficina",
    "en este momento no podemos atenderte",
    "gracias por ponerte en contacto",
    "gracias por contactar",
    "gracias por comunicarte con",
    "te responderemos lo antes posible",
    "automatic reply",
    "auto reply",
    "automated message",
    "out of office",
    "out of the office",
    "thank you for contacting",
    "thanks for contacting",
    "we will get back to you",
  ],
  complaint: [
    "queja",
    "reclamacion",
    "denuncia",
    "denunciar",
    "spam",
    "estafa",
    "acoso",
    "harto",
    "harta",
    "pesados",
    "quien os ha dado mi numero",
    "de donde habeis sacado mi numero",
    "complaint",
    "scam",
    "harassment",
    "annoying",
    "how did you get my number",
    "who gave you my number",
    "report you",
  ],
  question: [
    "cuanto cuesta",
    "que precio",
    "donde",
    "como puedo",
    "hasta cuando",
    "teneis",
    "hay en talla",
    "me puedes decir",
    "queria preguntar",
    "una duda",
    "una pregunta",
    "how much",
    "how can i",
    "where",
    "do you have",
    "is there",
    "can i",
    "question",
  ],
  positive: [
    "me interesa",
    "lo quiero",
    "quiero",
    "si",
    "vale",
    "genial",
    "perfecto",
    "estupendo",
    "gracias",
    "de acuerdo",
    "yes",
    "sure",
    "interested",
    "i want",
    "great",
    "perfect",
    "thanks",
    "thank you",
    "ok",
    "👍",
    "❤️",
    "😍",
    "🙌",
    "👏",
  ],
  buttons: [],
};
