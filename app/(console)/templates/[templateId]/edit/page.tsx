import type { Metadata } from "next";
import { requirePerson } from "@/app/_server/context";
import { found, idInPath } from "@/app/_server/found";
import { getTranslator } from "@/app/_server/preferences";
import { Banner } from "@/app/_ui/banner";
import { Answer, PageHeader } from "@/app/_ui/page";
import { newId, publicId } from "@/lib/foundation/ids";
import { draftOf } from "@/lib/templates/draft";
import { getTemplate } from "@/lib/templates/queries/get-template";
import { getDraft, listDrafts } from "@/lib/templates/queries/list-drafts";
import { formChoices } from "../../editor/form-props";
import { TemplateForm } from "../../editor/template-form.client";

interface Address {
  params: Promise<{ templateId: string }>;
  searchParams: Promise<{ draft?: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("templates"))("edit.title") };
}

/** Changes the text of a template: with what was kept of an earlier try, else with what it says now. */
export default async function EditTemplatePage({ params, searchParams }: Address) {
  const ctx = await requirePerson("template.edit");
  const [{ templateId: path }, { draft: asked }, t] = await Promise.all([
    params,
    searchParams,
    getTranslator("templates"),
  ]);
  const templateId = idInPath("tpl", path);
  const template = await found(getTemplate(ctx, { templateId }));
  const draft = asked
    ? await found(getDraft(ctx, { draftId: idInPath("tdr", asked) }))
    : (await listDrafts(ctx)).find((one) => one.templateId === templateId);
  const numberId = publicId("num", template.numberId);
  const isApproved = template.status === "APPROVED";
  return (
    <>
      <PageHeader title={t("edit.heading", { name: template.name })} />
      <Answer sub={t("edit.note")}>{t("edit.answer")}</Answer>
      {!template.isEditable && <Banner tone="warn">{t("edit.notNow")}</Banner>}
      <TemplateForm
        {...(await formChoices(ctx, template.language))}
        draftId={draft && publicId("tdr", draft.draftId)}
        draft={draft?.content ?? draftOf(template, { numberId, newKey: newId })}
        edited={{ templateId: publicId("tpl", templateId), isApproved }}
      />
    </>
  );
}
