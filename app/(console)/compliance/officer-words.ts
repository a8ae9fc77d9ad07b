import { currentFormats } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";

/** What the officer's pages speak with: codes of the area (`t`), their own words (`o`), figures and dates. */
export interface Words {
  t: Translator<"compliance">;
  o: Translator<"officer">;
  /** Why something did not leave. */
  r: Translator<"reasons">;
  formats: Formats;
}

export async function officerWords(): Promise<Words> {
  const [t, o, r, formats] = await Promise.all([
    getTranslator("compliance"),
    getTranslator("officer"),
    getTranslator("reasons"),
    currentFormats(),
  ]);
  return { t, o, r, formats };
}
