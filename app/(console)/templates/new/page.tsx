import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getPreferences, getTranslator } from "@/app/_server/preferences";
import { consoleRuntime } from "@/app/_server/runtime";
import { Answer, PageHeader } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { publicId } from "@/lib/foundation/ids";
import { listNumbers } from "@/lib/numbers/queries/list-numbers";
import { TemplateForm } from "./template-form.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("templates"))("new.title") };
}

/** Languages of Meta's list that our brands write in. */
const LANGUAGES = [
  "es",
  "es_ES",
  "es_MX",
  "es_AR",
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

export default async function NewTemplatePage() {
  const ctx = await requirePerson("template.edit");
  const [{ publicBaseUrl }, numbers, formats, preferences, t] = await Promise.all([
    consoleRuntime(),
    listNumbers(ctx),
    currentFormats(),
    getPreferences(),
    getTranslator("templates"),
  ]);
  const [first] = numbers;
  return (
    <>
      <PageHeader title={t("new.title")} />
      <Answer sub={t("new.note")}>{t("new.answer")}</Answer>
      {first ? (
        <TemplateForm
          numbers={numbers.map(({ id, verifiedName, displayNumber }) => ({
            value: publicId("num", id),
            label: `${verifiedName} · ${displayNumber}`,
            sender: verifiedName,
          }))}
          languages={LANGUAGES.map((value) => ({ value, label: formats.language(value) }))}
          language={preferences.locale}
          trackedLink={`${publicBaseUrl}/l/{{1}}`}
        />
      ) : (
        <EmptyState title={t("new.noNumber")}>{t("new.noNumberText")}</EmptyState>
      )}
    </>
  );
}
