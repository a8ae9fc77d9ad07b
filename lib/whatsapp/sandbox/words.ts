import type { Answer } from "./behaviour";

interface Words {
  optOut: string[];
  friendly: string[];
}

const words: Record<string, Words> = {
  es: {
    optOut: ["BAJA", "Baja por favor", "STOP", "no quiero recibir más mensajes", "Darme de baja"],
    friendly: ["¡Gracias! Me interesa 😊", "¿Hasta cuándo dura?", "¿Tenéis la talla M?", "Genial, esta tarde me paso"],
  },
  en: {
    optOut: ["STOP", "Stop please", "unsubscribe", "UNSUBSCRIBE", "stop"],
    friendly: [
      "Thanks! I’m interested 😊",
      "Until when is this valid?",
      "Do you have it in size M?",
      "Great, see you later",
    ],
  },
  pt: {
    optOut: ["SAIR", "Parar por favor", "cancelar", "não quero mais receber mensagens", "Descadastrar"],
    friendly: ["Obrigada! Tenho interesse 😊", "Até quando vale?", "Tem no tamanho M?", "Ótimo, passo aí mais tarde"],
  },
  fr: {
    optOut: ["STOP", "Arrêt svp", "désabonner", "je ne veux plus recevoir de messages", "Désinscription"],
    friendly: [
      "Merci ! Ça m’intéresse 😊",
      "C’est valable jusqu’à quand ?",
      "Vous l’avez en taille M ?",
      "Super, je passe ce soir",
    ],
  },
  de: {
    optOut: ["STOPP", "Stop bitte", "abmelden", "bitte keine Nachrichten mehr", "Abbestellen"],
    friendly: [
      "Danke! Das interessiert mich 😊",
      "Bis wann gilt das?",
      "Gibt es das in Größe M?",
      "Schön, ich komme später vorbei",
    ],
  },
  it: {
    optOut: ["STOP", "Ferma per favore", "cancellami", "non voglio più ricevere messaggi", "Disiscrivimi"],
    friendly: ["Grazie! Mi interessa 😊", "Fino a quando è valido?", "C’è in taglia M?", "Ottimo, passo più tardi"],
  },
};
const fallback: Words = { optOut: ["STOP"], friendly: ["👍"] };

/** The buttons by which people say that they want no more messages. */
export const OPT_OUT_BUTTON =
  /^OPT_OUT|baja|stop|unsubscribe|no (m[aá]s|recibir)|sair|parar|n[aã]o receber|d[eé]sabonn|d[eé]sinscri|arr[eê]t|abmelden|abbestell|disiscriv|cancellami/i;

/** What a person writes. `language` as in a template (`pt_BR`) or alone. */
export function wordsFor(kind: Answer["kind"], language: string, choice: number): string {
  const { optOut, friendly } = words[language.slice(0, 2)] ?? words.en ?? fallback;
  const choices = kind === "opt_out" ? optOut : friendly;
  return choices[Math.floor(((choice * 10) % 1) * choices.length)] ?? "STOP";
}
