import { Banner } from "@/app/_ui/banner";
import { DataTable } from "@/app/_ui/data-table";
import { Section } from "@/app/_ui/page";
import { planFigures } from "@/lib/experiments/planner";
import { type BuilderView, figuresOf } from "./builder-view";

/** Of a plan whose window is not chosen yet. */
const USUAL_WINDOW_HOURS = 168;

/** What each method needs and can with this audience; nothing while the audience, the usual rate or the effect is not known. */
export function Planner({ view }: { view: BuilderView }) {
  const { campaign, t, formats } = view;
  const { metric, baselinePoints, minimumEffectPoints, method, windowHours } = campaign.goal;
  const { reachable } = figuresOf(view);
  const arms = campaign.variants.map(({ key, weight }) => ({ key, weight }));
  const isSplit = arms.length > 0 && arms.every(({ weight }) => weight > 0);
  if (metric === "revenue" || !isSplit || !reachable || baselinePoints === null || minimumEffectPoints === null)
    return null;
  const figures = planFigures({
    arms,
    holdoutBasisPoints: campaign.holdoutBasisPoints,
    people: reachable,
    baselinePoints,
    effectPoints: minimumEffectPoints,
    windowHours: windowHours ?? USUAL_WINDOW_HOURS,
    method,
  });
  if (!figures) return null;
  const points = (value: number | null) =>
    value === null ? "–" : t("points", { pointsText: formats.unsignedPoints(value / 100) });
  const effect = points(minimumEffectPoints);
  return (
    <Section
      title={t("planner.title")}
      note={t("planner.note", { peopleText: formats.integer(reachable), count: reachable, effect })}
      wide
    >
      {figures.warnings.map((code) => (
        <Banner key={code} tone={code === "far_too_small" ? "warn" : "info"}>
          {t(`planner.warnings.${code}`, { effect })}
        </Banner>
      ))}
      <DataTable
        compact
        caption={t("planner.title")}
        rows={figures.methods}
        rowKey={(row) => row.method}
        columns={[
          {
            key: "method",
            head: t("planner.method"),
            cell: (row) => (
              <span className={row.method === method ? "font-semibold" : undefined}>
                {t(`goal.methods.${row.method}.label`)}
              </span>
            ),
          },
          {
            key: "needed",
            head: t("planner.needed"),
            isNumber: true,
            cell: (row) => formats.integer(row.peopleNeeded),
          },
          { key: "power", head: t("planner.power"), isNumber: true, cell: (row) => formats.percent(row.power, 0) },
          { key: "detects", head: t("planner.detects"), isNumber: true, cell: (row) => points(row.detectablePoints) },
          {
            key: "price",
            head: t("planner.price"),
            isNumber: true,
            isLow: true,
            cell: (row) => formats.percent(row.powerForEighty, 0),
          },
        ]}
      />
      <p className="note mt-3">{t("planner.reading", { effect })}</p>
      {figures.testThenRoll !== null && (
        <p className="note">
          {t("planner.testThenRoll", {
            count: figures.testThenRoll,
            countText: formats.integer(figures.testThenRoll),
            perVariantText: formats.integer(figures.perVariant),
          })}
        </p>
      )}
    </Section>
  );
}
