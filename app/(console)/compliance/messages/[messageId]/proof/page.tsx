import { SquareCheck } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { currentFormats, currentInstallation, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { LinkButton } from "@/app/_ui/button";
import { ClientMessages } from "@/app/_ui/client-messages";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { Answer, KeyValue, PageHeader, Panel, Section } from "@/app/_ui/page";
import { PhonePreview } from "@/app/_ui/phone-preview";
import { HashChip, MaskedPhone, TimeText } from "@/app/_ui/text";
import { VariantTag } from "@/app/_ui/variant";
import { isAppError } from "@/lib/foundation/errors";
import { parsePublicId, publicId } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { noteReading } from "@/lib/reporting/commands/note-reading";
import { getMessageProof, type MessageProof } from "@/lib/reporting/queries/get-message-proof";
import { variantOf } from "../../../../campaigns/[campaignId]/results/wording";
import { reasonText } from "../../../../reasons";
import { evidenceText, messageStateText, sourceText } from "../../../codes";
import { personPath } from "../../../paths";
import { Checks } from "./checks";
import { type Inclusion, verifyPlaces } from "./inclusion";
import { TakeProof } from "./take-proof.client";

interface Props {
  params: Promise<{ messageId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("compliance"))("proof.title") };
}

interface Words {
  t: Translator<"compliance">;
  r: Translator<"reasons">;
  formats: Formats;
}

/** Why this message was allowed, what it said, and why nobody can have changed that since. */
export default async function ProofPage({ params }: Props) {
  const ctx = await requirePerson("proof.read");
  const { messageId: publicMessageId } = await params;
  const messageId = parsePublicId("msg", publicMessageId) ?? notFound();
  const proof = await proofOf(() => getMessageProof(ctx, { messageId }));
  await noteReading(ctx, { what: "proof.viewed", subject: messageId });
  const [t, r, formats, installation, inclusions] = await Promise.all([
    getTranslator("compliance"),
    getTranslator("reasons"),
    currentFormats(),
    currentInstallation(),
    verifyPlaces(ctx, proof),
  ]);
  const words = { t, r, formats };
  return (
    <ClientMessages namespaces={["compliance"]}>
      <PageHeader
        title={t("proof.heading", { id: `${publicMessageId.slice(0, 8)}…${publicMessageId.slice(-4)}` })}
        status={<Verdict proof={proof} words={words} />}
        actions={<LinkButton href={personPath(proof.contactId)}>{t("proof.person")}</LinkButton>}
      />
      <div className="grid gap-x-10 xl:grid-cols-[minmax(0,1fr)_312px]">
        <div className="min-w-0">
          <Answer sub={sentenceOf(proof, words)}>
            {t(`proof.answer.${proof.ground && proof.verdict.kind === "proved" ? "grounded" : proof.verdict.kind}`)}
          </Answer>
          {proof.verdict.kind === "exception" && (
            <p className="mb-6 max-w-measure text-bad">{t(`exceptions.${proof.verdict.exception}.text`)}</p>
          )}
          <ConsentSection proof={proof} words={words} />
          <Section title={t("proof.checks")} note={checksNote(proof, words)}>
            <Checks checks={proof.checks} t={t} />
          </Section>
          <ApprovalSection proof={proof} words={words} />
          <MessageText proof={proof} sender={proof.senderName ?? ""} words={words} />
          <LogSection proof={proof} inclusions={inclusions} words={words} />
        </div>
        <aside className="grid content-start gap-6 pt-6">
          <Panel title={t("proof.takeAway")}>
            <p className="mb-4">{t("proof.takeAwayText")}</p>
            <TakeProof
              messageId={publicMessageId}
              fileName={`${publicMessageId}${installation.mode === "sandbox" ? "-sandbox" : ""}.zip`}
            />
            <p className="note mt-3">{t("proof.takeAwayNote")}</p>
            <p className="mono mt-3">node verify.mjs {publicMessageId.slice(0, 8)}….zip</p>
          </Panel>
          <Facts proof={proof} words={words} />
        </aside>
      </div>
    </ClientMessages>
  );
}

async function proofOf(read: () => Promise<MessageProof>): Promise<MessageProof> {
  try {
    return await read();
  } catch (error) {
    if (isAppError(error) && error.code === "not_found") notFound();
    throw error;
  }
}

function Verdict({ proof: { verdict }, words: { t } }: { proof: MessageProof; words: Words }) {
  const tone = { proved: "ok", exception: "bad", not_attempted: "idle" } as const;
  return <StatusBadge tone={tone[verdict.kind]}>{t(`proof.verdict.${verdict.kind}`)}</StatusBadge>;
}

