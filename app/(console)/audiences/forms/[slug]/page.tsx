import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { found } from "@/app/_server/found";
import { getTranslator } from "@/app/_server/preferences";
import { consoleRuntime, publicPagesUrl } from "@/app/_server/runtime";
import { StatusBadge } from "@/app/_ui/badge";
import { Banner } from "@/app/_ui/banner";
import { ClientMessages } from "@/app/_ui/client-messages";
import { CopyButton } from "@/app/_ui/copy-button.client";
import { Answer, PageHeader, Section } from "@/app/_ui/page";
import { QrPicture } from "@/app/_ui/qr-picture";
import { getFormInUse } from "@/lib/consent/queries/list-opt-in-forms";
import { publicId } from "@/lib/foundation/ids";
import { AudienceTabs } from "../../audience-tabs";
import { NewTag, OpenSwitch } from "../forms.client";

interface Props {
  params: Promise<{ slug: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("consents"))("forms.one") };
}

/** Where is this form, and from where do people come? */
export default async function FormPage({ params }: Props) {
  const ctx = await requirePerson("form.edit");
  const [{ slug }, t, formats, runtime] = await Promise.all([
    params,
    getTranslator("consents"),
    currentFormats(),
    consoleRuntime(),
  ]);
  const form = await found(getFormInUse(ctx, { slug }));
  const address = `${publicPagesUrl(runtime)}/forms/${form.slug}`;
  const isOpen = form.closedAt === null;
  const formId = publicId("frm", form.formId);
  return (
    <ClientMessages namespaces={["consents"]}>
      <PageHeader
        title={form.name}
        status={
          <StatusBadge tone={isOpen ? "ok" : "idle"}>{isOpen ? t("forms.isOpen") : t("forms.closed")}</StatusBadge>
        }
        actions={<OpenSwitch formId={formId} isOpen={isOpen} />}
        tabs={<AudienceTabs ctx={ctx} />}
      />
      <Answer sub={t("forms.oneNote", { purpose: form.purposeName, brand: form.brandName })}>
        {t("forms.oneAnswer", { count: form.answers, countText: formats.integer(form.answers) })}
      </Answer>
      {(!form.hasWording || form.doubleOptIn) && (
        <div className="mb-6 grid gap-3">
          {!form.hasWording && <Banner tone="bad">{t("forms.noWordingText")}</Banner>}
          {form.doubleOptIn && <Banner tone="info">{t("forms.doubleOptIn")}</Banner>}
        </div>
      )}
      <Section title={t("forms.places")} note={t("forms.placesNote")}>
        <ul className="grid gap-6 sm:grid-cols-2">
          {form.places.map(({ tag, label, answers }) => {
            const url = tag === null ? address : `${address}?from=${tag}`;
            const name = label ?? t("forms.ownAddress");
            const file = `/api/forms/${form.slug}/qr${tag === null ? "" : `?tag=${tag}`}`;
            return (
              <li key={tag ?? ""} className="grid content-start gap-2 border-t border-line pt-4">
                <h3>{name}</h3>
                <p className="note">
                  {t("forms.answersHere", { count: answers, countText: formats.integer(answers) })}
                </p>
                <QrPicture text={url} label={t("forms.qrOf", { name })} />
                <p className="break-all">
                  <a href={url}>{url}</a> <CopyButton icon text={url} name={t("forms.addressOf", { name })} />
                </p>
                <p>
                  <a href={file} download>
                    {t("forms.download")}
                  </a>
                </p>
              </li>
            );
          })}
        </ul>
      </Section>
      <Section title={t("forms.newPlace")} note={t("forms.newPlaceNote")}>
        <NewTag formId={formId} />
      </Section>
    </ClientMessages>
  );
}
