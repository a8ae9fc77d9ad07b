import { ShieldAlert } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { Callout } from "@/app/_ui/banner";
import { ClientMessages } from "@/app/_ui/client-messages";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { Answer, KeyValue, Section, Tiles } from "@/app/_ui/page";
import { HashChip, TimeText } from "@/app/_ui/text";
import { publicId } from "@/lib/foundation/ids";
import { type ComplianceOverview, getComplianceOverview } from "@/lib/reporting/queries/get-compliance-overview";
import { reasonText } from "../reasons";
import { ComplianceHead } from "./compliance-head";
import { officerWords, type Words } from "./officer-words";
import { proofPath } from "./paths";
import { VerifyAll } from "./verify-all.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("compliance"))("title") };
}

/** "Can we prove the consent of everything that was sent?" First what does not fit, then where the figure comes from. */
export default async function CompliancePage() {
  const ctx = await requirePerson("ledger.read");
  const [overview, words] = await Promise.all([getComplianceOverview(ctx), officerWords()]);
  const { t } = words;
  return (
    <ClientMessages namespaces={["officer"]}>
      <ComplianceHead />
      <p className="note mt-6">{t("question")}</p>
      <Answer tight sub={<Checked overview={overview} words={words} />}>
        {answerOf(overview, words)}
      </Answer>
      <Figures overview={overview} words={words} />
      <Exceptions overview={overview} words={words} />
      <Anomalies overview={overview} words={words} />
      <Consents overview={overview} words={words} />
      <Campaigns overview={overview} words={words} />
      <Refusals overview={overview} words={words} />
      <Log overview={overview} words={words} />
    </ClientMessages>
  );
}

/** Of when the figure is, and the way to have it of now. */
function Checked({
  overview: { verification },
  words: { o, formats },
}: {
  overview: ComplianceOverview;
  words: Words;
}) {
  const { checkedAt, cause, waiting, running } = verification;
  return (
    <>
      <span className="block">
        {checkedAt
          ? o("verification.checked", { time: formats.dateTime(checkedAt), cause: cause ?? "person" })
          : o("verification.never")}
        {waiting > 0 && ` ${o("verification.waiting", { count: waiting, countText: formats.integer(waiting) })}`}
      </span>
      <VerifyAll running={running} />
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

function Figures({ overview, words }: { overview: ComplianceOverview; words: Words }) {
  const { t, o, formats } = words;
  const { sends, approvals } = overview;
  const proven = sends.attempts - sends.withoutConsent;
  const count = (value: number) => formats.integer(value);
  const waiting = Object.values(approvals).reduce((sum, one) => sum + one, 0);
  return (
    <Tiles
      tiles={[
        {
          label: t("tiles.proven"),
          figure: sends.attempts > 0 ? shareText(proven, sends.attempts, formats) : t("tiles.nothing"),
          note: formats.ratio(proven, sends.attempts),
        },
        honouredTile(overview, words),
        requestsTile(overview, words),
        {
          label: o("tiles.waiting"),
          figure: count(waiting),
          note: <Link href="/compliance/approvals">{o("tiles.waitingOpen")}</Link>,
        },
      ]}
    />
  );
}

function honouredTile({ optOuts, isSandbox }: ComplianceOverview, { o, formats }: Words) {
  const { honoured, last30Days, total } = optOuts;
  const label = o("tiles.honoured");
  if (!honoured) {
    const facts = { count: total, countText: formats.integer(total) };
    return { label, figure: o("tiles.noOptOuts"), note: o("tiles.noOptOutsNote", facts) };
  }
  return {
    label,
    figure: o("tiles.honouredFigure", { p95: formats.duration(honoured.p95Ms) }),
    note: o("tiles.honouredNote", {
      p50: formats.duration(honoured.p50Ms),
      count: last30Days,
      countText: formats.integer(last30Days),
      isSandbox: isSandbox ? "yes" : "no",
    }),
  };
}

function requestsTile({ requests: { open, daysLeft } }: ComplianceOverview, { o, formats }: Words) {
  const days = daysLeft ?? 0;
  const note = days < 0 ? o("tiles.requestsLate") : o("tiles.requestsNote", { days, daysText: formats.integer(days) });
  return {
    label: o("tiles.requests"),
    figure: formats.integer(open),
    note: open === 0 ? o("tiles.noRequests") : <Link href="/compliance/requests">{note}</Link>,
  };
}

/** A share below one never reads as 100 %: it is cut, not rounded. */
function shareText(part: number, whole: number, formats: Words["formats"]): string {
  return part === whole ? formats.percent(1, 0) : formats.percent(Math.floor((part / whole) * 1_000) / 1_000);
}

function Exceptions({ overview, words }: { overview: ComplianceOverview; words: Words }) {
  const { t, o, formats } = words;
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
          {t("exceptions.unknown", { count: unknownOutcomes, countText: formats.integer(unknownOutcomes) })}{" "}
          <Link href="/compliance/exceptions#unknown">{o("anomalies.open")}</Link>
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

const anomalyPaths = {
  verification_failed: "/compliance#verification",
  checkpoint_late: "/compliance/integrity",
  log_broken: "/compliance/integrity",
  kill_switch: "/compliance/approvals",
  dead_webhook: "/settings/webhooks",
  within_window: "/compliance/exceptions",
} as const;

function Anomalies({ overview: { anomalies }, words: { o, formats } }: { overview: ComplianceOverview; words: Words }) {
  return (
    <Section title={o("anomalies.title")} note={o("anomalies.note")}>
      {anomalies.length === 0 ? (
        <p>{o("anomalies.none")}</p>
      ) : (
        <KeyValue
          rows={anomalies.map(({ kind, count }) => ({
            label: o(`anomalies.kinds.${kind}`, { count, countText: formats.integer(count) }),
            value: <Link href={anomalyPaths[kind]}>{o("anomalies.open")}</Link>,
          }))}
        />
      )}
    </Section>
  );
}

function Consents({
  overview: { consents, optOuts },
  words: { t, o, formats },
}: {
  overview: ComplianceOverview;
  words: Words;
}) {
  const count = (value: number) => formats.integer(value);
  return (
    <Section title={o("consents.title")} aside={<Link href="/compliance/consents">{o("consents.open")}</Link>}>
      <KeyValue
        rows={[
          { label: o("consents.granted"), value: count(consents.granted) },
          {
            label: t("tiles.expiring", { days: count(consents.expiringWithinDays) }),
            value: count(consents.expiringSoon),
          },
          { label: o("consents.optOuts"), value: count(optOuts.total) },
        ]}
      />
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
            cell: ({ topReason }) => (
              <span className="text-muted">{topReason ? reasonText(topReason, words.r) : "–"}</span>
            ),
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

function Refusals({
  overview: { refusals },
  words: { t, r, formats },
}: {
  overview: ComplianceOverview;
  words: Words;
}) {
  if (refusals.length === 0) return null;
  return (
    <Section title={t("refusals.title")} note={t("refusals.note")}>
      <KeyValue
        rows={refusals.map(({ reason, count }) => ({ label: reasonText(reason, r), value: formats.integer(count) }))}
      />
    </Section>
  );
}

function Log({ overview: { ledger }, words: { t, o, formats } }: { overview: ComplianceOverview; words: Words }) {
  const { checkpoint, witness, entries, pending } = ledger;
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
          {
            label: o("witness.label"),
            value: witness
              ? o("witness.text", {
                  sizeText: formats.integer(witness.size),
                  age: formats.duration(witness.ageSeconds * 1_000),
                })
              : o("witness.none"),
          },
        ]}
      />
    </Section>
  );
}
