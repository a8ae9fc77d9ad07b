import type { Metadata } from "next";
import Link from "next/link";
import { currentFormats, requirePerson } from "@/app/_server/context";
import { getTranslator } from "@/app/_server/preferences";
import { StatusBadge } from "@/app/_ui/badge";
import { Banner } from "@/app/_ui/banner";
import { ClientMessages } from "@/app/_ui/client-messages";
import { CopyButton } from "@/app/_ui/copy-button.client";
import { DataTable } from "@/app/_ui/data-table";
import { Answer, KeyValue, Section } from "@/app/_ui/page";
import { HashChip, TimeText } from "@/app/_ui/text";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import type { LogAuditState } from "@/lib/reporting/log-audit";
import { getLogIntegrity, type LogAuditView, type LogIntegrity } from "@/lib/reporting/queries/get-log-integrity";
import { ComplianceHead } from "../compliance-head";
import { AuditLog } from "./audit-log.client";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator("compliance"))("integrity.title") };
}

interface Words {
  t: Translator<"compliance">;
  formats: Formats;
}

/** Has anybody changed, removed or reordered anything? Recomputed here, seen by witnesses, and checked by anybody outside. */
export default async function IntegrityPage() {
  const ctx = await requirePerson("ledger.read");
  const [t, formats, integrity] = await Promise.all([
    getTranslator("compliance"),
    currentFormats(),
    getLogIntegrity(ctx),
  ]);
  const words = { t, formats };
  const running = integrity.audits.find(({ endedAt }) => endedAt === null);
  const last = integrity.audits.find(({ state }) => state === "intact" || state === "broken");
  return (
    <ClientMessages namespaces={["compliance"]}>
      <ComplianceHead />
      <Answer sub={t("integrity.note")}>{answerOf(last, words)}</Answer>
      <Section title={t("integrity.here")} note={t("integrity.hereNote")}>
        <div className="grid gap-6">
          {last?.state === "broken" && <Problems audit={last} words={words} />}
          <AuditLog running={running ? { checked: running.checked, size: running.size } : null} />
          {integrity.audits.length > 0 && <Audits audits={integrity.audits} words={words} />}
        </div>
      </Section>
      <Section title={t("integrity.signed")} note={t("integrity.signedNote")}>
        <Signed integrity={integrity} words={words} />
      </Section>
      <Section title={t("integrity.exports")} note={t("integrity.exportsNote")}>
        <Exports integrity={integrity} words={words} />
      </Section>
      <Section title={t("integrity.witnesses")} note={t("integrity.witnessesNote")}>
        <Witnesses integrity={integrity} words={words} />
      </Section>
      <Section title={t("integrity.outside")} note={t("integrity.outsideNote")}>
        <ol className="grid max-w-measure list-decimal gap-2 pl-5">
          <li>{t("integrity.step1")}</li>
          <li>
            {t("integrity.step2")} <span className="mono">node verify.mjs msg_….zip --key …</span>
          </li>
          <li>{t("integrity.step3")}</li>
        </ol>
        <p className="mt-4">
          <Link href="/audit">{t("integrity.walkThrough")}</Link>
        </p>
      </Section>
    </ClientMessages>
  );
}

function answerOf(last: LogAuditView | undefined, { t, formats }: Words): string {
  if (!last?.result || !last.endedAt) return t("integrity.never");
  if (last.state === "broken")
    return t("integrity.broken", { count: last.problemCount, countText: formats.integer(last.problemCount) });
  if (last.result.size === 0) return t("integrity.empty");
  return t("integrity.holds", {
    lastText: formats.integer(last.result.size - 1),
    time: formats.dateTime(last.endedAt),
  });
}

function Problems({ audit: { result }, words: { t, formats } }: { audit: LogAuditView; words: Words }) {
  if (!result) return null;
  const { problems, problemCount, projectionFaults, baselessAttempts } = result;
  const more = problemCount - problems.length;
  return (
    <Banner tone="bad">
      <ul className="grid gap-1">
        {problems.map(({ kind, at }) => (
          <li key={`${kind} ${at}`}>{t("integrity.problem", { kind, at })}</li>
        ))}
        {more > 0 && <li>{t("integrity.more", { countText: formats.integer(more) })}</li>}
        {projectionFaults > 0 && (
          <li>
            {t("integrity.projection", { count: projectionFaults, countText: formats.integer(projectionFaults) })}
          </li>
        )}
        {baselessAttempts > 0 && (
          <li>{t("integrity.baseless", { count: baselessAttempts, countText: formats.integer(baselessAttempts) })}</li>
        )}
      </ul>
    </Banner>
  );
}

const tones: Record<LogAuditState, "ok" | "bad" | "idle" | "warn"> = {
  waiting: "idle",
  running: "idle",
  intact: "ok",
  broken: "bad",
  cancelled: "idle",
  failed: "warn",
};

