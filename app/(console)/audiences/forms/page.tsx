import type { Metadata } from "next";
import Link from "next/link";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { ClientMessages } from "@/app/_ui/client-messages";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { Answer, PageHeader, Section } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { listKeywords } from "@/lib/consent/queries/list-keywords";
import { type FormInUse, listOptInForms } from "@/lib/consent/queries/list-opt-in-forms";
import { listPurposes } from "@/lib/consent/queries/list-purposes";
import { listWordingsInUse } from "@/lib/consent/queries/list-wordings-in-use";
import { publicId } from "@/lib/foundation/ids";
import { AudienceTabs } from "../audience-tabs";
import { NewForm, NewKeyword, RetireKeyword } from "./forms.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("consents"))("forms.title") };
}

/** How can people agree by themselves: on a page, by a code, with a word? */
export default async function FormsPage() {
  const ctx = await requirePerson("form.edit");
  const [forms, keywords, purposes, wordings, t, audiences, formats] = await Promise.all([
    listOptInForms(ctx),
    listKeywords(ctx),
    listPurposes(ctx),
    listWordingsInUse(ctx),
    getTranslator("consents"),
    getTranslator("audiences"),
    currentFormats(),
  ]);
  const open = forms.filter(({ closedAt }) => closedAt === null).length;
  const answers = forms.reduce((sum, form) => sum + form.answers, 0);
  return (
    <ClientMessages namespaces={["consents"]}>
      <PageHeader title={audiences("title")} tabs={<AudienceTabs ctx={ctx} />} />
      <Answer sub={t("forms.note")}>
        {t("forms.answer", { open, openText: formats.integer(open), answers, answersText: formats.integer(answers) })}
      </Answer>
      <Section title={t("forms.title")} note={t("forms.listNote")}>
        {forms.length === 0 ? (
          <EmptyState title={t("forms.none")}>{t("forms.noneText")}</EmptyState>
        ) : (
          <DataTable
            caption={t("forms.title")}
            cards
            rows={forms}
            rowKey={({ formId }) => formId}
            columns={[
              {
                key: "name",
                head: t("forms.name"),
                cell: ({ name, slug }) => (
                  <TwoLines second={`/forms/${slug}`}>
                    <Link href={`/audiences/forms/${slug}`}>{name}</Link>
                  </TwoLines>
                ),
              },
              {
                key: "purpose",
                head: t("forms.purpose"),
                cell: ({ purposeName, brandName }) => <TwoLines second={brandName}>{purposeName}</TwoLines>,
              },
              {
                key: "answers",
                head: t("forms.answers"),
                isNumber: true,
                cell: (form) => formats.integer(form.answers),
              },
              { key: "state", head: t("forms.state"), cell: (form) => <FormState form={form} /> },
            ]}
          />
        )}
      </Section>
      <Section title={t("forms.new")} note={t("forms.newNote")}>
        <NewForm purposes={purposes.map(({ id, name }) => ({ value: publicId("pur", id), label: name }))} />
      </Section>
      <Section title={t("keywords.title")} note={t("keywords.note")}>
        {keywords.length > 0 && (
          <DataTable
            caption={t("keywords.title")}
            cards
            rows={keywords}
            rowKey={({ keywordId }) => keywordId}
            columns={[
              { key: "word", head: t("keywords.word"), cell: ({ keyword }) => keyword.toUpperCase() },
              {
                key: "purpose",
                head: t("forms.purpose"),
                cell: ({ purposeName, brandName }) => <TwoLines second={brandName}>{purposeName}</TwoLines>,
              },
              {
                key: "wording",
                head: t("keywords.wording"),
                cell: ({ wordingLabel, wordingLanguage, wordingRevokedAt }) => (
                  <TwoLines second={wordingRevokedAt ? t("wording.revoked") : undefined}>
                    {`${wordingLabel} · ${wordingLanguage}`}
                  </TwoLines>
                ),
              },
              {
                key: "act",
                head: t("forms.act"),
                cell: ({ keywordId, keyword }) => (
                  <RetireKeyword keywordId={publicId("kwd", keywordId)} keyword={keyword.toUpperCase()} />
                ),
              },
            ]}
          />
        )}
        <div className="mt-6">
          <NewKeyword
            wordings={wordings
              .filter(({ revokedAt }) => revokedAt === null)
              .map(({ id, purposeName, label, language }) => ({
                value: publicId("wrd", id),
                label: `${purposeName} · ${label} · ${language}`,
              }))}
          />
        </div>
      </Section>
    </ClientMessages>
  );
}

async function FormState({ form }: { form: FormInUse }) {
  const t = await getTranslator("consents");
  if (form.closedAt) return <StatusBadge tone="idle">{t("forms.closed")}</StatusBadge>;
  if (!form.hasWording) return <StatusBadge tone="bad">{t("forms.noWording")}</StatusBadge>;
  return <StatusBadge tone="ok">{t("forms.isOpen")}</StatusBadge>;
}
