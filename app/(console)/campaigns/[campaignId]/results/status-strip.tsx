import { StatusBadge } from "@/app/_ui/badge";
import { FactStrip } from "@/app/_ui/page";
import { Progress } from "@/app/_ui/progress";
import { TimeText } from "@/app/_ui/text";
import type { ResultsView } from "@/lib/results/queries/get-results";
import { methodParams, type Words } from "./wording";

/** State of the measurement in one line: since when, which analysis, how much has come in, by which method. */
export function StatusStrip({ view, now, words }: { view: ResultsView; now: Date; words: Words }) {
  const { t, formats } = words;
  const { campaign, state, health } = view;
  const written = health.arms.filter(({ key }) => key !== "holdout");
  const planned = written.reduce((sum, { assigned }) => sum + assigned, 0);
  const settled = written.reduce((sum, { delivered, failed, skipped }) => sum + delivered + failed + skipped, 0);
  const analysisAt = state.kind === "analysed" ? new Date(state.record.plannedAt) : campaign.measuringUntil;
  const collected = t("strip.collectedText", {
    count: planned,
    settledText: formats.integer(settled),
    plannedText: formats.integer(planned),
  });
  return (
    <FactStrip
      facts={[
        {
          label: t("strip.started"),
          value: campaign.sendingStartedAt ? formats.date(campaign.sendingStartedAt) : t("strip.notYet"),
        },
        {
          label: t("strip.analysis"),
          value:
            state.kind === "analysed"
              ? t("strip.analysisDone", {
                  look: formats.integer(state.record.look),
                  looks: formats.integer(state.record.looks),
                  date: formats.date(state.takenAt),
                })
              : t("strip.analysisPlanned", {
                  hasDate: analysisAt ? "yes" : "no",
                  date: analysisAt ? formats.date(analysisAt) : "",
                }),
        },
        {
          label: t("strip.collected"),
          value: (
            <span className="flex flex-wrap items-center gap-x-2">
              <Progress label={t("strip.collected")} value={settled} max={planned} valueText={collected} />
              <span className="whitespace-nowrap">{formats.ratio(settled, planned)}</span>
            </span>
          ),
        },
        {
          label: t("strip.data"),
          value: state.kind === "analysed" ? dataText(state, words) : <TimeText at={now} formats={formats} />,
        },
        {
          label: t("strip.method"),
          value: (
            <a href="#method">
              {t("strip.methodText", {
                ...methodParams(view.plan?.plan, formats),
                hasDate: state.kind !== "analysed" && analysisAt ? "yes" : "no",
                date: analysisAt ? formats.date(analysisAt) : "",
              })}
            </a>
          ),
        },
        ...(health.srm
          ? [
              {
                label: t("strip.split"),
                value: health.srm.alarm ? (
                  <StatusBadge tone="bad">{t("strip.splitBad")}</StatusBadge>
                ) : (
                  <StatusBadge tone="ok">{t("strip.splitGood")}</StatusBadge>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}

/** Figures are those of the newest look; they are closed only at the last. */
function dataText(
  { record, takenAt }: Extract<ResultsView["state"], { kind: "analysed" }>,
  { t, formats }: Words,
): string {
  const date = formats.dayMonth(takenAt);
  const next = record.monitoring?.nextAt;
  return next ? t("strip.open", { date, next: formats.dayMonth(new Date(next)) }) : t("strip.closed", { date });
}
