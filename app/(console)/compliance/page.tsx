import { ShieldAlert } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { Callout } from "@/app/_ui/banner";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { Answer, KeyValue, Section, Tiles } from "@/app/_ui/page";
import { HashChip, TimeText } from "@/app/_ui/text";
import { publicId } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import { may } from "@/lib/identity/authorize";
import { type ComplianceOverview, getComplianceOverview } from "@/lib/reporting/queries/get-compliance-overview";
import { reasonText } from "./codes";
import { ComplianceHead } from "./compliance-head";
import { proofPath } from "./paths";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("compliance"))("title") };
}

interface Words {
  t: Translator<"compliance">;
  formats: Formats;
}

/** "Can we prove the consent of everything that was sent?" First what does not fit, then where the figure comes from. */
export default async function CompliancePage() {
  const ctx = await requirePerson("ledger.read");
  const [overview, t, formats] = await Promise.all([
    getComplianceOverview(ctx),
    getTranslator("compliance"),
    currentFormats(),
  ]);
  const words = { t, formats };
  return (
    <>
      <ComplianceHead />
      <p className="note mt-6">{t("question")}</p>
      <Answer tight>{answerOf(overview, words)}</Answer>
      <Figures overview={overview} mayReadImports={may(ctx.actor, "import.read")} words={words} />
      <Exceptions overview={overview} words={words} />
      <Campaigns overview={overview} words={words} />
      <Refusals overview={overview} words={words} />
      <Log overview={overview} words={words} />
    </>
  );
}

function answerOf({ sends, unknownOutcomes }: ComplianceOverview, { t, formats }: Words): string {
  const { attempts, withoutConsent } = sends;
  if (attempts === 0) return t("answer.nothing");
  const attention = withoutConsent + unknownOutcomes;
  return t(withoutConsent === 0 ? "answer.yes" : "answer.no", {
    attempts,
    attemptsText: formats.integer(attempts),
    withoutConsent,
    withoutConsentText: formats.integer(withoutConsent),
    attention,
    attentionText: formats.integer(attention),
  });
}

function Figures({
  overview,
  mayReadImports,
  words,
}: {
  overview: ComplianceOverview;
  mayReadImports: boolean;
  words: Words;
}) {
  const { t, formats } = words;
  const { sends, consents, optOuts, approvals } = overview;
  const proven = sends.attempts - sends.withoutConsent;
  const count = (value: number) => formats.integer(value);
  const waitingImports = t("tiles.approvalsImports", { count: approvals.imports, countText: count(approvals.imports) });
  return (
    <Tiles
      tiles={[
        {
          label: t("tiles.proven"),
          figure: sends.attempts > 0 ? shareText(proven, sends.attempts, formats) : t("tiles.nothing"),
          note: (
            <>
              {formats.ratio(proven, sends.attempts)} · {t("tiles.recomputed", { time: formats.dateTime(sends.at) })}
            </>
          ),
        },
        {
          label: t("tiles.optOuts"),
          figure: count(optOuts.last30Days),
          note: t("tiles.optOutsNote", { count: optOuts.total, countText: count(optOuts.total) }),
        },
        {
          label: t("tiles.expiring", { days: count(consents.expiringWithinDays) }),
          figure: count(consents.expiringSoon),
          note: t("tiles.expiringNote", { count: consents.granted, countText: count(consents.granted) }),
        },
        {
          label: t("tiles.approvals"),
          figure: count(approvals.imports + approvals.campaigns),
          note: (
            <>
              {mayReadImports ? <Link href="/audiences/imports">{waitingImports}</Link> : waitingImports} ·{" "}
              <Link href="/campaigns">
                {t("tiles.approvalsCampaigns", { count: approvals.campaigns, countText: count(approvals.campaigns) })}
              </Link>
            </>
          ),
        },
      ]}
    />
  );
}

/** A share below one never reads as 100 %: it is cut, not rounded. */
function shareText(part: number, whole: number, formats: Formats): string {
  return part === whole ? formats.percent(1, 0) : formats.percent(Math.floor((part / whole) * 1_000) / 1_000);
}

