// The few words that we say by ourselves, in the person's language. `{brand}` is the sender's name.

/** What we answer to somebody who opts out: that it is done, from whom, and nothing else. */
const optOutTexts = {
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

/** Where somebody sees and changes what they get, and takes the receipts of what they decided. */
const preferenceTexts: Readonly<Record<keyof typeof optOutTexts, string>> = {
  es: "Aquí puedes ver y cambiar qué recibes de {brand}, y descargar tus justificantes: {url}",
  en: "Here you can see and change what you get from {brand}, and download your receipts: {url}",
  ca: "Aquí pots veure i canviar què reps de {brand}, i baixar-te els teus justificants: {url}",
  gl: "Aquí podes ver e cambiar o que recibes de {brand}, e descargar os teus xustificantes: {url}",
  eu: "Hemen ikus eta alda dezakezu {brand}(r)engandik zer jasotzen duzun, eta zure egiaztagiriak deskargatu: {url}",
  pt: "Aqui pode ver e alterar o que recebe de {brand}, e descarregar os seus comprovativos: {url}",
  fr: "Ici, vous pouvez voir et modifier ce que vous recevez de {brand}, et télécharger vos justificatifs : {url}",
  de: "Hier können Sie sehen und ändern, was Sie von {brand} erhalten, und Ihre Belege herunterladen: {url}",
  it: "Qui puoi vedere e cambiare ciò che ricevi da {brand}, e scaricare le tue ricevute: {url}",
};

/** Countries whose language we have, for people who told none; everybody else reads English. */
const languages: Readonly<Record<string, keyof typeof optOutTexts>> = {
  ...Object.fromEntries("ES MX AR CO CL PE UY PY BO EC VE CR PA DO GT HN SV NI CU PR".split(" ").map((c) => [c, "es"])),
  ...Object.fromEntries("PT BR AO MZ".split(" ").map((c) => [c, "pt"])),
  ...Object.fromEntries("FR BE LU SN CI MC".split(" ").map((c) => [c, "fr"])),
  ...Object.fromEntries("DE AT CH LI".split(" ").map((c) => [c, "de"])),
  ...Object.fromEntries("IT SM VA".split(" ").map((c) => [c, "it"])),
};

function isKnown(language: string): language is keyof typeof optOutTexts {
  return Object.hasOwn(optOutTexts, language);
}

interface Reader {
  language: string | null;
  country: string | null;
}

/** The person's language (BCP 47), else their country's. */
function languageOf(person: Reader): keyof typeof optOutTexts {
  const own = (person.language ?? "").toLowerCase().split(/[-_]/)[0] ?? "";
  return isKnown(own) ? own : (languages[person.country ?? ""] ?? "en");
}

export function optOutConfirmation(person: Reader, brand: string): string {
  return optOutTexts[languageOf(person)].replace("{brand}", () => brand);
}

export function preferenceInvitation(person: Reader, { brand, url }: { brand: string; url: string }): string {
  return preferenceTexts[languageOf(person)].replace("{brand}", () => brand).replace("{url}", () => url);
}
