import { Copy, Pencil } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { found, idInPath } from "@/app/_server/found";
import { getTranslator } from "@/app/_server/preferences";
import { CampaignBadge } from "@/app/_ui/badge";
import { Banner, Callout } from "@/app/_ui/banner";
import { LinkButton } from "@/app/_ui/button";
import { Answer, KeyValue, PageHeader, Section } from "@/app/_ui/page";
import { PhonePreview } from "@/app/_ui/phone-preview";
import { HashChip, TimeText } from "@/app/_ui/text";
import { listCampaignsUsingTemplate } from "@/lib/campaigns/queries/list-campaigns-using-template";
import { publicId } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { may } from "@/lib/identity/authorize";
import { getTemplate, type TemplateView } from "@/lib/templates/queries/get-template";
import { getTemplateInsights } from "@/lib/templates/queries/get-template-insights";
import { filesByPlace, shownMessage } from "../shown-message";
import { TemplateCategory, TemplateQuality, TemplateStatus } from "../template-marks";
import { DeleteButton } from "./delete-button.client";
import { EventHistory } from "./event-history";
import { InsightsSection } from "./insights-section";
import { UnpauseButton } from "./unpause-button.client";

type Address = { params: Promise<{ templateId: string }> };

export async function generateMetadata({ params }: Address): Promise<Metadata> {
  const ctx = await requirePerson("template.read");
  const templateId = idInPath("tpl", (await params).templateId);
  return { title: (await found(getTemplate(ctx, { templateId }))).name };
}

