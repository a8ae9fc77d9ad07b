"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslations } from "use-intl/react";
import { CampaignBadge } from "@/app/_ui/badge";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { DataTable } from "@/app/_ui/data-table";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { Answer, FactStrip, PageHeader, Section } from "@/app/_ui/page";
import { ProgressStack } from "@/app/_ui/progress";
import { EmptyState } from "@/app/_ui/states";
import { VariantTag } from "@/app/_ui/variant";
import { campaignCan, variantKeys } from "@/lib/campaigns/campaign";
import { reasonText } from "../../../reasons";
import { ask } from "../../ask";
import { type ProgressAnswer, progressAnswer } from "../../progress";
import { queryKeys } from "../../query-keys";
import { Announcer } from "./announcer.client";
import { consequenceText } from "./consequences";
import { LateStart, LiveActions, PauseButton, TakeBack } from "./live-actions.client";
import { pollAfter } from "./polling";

/** Progress of a send, asked again and again while the tab is seen. Head and buttons follow what was heard last. */
export function LiveView({
  campaignId,
  name,
  initial,
  mayPause,
  mayLaunch,
  tabs,
  menu,
  waves,
}: {
  campaignId: string;
  name: string;
  initial: ProgressAnswer;
  mayPause: boolean;
  mayLaunch: boolean;
  tabs: ReactNode;
  menu: ReactNode;
  /** The table of waves, once people have been drawn. */
  waves: ReactNode;
}) {
  const t = useTranslations("live");
  const formats = useFormats();
  const router = useRouter();
  const asked = useQuery({
    queryKey: queryKeys.progress(campaignId),
    queryFn: ({ signal }) => ask(`/api/v1/campaigns/${campaignId}/progress`, progressAnswer, { signal }),
    initialData: initial,
    staleTime: 1_000,
    retry: false,
    refetchInterval: ({ state }) =>
      pollAfter(state.data?.status ?? initial.status, state.fetchFailureCount, Math.random()),
  });
  const progress = asked.data;
  const { status } = progress;
  const told = useRef(initial.status);
  useEffect(() => {
    if (told.current === status) return;
    told.current = status;
    router.refresh(); // menu and tabs are the server's
  }, [status, router]);
  const refetch = () => void asked.refetch();
  const may = {
    pause: mayPause && campaignCan.pause({ status }) && status === "sending",
    resume: mayLaunch && campaignCan.resume({ status }),
    stop: mayPause && campaignCan.stop({ status }),
    takeBack: mayLaunch && campaignCan.cancelLaunch({ status }) && progress.people === 0,
  };
  const answer = liveAnswer(progress, { t, formats });
  return (
    <>
      <PageHeader
        title={name}
        status={<CampaignBadge status={status} />}
        actions={
          <>
            {menu}
            <LiveActions campaignId={campaignId} may={may} onDone={refetch} />
            {may.pause && (
              <span className="max-md:hidden">
                <PauseButton campaignId={campaignId} onDone={refetch} />
              </span>
            )}
          </>
        }
        tabs={tabs}
      />
      <Announcer text={answer} status={status} />
      <Answer sub={liveNote(progress, { t, formats })}>{answer}</Answer>
      {asked.isError && (
        <div className="mb-6">
          <Banner
            tone="warn"
            action={
              <Button size="small" onClick={refetch}>
                {t("retry")}
              </Button>
            }
          >
            {t("stale", { when: formats.timeBare(progress.at) })}
          </Banner>
        </div>
      )}
      {progress.lateSince && status === "scheduled" && mayLaunch && (
        <div className="mb-6">
          <LateStart campaignId={campaignId} mayTakeBack={may.takeBack} onDone={refetch} />
        </div>
      )}
      {may.takeBack && progress.graceUntil && !progress.lateSince && (
        <div className="mb-6">
          <TakeBack campaignId={campaignId} until={progress.graceUntil} at={progress.at} onDone={refetch} />
        </div>
      )}
      {progress.people === 0 ? (
        <EmptyState title={t(status === "scheduled" ? "notYet" : status === "sending" ? "planning" : "nothing")}>
          {progress.startsAt && status === "scheduled"
            ? t("startsAt", { when: formats.dateTime(progress.startsAt) })
            : undefined}
        </EmptyState>
      ) : (
        <>
          <Facts progress={progress} />
          <Section title={t("byVariant")} note={t("byVariantNote")}>
            <p className="note mb-4 max-w-measure">{t("noOutcomes")}</p>
            <ul>
              {progress.parts.map((part) => (
                <Part key={part.key} part={part} />
              ))}
            </ul>
          </Section>
          {waves}
          {progress.waiting.length > 0 && <Waiting progress={progress} />}
          <Reasons progress={progress} />
        </>
      )}
      {may.pause && (
        <div className="action-bar">
          <span className="two-lines num">
            <b>{formats.percent(progress.share)}</b>
            <small>{t("sentShort", { count: progress.sent, countText: formats.integer(progress.sent) })}</small>
          </span>
          <span className="ml-auto">
            <PauseButton campaignId={campaignId} onDone={refetch} />
          </span>
        </div>
      )}
    </>
  );
}

