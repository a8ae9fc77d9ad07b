/** What we answer to somebody who opts out: that it is done, from whom, and nothing else. `{brand}` is the sender's name. */
const texts = {
  es: "Hecho: no recibirás más mensajes comerciales de {brand} por WhatsApp.",
  en: "Done: you will not get any more marketing messages from {brand} on WhatsApp.",
  ca: "Fet: no rebràs més missatges comercials de {brand} per WhatsApp.",
  gl: "Feito: non recibirás máis mensaxes comerciais de {brand} por WhatsApp.",
  eu: "Eginda: ez duzu {brand}(r)en merkataritza-mezu gehiagorik jasoko WhatsAppen.",
  pt: "Feito: não vai receber mais mensagens comerciais de {brand} no WhatsApp.",
  fr: "C’est fait : vous ne recevrez plus de messages commerciaux de {brand} sur WhatsApp.",
  de: "Erledigt: Sie erhalten von {brand} keine Werbenachrichten mehr über WhatsApp.",
  it: "Fatto: non riceverai più messaggi commerciali da {brand} su WhatsApp.",
} as const;

/** Countries whose language we have, for people who told none; everybody else reads English. */
const languages: Readonly<Record<string, keyof typeof texts>> = {
  ...Object.fromEntries("ES MX AR CO CL PE UY PY BO EC VE CR PA DO GT HN SV NI CU PR".split(" ").map((c) => [c, "es"])),
  ...Object.fromEntries("PT BR AO MZ".split(" ").map((c) => [c, "pt"])),
  ...Object.fromEntries("FR BE LU SN CI MC".split(" ").map((c) => [c, "fr"])),
  ...Object.fromEntries("DE AT CH LI".split(" ").map((c) => [c, "de"])),
  ...Object.fromEntries("IT SM VA".split(" ").map((c) => [c, "it"])),
};

function isKnown(language: string): language is keyof typeof texts {
  return Object.hasOwn(texts, language);
}

/** In the person's language (BCP 47), else in their country's. */
export function optOutConfirmation(person: { language: string | null; country: string | null }, brand: string): string {
  const own = (person.language ?? "").toLowerCase().split(/[-_]/)[0] ?? "";
  const language = isKnown(own) ? own : (languages[person.country ?? ""] ?? "en");
  return texts[language].replace("{brand}", brand);
}