export default async function TemplatePage({ params }: Address) {
  const ctx = await requirePerson("template.read");
  const templateId = idInPath("tpl", (await params).templateId);
  const [template, insights, used, formats, t] = await Promise.all([
    found(getTemplate(ctx, { templateId })),
    found(getTemplateInsights(ctx, { templateId })),
    listCampaignsUsingTemplate(ctx, { templateId }),
    currentFormats(),
    getTranslator("templates"),
  ]);
  const { name, senderName } = template;
  const mayEdit = may(ctx.actor, "template.edit");
  const id = publicId("tpl", templateId);
  return (
    <>
      <PageHeader
        title={name}
        status={<TemplateStatus status={template.status} />}
        actions={
          mayEdit && (
            <>
              <DeleteButton templateId={id} name={name} />
              <LinkButton href={`/templates/new?like=${id}`}>
                <Copy aria-hidden />
                {t("one.duplicate")}
              </LinkButton>
              <LinkButton href={`/templates/${id}/edit`}>
                <Pencil aria-hidden />
                {t("edit.label")}
              </LinkButton>
            </>
          )
        }
      />
      <Answer>{t(answerOf(template))}</Answer>
      <Warnings template={template} formats={formats} t={t} unpause={mayEdit && <UnpauseButton templateId={id} />} />
      <Section title={t("one.message")} note={t("one.messageNote")}>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-8 lg:grid-cols-[344px_minmax(0,1fr)]">
          <PhonePreview
            message={shownMessage(template.preview, filesByPlace(template.media, template.preview.cards?.length))}
            sender={senderName}
            label={t("one.previewLabel", { name })}
          />
          <Facts template={template} formats={formats} t={t} />
        </div>
      </Section>
      {used.length > 0 && (
        <Section title={t("one.used")} note={t("one.usedNote")}>
          <ul className="grid gap-2">
            {used.map((campaign) => (
              <li key={`${campaign.id} ${campaign.variant}`} className="flex flex-wrap items-center gap-3">
                <Link href={`/campaigns/${publicId("cmp", campaign.id)}`}>{campaign.name}</Link>
                <span className="note">{t("one.asVariant", { variant: campaign.variant })}</span>
                <CampaignBadge status={campaign.status} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      <InsightsSection ctx={ctx} templateId={templateId} insights={insights} formats={formats} t={t} />
      <Section title={t("history.title")} note={t("history.note")}>
        <EventHistory events={template.events} formats={formats} t={t} />
      </Section>
      <Versions template={template} formats={formats} t={t} />
    </>
  );
}

interface Shown {
  template: TemplateView;
  formats: Formats;
  t: Translator<"templates">;
}

/** What stops it, or soon will, and what can be done about it. */
function Warnings({ template, formats, t, unpause }: Shown & { unpause: React.ReactNode }) {
  const { status, rejectedReason, pauseTitle, nextCategory, nextCategoryAt, disabledAt } = template;
  const isPacing = pauseTitle === "RATE_LIMITING_PAUSE";
  return (
    <div className="mb-6 grid gap-3">
      {rejectedReason && <Banner tone="bad">{t("one.rejected", { reason: reasonText(rejectedReason, t) })}</Banner>}
      {status === "PAUSED" && (
        <Banner tone="warn" action={unpause}>
          {t(isPacing ? "one.pausedPacing" : pauseTitle === "SECOND_PAUSE" ? "one.pausedTwice" : "one.pausedOnce")}
        </Banner>
      )}
      {status === "DISABLED" && (
        <Banner tone="bad">
          {t("one.disabled")} {disabledAt && <TimeText at={disabledAt} formats={formats} />}
        </Banner>
      )}
      {nextCategory && (
        <Banner tone="warn">
          {t("one.categoryChanging", { category: categoryText(nextCategory, t) })}{" "}
          {nextCategoryAt && <TimeText at={nextCategoryAt} formats={formats} />}
        </Banner>
      )}
    </div>
  );
}

function Facts({ template, formats, t }: Shown) {
  const { language, senderName, metaId, updatedAt, syncedAt, ttlSeconds, category, quality, needs } = template;
  return (
    <div>
      <KeyValue
        left
        rows={[
          { label: t("columns.category"), value: <TemplateCategory category={category} /> },
          { label: t("columns.quality"), value: <TemplateQuality quality={quality} /> },
          { label: t("columns.language"), value: formats.language(language) },
          { label: t("columns.sender"), value: senderName },
          { label: t("one.needs"), value: needsOf(template, t, formats) },
          ...(ttlSeconds === null || ttlSeconds < 0
            ? []
            : [{ label: t("one.ttl"), value: t("one.hours", { hoursText: formats.decimal(ttlSeconds / 3_600, 1) }) }]),
          { label: t("one.metaId"), value: metaId ? <span className="num break-all">{metaId}</span> : "–" },
          { label: t("one.changed"), value: <TimeText at={updatedAt} formats={formats} /> },
          { label: t("one.synced"), value: syncedAt ? <TimeText at={syncedAt} formats={formats} /> : t("one.never") },
        ]}
      />
      <div className="mt-5 grid gap-3">
        {category === "MARKETING" && (
          <Callout tone={template.hasOptOut ? "ok" : "bad"}>
            {t(template.hasOptOut ? "optOut.hasText" : "optOut.lacksText")}
          </Callout>
        )}
        {needs.unsupported.length > 0 && (
          <Callout tone="warn">{t("one.unsupported", { list: formats.list(needs.unsupported) })}</Callout>
        )}
      </div>
    </div>
  );
}

function Versions({ template: { versions }, formats, t }: Shown) {
  return (
    <Section title={t("versions.title")} note={t("versions.note")}>
      <ol className="grid gap-6">
        {versions.map(({ since, sha256, preview }, index) => (
          <li key={sha256} className="border-b border-line pb-5">
            <div className="mb-2 flex flex-wrap items-center gap-3">
              <b>{index === 0 ? t("versions.current") : t("versions.earlier")}</b>
              <span className="note">
                {t("versions.since")} <TimeText at={since} formats={formats} />
              </span>
              <HashChip hash={sha256} name={t("versions.hash")} />
            </div>
            <p className="max-w-measure whitespace-pre-line">
              {[preview.header, preview.offer?.text, preview.body, preview.footer].filter(Boolean).join("\n\n")}
            </p>
            {preview.cards?.map((card, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: cards have no identity but their order
              <p key={at} className="mt-2 max-w-measure whitespace-pre-line">
                {t("cards.number", { number: formats.integer(at + 1) })}. {card.body}
              </p>
            ))}
            {preview.buttons.length > 0 && (
              <p className="note mt-2">{formats.list(preview.buttons.map((button) => buttonText(button, t)))}</p>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** The label of some buttons is Meta's own: those go by what they do. */
function buttonText({ text, type }: { text: string; type: string }, t: Translator<"templates">): string {
  if (text) return text;
  if (type === "COPY_CODE") return t("buttons.kinds.code");
  return type === "REQUEST_CONTACT_INFO" ? t("buttons.kinds.contact") : type;
}

function answerOf({ isSendable, status, category }: TemplateView) {
  if (isSendable) return category === "AUTHENTICATION" ? "one.accessCode" : "one.sendable";
  return status === "PENDING" ? "one.waiting" : "one.notSendable";
}

const reasons = [
  "ABUSIVE_CONTENT",
  "INCORRECT_CATEGORY",
  "INVALID_FORMAT",
  "PROMOTIONAL",
  "SCAM",
  "TAG_CONTENT_MISMATCH",
] as const;

function reasonText(reason: string, t: Translator<"templates">): string {
  const known = reasons.find((one) => one === reason);
  return known ? t(`reasons.${known}`) : reason;
}

function categoryText(category: string, t: Translator<"templates">): string {
  const known = (["MARKETING", "UTILITY", "AUTHENTICATION"] as const).find((one) => one === category);
  return known ? t(`category.${known}`) : category;
}

/** What whoever sends it has to fill in, by place: `{{1}}` of the body, a file, the tracked link. */
function needsOf({ needs }: TemplateView, t: Translator<"templates">, formats: Formats): string {
  const places = needs.places.map((place) => {
    const [, card, rest = ""] = /^(?:card\.(\d+)\.)?(.*)$/.exec(place) ?? [];
    const own = placeText(rest, needs.kinds[place] ?? "text", t);
    return card === undefined ? own : t("cards.example", { number: formats.integer(Number(card) + 1), label: own });
  });
  const links = needs.linkButtons.length > 0 || needs.hasCardLinks ? [t("one.trackedLink")] : [];
  return places.length + links.length === 0 ? t("one.needsNothing") : formats.list([...places, ...links]);
}

function placeText(place: string, kind: TemplateView["needs"]["kinds"][string], t: Translator<"templates">): string {
  if (kind !== "text") return t(`one.placeKinds.${kind}`);
  const [part, name = ""] = place.split(".");
  return t(part === "header" ? "one.placeHeader" : "one.placeBody", { name: `{{${name}}}` });
}