/** The whole story in one sentence; every part that is not known says so. */
function sentenceOf({ sentAt, timeZone, phone, consent, ground }: MessageProof, { t, formats }: Words): string {
  if (!sentAt) return t("proof.neverSent");
  const when = timeZone
    ? t("proof.localTime", { time: formats.dateTimeIn(sentAt, timeZone) })
    : formats.dateTime(sentAt);
  const sent = t("proof.sent", { when, phone: phone?.replaceAll(" ", "\u00a0") ?? t("proof.erasedPhone") });
  if (ground) return `${sent} ${t(`proof.ground.${ground.basis}`, { at: formats.dateTime(ground.at) })}`;
  if (!consent) return `${sent} ${t("proof.noConsent")}`;
  const stood = t("proof.stood", {
    purpose: consent.purposeName,
    since: formats.date(consent.occurredAt),
    source: sourceText(consent.source, t),
    hasWording: consent.wording ? "yes" : "no",
    wording: consent.wording?.label ?? "",
    ended: consent.ended?.how ?? "no",
    when: consent.ended ? formats.dateTime(consent.ended.at) : "",
  });
  return `${sent} ${stood}`;
}

function ConsentSection({ proof: { consent, log }, words }: { proof: MessageProof; words: Words }) {
  const { t, formats } = words;
  if (!consent) return null;
  const { wording, evidence } = consent;
  const place = log.find(({ what }) => what === "consent");
  return (
    <Section title={t("proof.consent")} note={t("proof.consentNote")}>
      {wording && (
        <blockquote
          lang={wording.language}
          className="mb-4 flex max-w-measure gap-3 border-l-2 border-ink pl-4 text-head"
        >
          <SquareCheck aria-hidden className="mt-1" />
          <p>{wording.text}</p>
        </blockquote>
      )}
      <KeyValue
        left
        rows={[
          {
            label: t("proof.wording"),
            value: wording
              ? t("proof.wordingText", {
                  label: wording.label,
                  date: formats.date(wording.createdAt),
                  controller: wording.controller,
                })
              : t("proof.noWording"),
          },
          { label: t("proof.source"), value: sourceText(consent.source, t) },
          { label: t("proof.given"), value: <TimeText at={consent.occurredAt} formats={formats} /> },
          { label: t("proof.recorded"), value: <TimeText at={consent.recordedAt} formats={formats} /> },
          { label: t("proof.expires"), value: <TimeText at={consent.expiresAt} formats={formats} /> },
          {
            label: t(consent.ended?.how === "invalidated" ? "proof.invalidated" : "proof.withdrawn"),
            value: consent.ended ? <TimeText at={consent.ended.at} formats={formats} /> : t("proof.notWithdrawn"),
          },
          ...Object.entries(evidence ?? {})
            .filter(([field, value]) => field !== "actAt" && value !== null && value !== "")
            .map(([field, value]) => ({
              label: evidenceText(field, t),
              value: <EvidenceValue value={String(value)} name={evidenceText(field, t)} />,
            })),
          {
            label: t("proof.event"),
            value:
              place?.index === null || place === undefined ? (
                t("proof.waiting")
              ) : (
                <Link href={`/compliance/ledger?entry=${place.index}`}>
                  {t("proof.openEntry", { index: formats.integer(place.index) })}
                </Link>
              ),
          },
        ]}
      />
    </Section>
  );
}

/** Hashes are cut and can be copied; anything else is shown as it was kept. */
function EvidenceValue({ value, name }: { value: string; name: string }) {
  return /^[0-9a-f]{64}$/.test(value) ? (
    <HashChip hash={value} name={name} />
  ) : (
    <span className="break-all">{value}</span>
  );
}

function checksNote({ attempts }: MessageProof, { t, formats }: Words): string {
  const attempt = attempts.at(-1);
  if (!attempt) return t("proof.checksNone");
  return t("proof.checksNote", { time: formats.dateTime(attempt.authorisedAt) });
}

function ApprovalSection({ proof: { approval }, words: { t, formats } }: { proof: MessageProof; words: Words }) {
  return (
    <Section title={t("proof.approval")}>
      {approval ? (
        <div className="grid gap-2">
          <p>
            {t("proof.approvedBy", {
              name: approval.byName ?? t("proof.somebody"),
              date: formats.dateTime(approval.at),
              isSolo: approval.isSolo ? "yes" : "no",
            })}
          </p>
          <p className="inline-flex flex-wrap items-center gap-2">
            {t("proof.content")} <HashChip hash={approval.contentHash} name={t("proof.content")} />
          </p>
        </div>
      ) : (
        <p>{t("proof.noApproval")}</p>
      )}
    </Section>
  );
}

const buttonKinds = { URL: "url", PHONE_NUMBER: "call", COPY_CODE: "copy" } as const;

function buttonKind(type: string): "url" | "call" | "copy" | "reply" {
  return type === "URL" || type === "PHONE_NUMBER" || type === "COPY_CODE" ? buttonKinds[type] : "reply";
}

