import Link from "next/link";
import { Button, buttonClass } from "@/app/_ui/button";
import { TextField } from "@/app/_ui/fields";
import type { Translator } from "@/lib/i18n/translator";
import type { ChosenPeriod } from "./period";

/** The only control of the page. Links and a form: the period stays in the address and works without JavaScript. */
export function PeriodForm({ period, t }: { period: ChosenPeriod; t: Translator<"roi"> }) {
  return (
    <nav aria-label={t("period.label")} className="no-print mt-3 flex flex-wrap items-end gap-2">
      {(["month", "quarter", "year"] as const).map((kind) => (
        <Link
          key={kind}
          href={`/roi?period=${kind}`}
          aria-current={period.kind === kind ? "page" : undefined}
          className={buttonClass({ size: "small" }, period.kind === kind ? "bg-surface-2 font-semibold" : undefined)}
        >
          {t(`period.${kind}`)}
        </Link>
      ))}
      <details className="relative" open={period.kind === "custom"}>
        <summary
          className={buttonClass(
            { size: "small" },
            period.kind === "custom" ? "bg-surface-2 font-semibold" : undefined,
          )}
        >
          {t("period.custom")}
        </summary>
        <form className="mt-2 flex flex-wrap items-end gap-2" aria-label={t("period.custom")}>
          <input type="hidden" name="period" value="custom" />
          <TextField name="from" type="date" label={t("period.from")} defaultValue={period.firstDay} required />
          <TextField name="to" type="date" label={t("period.to")} defaultValue={period.lastDay} required />
          <Button type="submit">{t("period.show")}</Button>
        </form>
      </details>
    </nav>
  );
}
