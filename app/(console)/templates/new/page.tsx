import type { Metadata } from "next";
import { requirePerson } from "@/app/_server/context";
import { found, idInPath } from "@/app/_server/found";
import { getPreferences, getTranslator } from "@/app/_server/preferences";
import { Answer, PageHeader } from "@/app/_ui/page";
import { EmptyState } from "@/app/_ui/states";
import { newId, publicId } from "@/lib/foundation/ids";
import type { Context } from "@/lib/identity/context";
import { draftOf, emptyDraft, type TemplateDraft } from "@/lib/templates/draft";
import { getTemplate } from "@/lib/templates/queries/get-template";
import { getDraft } from "@/lib/templates/queries/list-drafts";
import { formChoices } from "../editor/form-props";
import { TemplateForm } from "../editor/template-form.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("templates"))("new.title") };
}

interface Asked {
  /** `tdr_…`: go on with a draft. */
  draft?: string;
  /** `tpl_…`: begin with the text of another template. */
  like?: string;
}

export default async function NewTemplatePage({ searchParams }: { searchParams: Promise<Asked> }) {
  const ctx = await requirePerson("template.edit");
  const [asked, preferences, t] = await Promise.all([searchParams, getPreferences(), getTranslator("templates")]);
  const begun = await beginning(ctx, asked);
  const choices = await formChoices(ctx, begun?.language ?? preferences.locale);
  const [first] = choices.numbers;
  return (
    <>
      <PageHeader title={t("new.title")} />
      <Answer sub={t("new.note")}>{t("new.answer")}</Answer>
      {first ? (
        <TemplateForm
          {...choices}
          draftId={asked.draft}
          draft={begun ?? { ...emptyDraft, numberId: first.value, language: preferences.locale }}
        />
      ) : (
        <EmptyState title={t("new.noNumber")}>{t("new.noNumberText")}</EmptyState>
      )}
    </>
  );
}

async function beginning(ctx: Context, { draft, like }: Asked): Promise<TemplateDraft | undefined> {
  if (draft) return (await found(getDraft(ctx, { draftId: idInPath("tdr", draft) }))).content;
  if (!like) return undefined;
  const template = await found(getTemplate(ctx, { templateId: idInPath("tpl", like) }));
  const copy = draftOf(template, { numberId: publicId("num", template.numberId), newKey: newId });
  return { ...copy, name: `${template.name}_2` };
}
