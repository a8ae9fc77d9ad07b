import { currentFormats } from "@/app/_server/context";
import { consoleRuntime, publicPagesUrl } from "@/app/_server/runtime";
import { publicId } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { listNumbers } from "@/lib/numbers/queries/list-numbers";
import type { TemplateFormProps } from "./template-form.client";

/** Languages of Meta's list that our brands write in. */
const LANGUAGES = [
  "es",
  "es_ES",
  "es_MX",
  "es_AR",
  "es_CO",
  "es_CL",
  "es_PE",
  "en",
  "en_US",
  "en_GB",
  "ca",
  "pt_BR",
  "pt_PT",
  "fr",
  "de",
  "it",
  "nl",
  "pl",
];

/** What the form offers to choose from; `language` is offered whatever it is. */
export async function formChoices(
  ctx: Context,
  language: string,
): Promise<Pick<TemplateFormProps, "numbers" | "languages" | "trackedLink" | "preferencesLink">> {
  const [runtime, numbers, formats] = await Promise.all([consoleRuntime(), listNumbers(ctx), currentFormats()]);
  return {
    numbers: numbers.map(({ id, verifiedName, displayNumber }) => ({
      value: publicId("num", id),
      label: `${verifiedName} · ${displayNumber}`,
      sender: verifiedName,
    })),
    languages: [...new Set([language, ...LANGUAGES])].map((value) => ({ value, label: formats.language(value) })),
    trackedLink: `${runtime.publicBaseUrl}/l/{{1}}`,
    preferencesLink: `${publicPagesUrl(runtime)}/preferences/{{1}}`,
  };
}