interface Words {
  t: ReturnType<typeof useTranslations<"live">>;
  formats: ReturnType<typeof useFormats>;
}

/** Is it going out as planned? The sentence of the page, and what is announced. */
function liveAnswer(
  { status, share, people, expectedEndAt, startsAt, lateSince, frozenReason }: ProgressAnswer,
  words: Words,
): string {
  const { t, formats } = words;
  const shareText = formats.percent(share);
  switch (status) {
    case "scheduled":
      if (lateSince) return t("answer.late");
      return startsAt ? t("answer.starts", { when: formats.dateTime(startsAt) }) : t("answer.scheduled");
    case "sending":
      if (people === 0) return t("answer.planning");
      return expectedEndAt
        ? t("answer.sendingUntil", { shareText, when: formats.timeBare(expectedEndAt) })
        : t("answer.sending", { shareText });
    case "paused":
      return people === 0 ? t("answer.pausedBefore") : t("answer.paused", { shareText });
    case "frozen": {
      const known = (
        ["template_paused", "template_held", "template_changed", "content_changed", "kill_switch"] as const
      ).find((reason) => reason === frozenReason);
      return known ? t(`answer.frozen.${known}`) : t("answer.frozen.other");
    }
    case "measuring":
      return t("answer.measuring");
    case "concluded":
      return t("answer.concluded");
    case "stopped":
      return people === 0 ? t("answer.stoppedBefore") : t("answer.stopped", { shareText });
    default:
      return t("answer.notLaunched");
  }
}

function liveNote({ status, sent, people, measuringUntil }: ProgressAnswer, { t, formats }: Words): string {
  const left =
    people === 0
      ? ""
      : t("left", { count: people, sentText: formats.integer(sent), countText: formats.integer(people) });
  const more =
    status === "sending"
      ? t("pauseNote")
      : status === "measuring" && measuringUntil
        ? t("measuredUntil", { when: formats.dateTime(measuringUntil) })
        : status === "paused" || status === "frozen"
          ? t("standsStill")
          : "";
  return [left, more].filter(Boolean).join(" ");
}

function Facts({ progress }: { progress: ProgressAnswer }) {
  const t = useTranslations("live");
  const formats = useFormats();
  const { status, ratePerSecond, limitPerSecond, expectedEndAt, heldOut, sendingStartedAt, sendingEndedAt, at } =
    progress;
  const rate = (perSecond: number) => formats.integer(Math.round(perSecond));
  const facts = [
    status === "sending" && {
      label: t("facts.rate"),
      value:
        ratePerSecond === null
          ? t("facts.noRate")
          : limitPerSecond === null
            ? t("facts.rateValue", { rateText: rate(ratePerSecond) })
            : t("facts.rateOf", { rateText: rate(ratePerSecond), limitText: rate(limitPerSecond) }),
    },
    status === "sending" && {
      label: t("facts.ends"),
      value: expectedEndAt ? formats.time(expectedEndAt) : t("facts.unknown"),
    },
    sendingStartedAt && { label: t("facts.began"), value: formats.dateTime(sendingStartedAt) },
    sendingEndedAt && { label: t("facts.ended"), value: formats.dateTime(sendingEndedAt) },
    heldOut > 0 && {
      label: t("facts.heldOut"),
      value: t("facts.people", { count: heldOut, countText: formats.integer(heldOut) }),
    },
    { label: t("facts.data"), value: formats.time(at) },
  ];
  return <FactStrip facts={facts.filter((fact) => typeof fact === "object" && fact !== null)} />;
}

