import type { ColumnMapping, ColumnTarget } from "./mapping";

type Consent = NonNullable<ColumnMapping["consent"]>;

/** A header as rules see it: lower case, no accents, words apart, `AllowBroadcast` as two words, `WhatsApp` as one. */
export function headerWords(header: string): string {
  return header
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .replace(/\bwhats app\b/g, "whatsapp")
    .replace(/\be mail\b/g, "email")
    .replace(/\bopt in\b/g, "optin")
    .replace(/\bopt out\b/g, "optout");
}

// Spanish and English headers of exports we know (Shopify, Mailchimp, Google, HubSpot, WATI, Interakt, Brevo,
// WooCommerce, hand-kept Excel). The first rule that fits decides; content may still overrule it (guess-mapping.ts).
const RULES: readonly (readonly [RegExp, ColumnTarget])[] = [
  // Evidence of consent comes first: its headers hold the words of many others.
  [
    /\b(evidence|evidencia|prueba|proof)\b.*\b(hash|sha ?256|sha|file|huella)\b|\b(hash|sha ?256|huella)\b/,
    "evidence_hash",
  ],
  [/\b(attester|attested|declarante|declared by|declarado|atestigua|certificante|firmante)\b/, "attester"],
  [
    /\b(wording|aviso|clausula|notice)\b|\bversion\b.*\b(texto|text|legal)\b|\b(texto|text)\b.*\bversion\b/,
    "wording_version",
  ],
  [
    /\b(source|origin) system\b|\bsistema\b.*\b(origen|fuente)\b|\bconsent source\b|\borigen\b.*\bconsent/,
    "source_system",
  ],
  [/\b(consent\w*|optin|opted|acept\w*|accept\w*)\b.*\b(at|date|time|on|when|fecha|hora|dia)\b/, "consent_at"],
  [/\b(fecha|hora|date|time)\b.*\b(consent\w*|acept\w*|optin|acto)\b|\bact (time|date)\b/, "consent_at"],
  // Columns that name nobody's phone although they hold the word.
  [/\b(label|phonetic|fax|owner|propietario|comercial)\b/, "ignore"],
  [/\b(country|pais) (code|prefix)\b|\bcalling code\b|\bdial\w* code\b|\bprefijo\b/, "calling_code"],
  [/\bnombres? y apellidos?\b|\bfirst and last name\b/, "full_name"],
  [/\b(first name|firstname|given name|nombre de pila|forename)\b/, "first_name"],
  [/\bmiddle name\b|\bsegundo nombre\b/, "middle_name"],
  [/\b(last name|lastname|surname|family name|apellidos?|primer apellido)\b/, "last_name"],
  [/^(name|nombre|full name|nombre completo|contact name|customer name|cliente|contacto)$/, "full_name"],
  [/\b(email|correo|mail)\b/, "email"],
  [
    /\b(external|customer|client|contact|user|record|subscriber) id\b|\bid (externo|cliente|contacto|usuario)\b/,
    "external_id",
  ],
  [/\b(country|pais)\b|^cc$/, "country"],
  [/\b(language|idioma|lengua|locale|lang)\b/, "language"],
  [/\b(time ?zone|zona horaria|huso)\b/, "time_zone"],
  [
    /\b(address|direccion|domicilio|calle|street|zip|postal|postcode|cp|po box)\b(?!.*\b(phone|telefono|city)\b)/,
    "ignore",
  ],
  [
    /\b(notes?|notas?|observaciones|comentarios?|comments?|reason|ip|photo|birthday|nickname|file as|prefix|suffix)\b/,
    "ignore",
  ],
  [/\b(company|empresa|organi[sz]ation|organizacion|user ?name|leid|euid|gmtoff|dstoff)\b/, "ignore"],
  [
    /\b(phone|telefono|telefonos|tel|tlf|telf|tfno|movil|mobile|cell|celular|whatsapp|sms|msisdn|wa id|telephone)\b/,
    "phone",
  ],
];

export function targetOfHeader(words: string): ColumnTarget | undefined {
  return RULES.find(([pattern]) => pattern.test(words))?.[1];
}

const CONSENT =
  /\b(accepts?|acept\w+|allow|consent\w*|optin|opted|optout|subscri\w*|suscri\w*|bajas?|unsubscribed|blacklisted|publicidad|permiso|permission|legal basis|autoriza\w*|broadcast|marketing)\b/;
const NOT_CONSENT = /\b(status|estado|ip|reason|campaign|id|lead|stage|last)\b/;
const LEFT = /\b(bajas?|unsubscribed|blacklisted|optout)\b/;
const SWITCHED = /\b(broadcast|opted)\b/;
const OF_WHATSAPP = /\b(whatsapp|broadcast|opted)\b/;
const OF_ANOTHER = /\b(email|sms|calls?|llamadas?|correo|newsletter|boletin)\b/;

/** What a header says about consent, if anything. The caller checks that the values are yes and no. */
export function consentOfHeader(words: string): Consent | undefined {
  if (!CONSENT.test(words) || NOT_CONSENT.test(words)) return undefined;
  const channel = OF_WHATSAPP.test(words) ? "whatsapp" : OF_ANOTHER.test(words) ? "other" : "unnamed";
  return { channel, reading: LEFT.test(words) ? "left" : SWITCHED.test(words) ? "switched" : "accepts" };
}

/** Which phone column is asked first: WhatsApp, mobile, plain, SMS, then those of an address. */
export function phoneRank(words: string): number {
  if (/\b(address|shipping|envio)\b/.test(words)) return 4;
  if (/\bwhatsapp\b/.test(words)) return 0;
  if (/\b(mobile|movil|cell|celular)\b/.test(words)) return 1;
  return /\bsms\b/.test(words) ? 3 : 2;
}