function Audits({ audits, words: { t, formats } }: { audits: readonly LogAuditView[]; words: Words }) {
  return (
    <DataTable
      caption={t("integrity.history")}
      rows={audits}
      rowKey={({ id }) => id}
      columns={[
        { key: "at", head: t("integrity.when"), cell: ({ askedAt }) => <TimeText at={askedAt} formats={formats} /> },
        {
          key: "state",
          head: t("integrity.found"),
          cell: ({ state }) => <StatusBadge tone={tones[state]}>{t(`integrity.states.${state}`)}</StatusBadge>,
        },
        {
          key: "by",
          head: t("integrity.askedBy"),
          cell: ({ askedBy, isNightly }) => (isNightly ? t("integrity.nightly") : (askedBy ?? t("proof.somebody"))),
        },
        { key: "size", head: t("log.entries"), cell: ({ size }) => formats.integer(size), isNumber: true },
        {
          key: "opened",
          head: t("integrity.opened"),
          cell: ({ result }) => (result ? formats.integer(result.opened) : "–"),
          isNumber: true,
          isLow: true,
        },
        {
          key: "sealed",
          head: t("integrity.sealed"),
          cell: ({ result }) => (result ? formats.integer(result.sealed) : "–"),
          isNumber: true,
          isLow: true,
        },
        {
          key: "took",
          head: t("integrity.took"),
          cell: ({ askedAt, endedAt }) =>
            endedAt ? formats.duration(Math.max(1_000, endedAt.getTime() - askedAt.getTime())) : "–",
          isNumber: true,
          isLow: true,
        },
      ]}
    />
  );
}

function Signed({
  integrity: { origin, checkpoint, uncovered, keys },
  words: { t, formats },
}: {
  integrity: LogIntegrity;
  words: Words;
}) {
  return (
    <KeyValue
      left
      rows={[
        { label: t("report.log"), value: <span className="mono break-all">{origin}</span> },
        {
          label: t("integrity.head"),
          value: checkpoint
            ? t("integrity.headText", {
                sizeText: formats.integer(checkpoint.size),
                ageText: formats.duration(Math.max(1_000, checkpoint.ageMs)),
              })
            : t("integrity.nothingSigned"),
        },
        {
          label: t("integrity.root"),
          value: checkpoint ? <HashChip hash={checkpoint.rootHex} name={t("integrity.root")} /> : "–",
        },
        { label: t("integrity.uncovered"), value: formats.integer(uncovered) },
        {
          label: t("integrity.keys"),
          value:
            keys.length === 0 ? (
              "–"
            ) : (
              <ul className="grid gap-1">
                {keys.map(({ verifierKey, endsAt }) => (
                  <li key={verifierKey}>
                    <span className="mono break-all">{verifierKey}</span>
                    {endsAt && (
                      <span className="note"> · {t("integrity.keyEnds", { date: formats.date(endsAt) })}</span>
                    )}
                  </li>
                ))}
              </ul>
            ),
        },
      ]}
    />
  );
}

/** The checkpoint as it leaves the house every day, to be copied where nobody mails it. */
function Exports({ integrity: { exported, note }, words: { t, formats } }: { integrity: LogIntegrity; words: Words }) {
  return (
    <div className="grid max-w-measure gap-4">
      <p>
        {exported
          ? t("integrity.exported", {
              when: formats.dateTime(exported.at),
              sizeText: formats.integer(exported.size),
              mailed: exported.mailed,
              mailedText: formats.integer(exported.mailed),
            })
          : t("integrity.neverExported")}{" "}
        {exported?.file && <span className="mono break-all">{exported.file}</span>}
      </p>
      {note && (
        <div className="grid gap-2">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre className="mono overflow-x-auto" tabIndex={0}>
            {note}
          </pre>
          <div>
            <CopyButton text={note} label={t("integrity.copyCheckpoint")} />
          </div>
        </div>
      )}
    </div>
  );
}

function Witnesses({
  integrity: { witnesses, checkpoint },
  words: { t, formats },
}: {
  integrity: LogIntegrity;
  words: Words;
}) {
  if (witnesses.length === 0)
    return (
      <p className="max-w-measure">
        {t("integrity.noWitness")} <span className="mono">npm run witness</span>
      </p>
    );
  return (
    <DataTable
      caption={t("integrity.witnesses")}
      rows={witnesses}
      rowKey={({ verifierKey }) => verifierKey}
      columns={[
        {
          key: "name",
          head: t("integrity.witness"),
          cell: ({ name }) => <span className="mono break-all">{name}</span>,
        },
        {
          key: "saw",
          head: t("integrity.saw"),
          cell: ({ size }) => (
            <StatusBadge tone={size === checkpoint?.size ? "ok" : "idle"}>
              {t("integrity.sawText", { sizeText: formats.integer(size) })}
            </StatusBadge>
          ),
        },
        {
          key: "age",
          head: t("integrity.age"),
          cell: ({ ageMs }) => t("integrity.ageText", { ageText: formats.duration(Math.max(1_000, ageMs)) }),
        },
      ]}
    />
  );
}
