import { isUrlButton, readComponents } from "@/lib/whatsapp/components";

/**
 * Where a template leads to the reader's own preference page: an address that ends in `/preferences/` and a variable. Nobody has
 * to choose a value there: each person's own signed ending stands in it, which names nobody.
 */
const PLACE = /\/preferences\/\{\{(\w+)\}\}/g;

/** The variables of a text that end such an address. */
export function preferencePlaces(text: string): string[] {
  return [...text.matchAll(PLACE)].flatMap(([, name]) => name ?? []);
}

/** Whether the address of a button is one. */
export function isPreferenceLink(url: string): boolean {
  return /^https?:\/\/[^?#]+\/preferences\/\{\{\w+\}\}$/.test(url);
}

/** Whether a template leads there at all. */
export function leadsToPreferences(components: unknown): boolean {
  const parts = readComponents(components);
  if (!parts) return false;
  return (
    preferencePlaces(parts.body?.text ?? "").length > 0 ||
    parts.buttons.some((button) => isUrlButton(button) && isPreferenceLink(button.url))
  );
}
