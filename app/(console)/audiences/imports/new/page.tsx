import type { Metadata } from "next";
import { currentFormats, currentInstallation, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { LinkButton } from "@/app/_ui/button";
import { Answer, PageHeader } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { listPurposes } from "@/lib/consent/queries/list-purposes";
import { countries } from "@/lib/foundation/countries";
import { publicId } from "@/lib/foundation/ids";
import { ROWS_WITHOUT_APPROVAL } from "@/lib/imports/import";
import { ImportSteps } from "../import-steps";
import { UploadForm } from "./upload-form.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("imports"))("new.title") };
}

export default async function NewImportPage() {
  const ctx = await requirePerson("contact.import");
  const [purposes, installation, formats, t] = await Promise.all([
    listPurposes(ctx),
    currentInstallation(),
    currentFormats(),
    getTranslator("imports"),
  ]);
  const choices = countries
    .map((code) => ({ value: code, label: formats.country(code) }))
    .toSorted((one, other) => formats.compare(one.label, other.label));
  return (
    <>
      <PageHeader title={t("new.title")} />
      <ImportSteps current="file">
        <Answer as="h2" tight sub={t("new.note", { limitText: formats.integer(ROWS_WITHOUT_APPROVAL) })}>
          {t("new.answer")}
        </Answer>
        {purposes.length === 0 ? (
          <EmptyState
            title={t("new.noPurpose")}
            actions={<LinkButton href="/audiences/imports">{t("new.back")}</LinkButton>}
          >
            {t("new.noPurposeText")}
          </EmptyState>
        ) : (
          <UploadForm
            countries={choices}
            country={installation.country}
            purposes={purposes.map(({ id, name }) => ({ value: publicId("pur", id), label: name }))}
          />
        )}
      </ImportSteps>
    </>
  );
}