function MessageText({
  proof: { template, sentAt },
  sender,
  words,
}: {
  proof: MessageProof;
  sender: string;
  words: Words;
}) {
  const { t, formats } = words;
  if (!template) return null;
  const { text, name, language, category, componentsSha256 } = template;
  return (
    <Section title={t("proof.message")} note={t("proof.messageNote")}>
      <div className="grid grid-cols-1 gap-6">
        {text ? (
          <PhonePreview
            sender={sender}
            label={t("proof.message")}
            message={{
              body: text.body,
              ...(text.header ? { header: { kind: "text" as const, text: text.header } } : {}),
              ...(text.footer ? { footer: text.footer } : {}),
              ...(sentAt ? { time: formats.timeBare(sentAt) } : {}),
              buttons: text.buttons.map((one) => ({ kind: buttonKind(one.type), text: one.text })),
            }}
          />
        ) : (
          <p>{t("proof.noText")}</p>
        )}
        <KeyValue
          left
          rows={[
            { label: t("proof.template"), value: <span className="mono break-all">{name}</span> },
            { label: t("proof.language"), value: formats.language(language) },
            { label: t("proof.category"), value: t("proof.categoryText", { category }) },
            {
              label: t("proof.version"),
              value: componentsSha256 ? (
                <HashChip hash={componentsSha256} name={t("proof.version")} />
              ) : (
                t("proof.notKept")
              ),
            },
          ]}
        />
      </div>
    </Section>
  );
}

function LogSection({
  proof,
  inclusions,
  words,
}: {
  proof: MessageProof;
  inclusions: readonly Inclusion[];
  words: Words;
}) {
  const { t, formats } = words;
  const { log, checkpoint } = proof;
  const tones = { included: "ok", broken: "bad", waiting: "idle" } as const;
  return (
    <Section title={t("proof.log")} note={t("proof.logNote")}>
      <DataTable
        caption={t("proof.log")}
        rows={log.map((place, index) => ({
          ...place,
          order: index,
          inclusion: inclusions[index] ?? "waiting",
          hashes: place.inclusion.length,
        }))}
        rowKey={({ order }) => String(order)}
        columns={[
          {
            key: "what",
            head: t("proof.what"),
            cell: ({ what, index }) => (
              <TwoLines
                second={
                  index === null ? (
                    t("proof.waiting")
                  ) : (
                    <Link href={`/compliance/ledger?entry=${index}`}>
                      {t("proof.openEntry", { index: formats.integer(index) })}
                    </Link>
                  )
                }
              >
                {t(`proof.places.${what}`)}
              </TwoLines>
            ),
          },
          {
            key: "path",
            head: t("proof.path"),
            cell: ({ hashes, inner }) => (
              <span className="note">
                {t("proof.pathText", { count: hashes, countText: formats.integer(hashes) })}
                {inner &&
                  ` · ${t("proof.innerText", { position: formats.integer(inner.position + 1), sizeText: formats.integer(inner.size) })}`}
              </span>
            ),
          },
          {
            key: "inclusion",
            head: t("proof.checked"),
            cell: ({ inclusion }) => (
              <StatusBadge tone={tones[inclusion]}>{t(`proof.inclusion.${inclusion}`)}</StatusBadge>
            ),
          },
        ]}
      />
      {checkpoint && (
        <p className="mt-4 inline-flex flex-wrap items-center gap-2">
          {t("proof.head", { sizeText: formats.integer(checkpoint.size), date: formats.dateTime(checkpoint.signedAt) })}
          <HashChip hash={checkpoint.rootHex} name={t("log.root")} />
        </p>
      )}
    </Section>
  );
}

function Facts({ proof, words: { t, r, formats } }: { proof: MessageProof; words: Words }) {
  const instant = (at: Date | null) => (at ? <TimeText at={at} formats={formats} /> : "–");
  return (
    <section>
      <h2 className="mb-2">{t("proof.facts")}</h2>
      <KeyValue
        rows={[
          ...(proof.campaignId
            ? [
                {
                  label: t("proof.campaign"),
                  value: <Link href={`/campaigns/${publicId("cmp", proof.campaignId)}`}>{proof.campaignName}</Link>,
                },
              ]
            : []),
          ...(proof.variant
            ? [{ label: t("proof.variant"), value: <VariantTag variant={variantOf(proof.variant)} /> }]
            : [{ label: t("proof.kind"), value: t(`proof.kinds.${proof.kind}`) }]),
          {
            label: t("proof.state"),
            value: `${messageStateText(proof.state, t)}${proof.reason ? ` (${reasonText(proof.reason, r)})` : ""}`,
          },
          { label: t("proof.accepted"), value: instant(proof.acceptedAt) },
          { label: t("proof.delivered"), value: instant(proof.deliveredAt) },
          { label: t("proof.read"), value: instant(proof.readAt) },
          {
            label: t("proof.phone"),
            value: proof.phone ? <MaskedPhone masked={proof.phone} /> : t("proof.erasedPhone"),
          },
        ]}
      />
    </section>
  );
}