function Part({ part }: { part: ProgressAnswer["parts"][number] }) {
  const t = useTranslations("live");
  const formats = useFormats();
  const { key, people, delivered, inFlight, failed, skipped, open } = part;
  const variant = variantKeys.find((one) => one === key) ?? "A";
  const settled = people - open;
  const countText = (count: number) => formats.integer(count);
  return (
    <li className="border-b border-line-soft py-4">
      <div className="mb-2 flex items-baseline justify-between gap-3">
        <VariantTag variant={variant} />
        <span className="num">
          <b>{countText(settled)}</b>{" "}
          <span className="text-muted">
            {t("ofPeople", { countText: countText(people), shareText: formats.percent(people ? settled / people : 0) })}
          </span>
        </span>
      </div>
      <div
        role="progressbar"
        aria-label={t("progressOf", { variant })}
        aria-valuemin={0}
        aria-valuemax={people}
        aria-valuenow={settled}
        aria-valuetext={t("progressText", {
          variant,
          settledText: countText(settled),
          countText: countText(people),
          failedText: countText(failed),
        })}
        className="sr-only"
      />
      <ProgressStack
        variant={variant}
        label={t("progressText", {
          variant,
          settledText: countText(settled),
          countText: countText(people),
          failedText: countText(failed),
        })}
        parts={[
          { kind: "done", count: delivered, countText: countText(delivered), label: t("parts.delivered") },
          { kind: "moving", count: inFlight, countText: countText(inFlight), label: t("parts.inFlight") },
          { kind: "failed", count: failed, countText: countText(failed), label: t("parts.failed") },
          { kind: "held", count: skipped, countText: countText(skipped), label: t("parts.skipped") },
          { kind: "rest", count: open, countText: countText(open), label: t("parts.open") },
        ]}
      />
    </li>
  );
}

/** Who is written to later, by what they wait for. Nobody here is lost. */
function Waiting({ progress: { waiting } }: { progress: ProgressAnswer }) {
  const t = useTranslations("live");
  const why = useTranslations("reasons");
  const formats = useFormats();
  return (
    <Section title={t("waiting.title")} note={t("waiting.note")}>
      <DataTable
        caption={t("waiting.title")}
        compact
        rows={waiting}
        rowKey={({ reason }) => reason}
        columns={[
          {
            key: "reason",
            head: t("columns.reason"),
            cell: ({ reason }) => <span className="font-normal">{reasonText(reason, why)}</span>,
          },
          { key: "total", head: t("waiting.people"), isNumber: true, cell: (row) => formats.integer(row.total) },
          { key: "next", head: t("waiting.next"), cell: ({ nextAt }) => formats.dateTime(nextAt) },
        ]}
      />
    </Section>
  );
}

function Reasons({ progress: { reasons, parts } }: { progress: ProgressAnswer }) {
  const t = useTranslations("live");
  const why = useTranslations("reasons");
  const formats = useFormats();
  const total = reasons.reduce((sum, reason) => sum + reason.total, 0);
  return (
    <Section title={t("why")} note={total > 0 && t("whyNote", { count: total, countText: formats.integer(total) })}>
      {reasons.length === 0 ? (
        <p className="text-muted">{t("whyNobody")}</p>
      ) : (
        <DataTable
          caption={t("why")}
          compact
          rows={reasons}
          rowKey={({ reason, state }) => `${state} ${reason}`}
          columns={[
            {
              key: "reason",
              head: t("columns.reason"),
              cell: ({ reason }) => <span className="font-normal">{reasonText(reason, why)}</span>,
            },
            ...parts.map(({ key }) => ({
              key,
              head: key,
              isNumber: true,
              cell: ({ byPart }: ProgressAnswer["reasons"][number]) => formats.integer(byPart[key] ?? 0),
            })),
            {
              key: "total",
              head: t("columns.total"),
              isNumber: true,
              cell: (row) => <b>{formats.integer(row.total)}</b>,
            },
            {
              key: "now",
              head: t("columns.now"),
              cell: ({ state }) => <span className="text-muted">{consequenceText(state, t)}</span>,
            },
          ]}
        />
      )}
    </Section>
  );
}
