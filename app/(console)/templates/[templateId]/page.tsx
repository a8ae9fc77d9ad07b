import type { Metadata } from "next";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { found, idInPath } from "@/app/_server/found";
import { getTranslator } from "@/app/_server/preferences";
import { Banner, Callout } from "@/app/_ui/banner";
import { Answer, KeyValue, PageHeader, Section } from "@/app/_ui/page";
import { PhonePreview } from "@/app/_ui/phone-preview";
import { HashChip, TimeText } from "@/app/_ui/text";
import { publicId } from "@/lib/foundation/ids";
import type { Translator } from "@/lib/i18n/translator";
import { may } from "@/lib/identity/authorize";
import { getTemplate, type TemplateView } from "@/lib/templates/queries/get-template";
import { filesByPlace, shownMessage } from "../shown-message";
import { TemplateCategory, TemplateQuality, TemplateStatus } from "../template-marks";
import { DeleteButton } from "./delete-button.client";

type Address = { params: Promise<{ templateId: string }> };

export async function generateMetadata({ params }: Address): Promise<Metadata> {
  const ctx = await requirePerson("template.read");
  const templateId = idInPath("tpl", (await params).templateId);
  return { title: (await found(getTemplate(ctx, { templateId }))).name };
}

export default async function TemplatePage({ params }: Address) {
  const ctx = await requirePerson("template.read");
  const templateId = idInPath("tpl", (await params).templateId);
  const [template, formats, t] = await Promise.all([
    found(getTemplate(ctx, { templateId })),
    currentFormats(),
    getTranslator("templates"),
  ]);
  const { name, senderName, language, syncedAt, updatedAt, metaId, versions } = template;
  const isGone = template.status === "DELETED";
  return (
    <>
      <PageHeader
        title={name}
        status={<TemplateStatus status={template.status} />}
        actions={
          may(ctx.actor, "template.edit") &&
          !isGone && <DeleteButton templateId={publicId("tpl", templateId)} name={name} />
        }
      />
      <Answer>{t(answerOf(template))}</Answer>
      {template.rejectedReason && <Banner tone="bad">{t("one.rejected", { reason: template.rejectedReason })}</Banner>}
      <Section title={t("one.message")} note={t("one.messageNote")}>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-8 lg:grid-cols-[344px_minmax(0,1fr)]">
          <PhonePreview
            message={shownMessage(template.preview, filesByPlace(template.media, template.preview.cards?.length))}
            sender={senderName}
            label={t("one.previewLabel", { name })}
          />
          <div>
            <KeyValue
              left
              rows={[
                { label: t("columns.category"), value: <TemplateCategory category={template.category} /> },
                { label: t("columns.quality"), value: <TemplateQuality quality={template.quality} /> },
                { label: t("columns.language"), value: formats.language(language) },
                { label: t("columns.sender"), value: senderName },
                { label: t("one.needs"), value: needsOf(template, t, formats.list) },
                { label: t("one.metaId"), value: metaId ? <span className="num break-all">{metaId}</span> : "–" },
                { label: t("one.changed"), value: <TimeText at={updatedAt} formats={formats} /> },
                {
                  label: t("one.synced"),
                  value: syncedAt ? <TimeText at={syncedAt} formats={formats} /> : t("one.never"),
                },
              ]}
            />
            <div className="mt-5 grid gap-3">
              {template.category === "MARKETING" && (
                <Callout tone={template.hasOptOut ? "ok" : "bad"}>
                  {t(template.hasOptOut ? "optOut.hasText" : "optOut.lacksText")}
                </Callout>
              )}
              {template.needs.unsupported.length > 0 && (
                <Callout tone="warn">
                  {t("one.unsupported", { list: formats.list(template.needs.unsupported) })}
                </Callout>
              )}
            </div>
          </div>
        </div>
      </Section>
      <Section title={t("versions.title")} note={t("versions.note")}>
        <ol className="grid gap-6">
          {versions.map(({ since, sha256, preview }, index) => (
            <li key={sha256} className="border-b border-line pb-5">
              <div className="mb-2 flex flex-wrap items-center gap-3">
                <b>{index === 0 && !isGone ? t("versions.current") : t("versions.earlier")}</b>
                <span className="note">
                  {t("versions.since")} <TimeText at={since} formats={formats} />
                </span>
                <HashChip hash={sha256} name={t("versions.hash")} />
              </div>
              <p className="max-w-measure whitespace-pre-line">
                {[preview.header, preview.body, preview.footer].filter(Boolean).join("\n\n")}
              </p>
              {preview.buttons.length > 0 && (
                <p className="note mt-2">{formats.list(preview.buttons.map(({ text }) => text))}</p>
              )}
            </li>
          ))}
        </ol>
      </Section>
    </>
  );
}

function answerOf({ isSendable, status }: TemplateView) {
  if (isSendable) return "one.sendable";
  return status === "PENDING" ? "one.waiting" : "one.notSendable";
}

/** What whoever sends it has to fill in, by place: `{{1}}` of the body, the tracked link. */
function needsOf(
  { needs }: TemplateView,
  t: Translator<"templates">,
  list: (items: readonly string[]) => string,
): string {
  const places = needs.places.map((place) => {
    const [part, name = ""] = place.split(".");
    return t(part === "header" ? "one.placeHeader" : "one.placeBody", { name: `{{${name}}}` });
  });
  const links = needs.linkButtons.length > 0 ? [t("one.trackedLink")] : [];
  return places.length + links.length === 0 ? t("one.needsNothing") : list([...places, ...links]);
}