function Exceptions({ overview, words }: { overview: ComplianceOverview; words: Words }) {
  const { t, formats } = words;
  const { sends, unknownOutcomes, ledger } = overview;
  const rest = sends.withoutConsent - sends.exceptions.length;
  const isQuiet = sends.withoutConsent === 0 && unknownOutcomes === 0;
  return (
    <Section title={t("exceptions.title")} note={t("exceptions.note")}>
      {isQuiet && <Callout tone="ok">{t("exceptions.none", { isPending: ledger.pending > 0 ? "yes" : "no" })}</Callout>}
      {sends.exceptions.length > 0 && (
        <DataTable
          caption={t("exceptions.title")}
          rows={sends.exceptions}
          rowKey={({ attemptId }) => attemptId}
          columns={[
            {
              key: "what",
              head: t("exceptions.what"),
              cell: ({ exception }) => (
                <TwoLines second={t(`exceptions.${exception}.text`)}>
                  <StatusBadge tone="bad" icon={ShieldAlert}>
                    {t(`exceptions.${exception}.title`)}
                  </StatusBadge>
                </TwoLines>
              ),
            },
            {
              key: "when",
              head: t("exceptions.when"),
              cell: ({ authorisedAt }) => <TimeText at={authorisedAt} formats={formats} />,
            },
            {
              key: "do",
              head: t("exceptions.do"),
              cell: ({ messageId }) => <Link href={proofPath(messageId)}>{t("exceptions.open")}</Link>,
            },
          ]}
        />
      )}
      {rest > 0 && (
        <p className="note mt-3">{t("exceptions.more", { count: rest, countText: formats.integer(rest) })}</p>
      )}
      {unknownOutcomes > 0 && (
        <Callout tone="warn">
          {t("exceptions.unknown", { count: unknownOutcomes, countText: formats.integer(unknownOutcomes) })}
        </Callout>
      )}
      {sends.sealed > 0 && (
        <p className="note mt-3">
          {t("exceptions.sealed", { count: sends.sealed, countText: formats.integer(sends.sealed) })}
        </p>
      )}
    </Section>
  );
}

function Campaigns({ overview, words }: { overview: ComplianceOverview; words: Words }) {
  const { t, formats } = words;
  const { campaigns, sends } = overview;
  if (campaigns.length === 0) return null;
  const refused = campaigns.reduce((sum, row) => sum + row.refused, 0);
  const count = (value: number) => formats.integer(value);
  return (
    <Section title={t("origin.title")} note={t("origin.note")}>
      <DataTable
        caption={t("origin.title")}
        rows={campaigns}
        rowKey={({ campaignId }) => campaignId}
        columns={[
          {
            key: "campaign",
            head: t("origin.campaign"),
            cell: ({ campaignId, name, sendingStartedAt }) => (
              <TwoLines second={sendingStartedAt && formats.date(sendingStartedAt)}>
                <Link href={`/campaigns/${publicId("cmp", campaignId)}`}>{name}</Link>
              </TwoLines>
            ),
          },
          { key: "attempts", head: t("origin.attempts"), isNumber: true, cell: (row) => count(row.attempts) },
          { key: "proven", head: t("origin.proven"), isNumber: true, cell: (row) => count(row.proven) },
          { key: "refused", head: t("origin.refused"), isNumber: true, cell: (row) => count(row.refused) },
          {
            key: "reason",
            head: t("origin.reason"),
            isLow: true,
            cell: ({ topReason }) => <span className="text-muted">{topReason ? reasonText(topReason, t) : "–"}</span>,
          },
        ]}
        foot={[
          t("origin.total"),
          count(sends.attempts),
          count(sends.attempts - sends.withoutConsent),
          count(refused),
          "",
        ]}
      />
    </Section>
  );
}

function Refusals({ overview: { refusals }, words: { t, formats } }: { overview: ComplianceOverview; words: Words }) {
  if (refusals.length === 0) return null;
  return (
    <Section title={t("refusals.title")} note={t("refusals.note")}>
      <KeyValue
        rows={refusals.map(({ reason, count }) => ({ label: reasonText(reason, t), value: formats.integer(count) }))}
      />
    </Section>
  );
}

function Log({ overview: { ledger }, words: { t, formats } }: { overview: ComplianceOverview; words: Words }) {
  const { checkpoint, entries, pending } = ledger;
  return (
    <Section
      title={t("log.title")}
      note={t("log.note")}
      aside={<Link href="/compliance/integrity">{t("log.verify")}</Link>}
    >
      <KeyValue
        left
        rows={[
          { label: t("log.entries"), value: <Link href="/compliance/ledger">{formats.integer(entries)}</Link> },
          {
            label: t("log.pending"),
            value: t("log.pendingText", { count: pending, countText: formats.integer(pending) }),
          },
          {
            label: t("log.head"),
            value: checkpoint ? (
              <span className="inline-flex flex-wrap items-center gap-2">
                {t("log.headText", {
                  sizeText: formats.integer(checkpoint.size),
                  age: formats.duration(checkpoint.ageSeconds * 1_000),
                })}
                <HashChip hash={checkpoint.rootHex} name={t("log.root")} />
              </span>
            ) : (
              t("log.noHead")
            ),
          },
        ]}
      />
    </Section>
  );
}
