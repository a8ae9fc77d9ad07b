import type { Locale } from "@/lib/i18n/locales";
import { localeNamed } from "./visitor-language";

const LARGEST_FORM_BYTES = 16_384;

/**
 * The fields of a form that a page for everybody sent, with or without JavaScript; undefined for what comes from another site,
 * is no form or is too large. Such a page has no session: what may be done is in the fields.
 */
export async function publicFields(request: Request): Promise<Record<string, string> | undefined> {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin") return undefined;
  const type = request.headers.get("content-type") ?? "";
  if (!type.startsWith("application/x-www-form-urlencoded")) return undefined;
  const body = await request.arrayBuffer();
  if (body.byteLength > LARGEST_FORM_BYTES) return undefined;
  return Object.fromEntries(new URLSearchParams(new TextDecoder().decode(body)));
}

/** The page to show after a form, by its own path: the browser asks for it anew, and reloading it sends nothing twice. */
export function seeOther(path: string, query: Record<string, string | undefined>): Response {
  const given = Object.entries(query).flatMap(([key, value]) => (value ? [[key, value]] : []));
  const search = new URLSearchParams(given).toString();
  return new Response(null, {
    status: 303,
    headers: { Location: search ? `${path}?${search}` : path, "Cache-Control": "no-store" },
  });
}

/** Few words in place of a page, where a page would cost what the refusal saves. */
export function plainAnswer(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(text, {
    status,
    headers: { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", ...headers },
  });
}

/** The language that the page was in. */
export function fieldLanguage(fields: Record<string, string>): Locale {
  return localeNamed(fields.lang) ?? "es";
}
