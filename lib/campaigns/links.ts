export const linkProblemCodes = [
  "link_missing",
  "link_malformed",
  "link_not_https",
  "link_credentials",
  "link_shortener",
  "link_personal_data",
  "link_placeholder",
] as const;
export type LinkProblemCode = (typeof linkProblemCodes)[number];

/** They hide where people go, Meta's reviewers refuse them, and their owners may change the target. */
const SHORTENERS = new Set([
  "bit.ly",
  "buff.ly",
  "cutt.ly",
  "goo.gl",
  "is.gd",
  "ow.ly",
  "rb.gy",
  "rebrand.ly",
  "shorturl.at",
  "t.co",
  "t.ly",
  "tiny.cc",
  "tinyurl.com",
  "wa.me",
]);

/** Names of query fields that carry a person, and values that look like one. */
const PERSONAL_NAMES = /^(?:e?-?mail|correo|phone|tel(?:efono|ephone)?|movil|mobile|whatsapp|dni|nif|nombre|name)$/i;
const PERSONAL_VALUE = /@|^\+?\d[\d\s().-]{7,}$/;

/**
 * What is wrong with a landing page's address, as far as the address itself shows. Plain http is allowed on this machine
 * only, which is where the sandbox keeps its shop.
 */
export function linkProblem(link: string | null, { isSandbox }: { isSandbox: boolean }): LinkProblemCode | undefined {
  if (!link) return "link_missing";
  if (/[{}]/.test(link)) return "link_placeholder";
  if (!URL.canParse(link)) return "link_malformed";
  const url = new URL(link);
  const isLocal = isSandbox && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal)) return "link_not_https";
  if (url.username || url.password) return "link_credentials";
  if (SHORTENERS.has(url.hostname.replace(/^www\./, ""))) return "link_shortener";
  for (const [name, value] of url.searchParams)
    if (PERSONAL_NAMES.test(name) || PERSONAL_VALUE.test(value)) return "link_personal_data";
  return undefined;
}
