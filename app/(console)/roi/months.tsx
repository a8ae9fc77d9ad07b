import { ChartTable } from "@/app/_ui/chart-table";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import type { RoiView } from "@/lib/reporting/queries/get-roi";

/** Height of a chart in px; bars are per cent of it. */
const HEIGHT = 120;

/** Month by month: money brought in with its interval, and the spend on a scale of its own, never on a second axis. */
export function Months({
  months,
  currency,
  t,
  formats,
}: Pick<RoiView, "months" | "currency"> & { t: Translator<"roi">; formats: Formats }) {
  const money = (micros: number) => formats.moneyWhole({ micros: Math.round(micros), currency });
  const name = (month: string) => formats.month(`${month}-15T12:00:00Z`);
  const measured = months.flatMap(({ incremental }) => (incremental ? [incremental.lower, incremental.upper] : []));
  const low = Math.min(0, ...measured);
  const high = Math.max(0, ...measured) || 1;
  const highestSpend = Math.max(...months.map(({ spendMicros }) => spendMicros), 1);
  return (
    <figure className="chart">
      <figcaption>
        {t("months.caption", { count: months.length, countText: formats.integer(months.length) })}
      </figcaption>
      <p className="mb-1 font-medium">{t("months.incremental")}</p>
      <div className="flex gap-3" aria-hidden="true">
        {months.map(({ month, incremental }) => (
          <div key={month} className="min-w-0 flex-1 text-center text-note">
            <span className="num">{incremental ? money(incremental.estimate) : t("notMeasurable")}</span>
            <svg aria-hidden="true" className="month-bars block w-full overflow-visible" height={HEIGHT}>
              {incremental && <MonthBar {...incremental} low={low} high={high} />}
              <Zero low={low} high={high} />
            </svg>
          </div>
        ))}
      </div>
      <p className="mt-4 mb-1 font-medium">{t("months.spend")}</p>
      <div className="flex gap-3" aria-hidden="true">
        {months.map(({ month, spendMicros }) => (
          <div key={month} className="min-w-0 flex-1 text-center text-note">
            <span className="num">{money(spendMicros)}</span>
            <svg aria-hidden="true" className="block w-full" height={HEIGHT / 3}>
              <rect
                x="25%"
                width="50%"
                y={`${100 - (spendMicros / highestSpend) * 100}%`}
                height={`${(spendMicros / highestSpend) * 100}%`}
                fill="var(--c-bar)"
              />
            </svg>
            <span className="text-muted">{name(month)}</span>
          </div>
        ))}
      </div>
      <ChartTable
        heads={[t("months.month"), t("months.incremental"), t("campaigns.interval"), t("months.spend")]}
        rows={months.map(({ month, incremental, spendMicros }) => [
          name(month),
          incremental ? money(incremental.estimate) : t("notMeasurable"),
          incremental ? formats.moneyInterval(incremental.lower, incremental.upper) : "",
          money(spendMicros),
        ])}
      />
    </figure>
  );
}

interface Scale {
  low: number;
  high: number;
}

const place = (value: number, { low, high }: Scale) => ((high - value) / (high - low)) * 100;

function Zero(scale: Scale) {
  const y = `${place(0, scale)}%`;
  return <line x1="0" x2="100%" y1={y} y2={y} stroke="var(--c-zero)" strokeDasharray="3 3" />;
}

function MonthBar({ estimate, lower, upper, ...scale }: Scale & { estimate: number; lower: number; upper: number }) {
  const [top, bottom] = [place(Math.max(0, estimate), scale), place(Math.min(0, estimate), scale)];
  return (
    <>
      <rect x="25%" width="50%" y={`${top}%`} height={`${bottom - top}%`} fill="var(--c-bar)" />
      <line
        x1="50%"
        x2="50%"
        y1={`${place(upper, scale)}%`}
        y2={`${place(lower, scale)}%`}
        stroke="var(--ink)"
        strokeWidth="2"
      />
      <circle cx="50%" cy={`${place(estimate, scale)}%`} r="4" fill="var(--ink)" />
    </>
  );
}
