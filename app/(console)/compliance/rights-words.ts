import { currentFormats } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";

export interface RightsWords {
  t: Translator<"rights">;
  formats: Formats;
}

export async function rightsWords(): Promise<RightsWords> {
  const [t, formats] = await Promise.all([getTranslator("rights"), currentFormats()]);
  return { t, formats };
}
