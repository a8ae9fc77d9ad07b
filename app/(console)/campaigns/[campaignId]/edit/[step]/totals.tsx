import Link from "next/link";
import { KeyValue } from "@/app/_ui/page";
import { campaignPath } from "../../../paths";
import { type BuilderView, figuresOf } from "./builder-view";

/** Running totals of the draft, beside every step: who, what it costs, and what it will be able to show. */
export function Totals({ view }: { view: BuilderView }) {
  const { campaign, t, formats } = view;
  const { reachable, excluded, heldOut, toBeSent, cost, detectablePoints } = figuresOf(view);
  const count = (value: number | null) =>
    value === null ? <span className="text-muted">{t("totals.unknown")}</span> : formats.integer(value);
  return (
    <section aria-label={t("totals.title")}>
      <KeyValue
        rows={[
          { label: t("totals.reachable"), value: count(reachable) },
          {
            label: t("totals.holdout", { shareText: formats.percent(campaign.holdoutBasisPoints / 10_000, 0) }),
            value: count(heldOut),
          },
          {
            label: <strong className="text-ink">{t("totals.toBeSent")}</strong>,
            value: <strong>{count(toBeSent)}</strong>,
          },
          {
            label: t.rich("totals.excluded", {
              link: (chunks) => <Link href={campaignPath(campaign.id, "edit/audience")}>{chunks}</Link>,
            }),
            value: count(excluded),
          },
          { label: t("totals.cost"), value: cost ? costText(cost, view) : t("totals.unknown") },
          {
            label: t("totals.detectable"),
            value:
              detectablePoints === null
                ? t("totals.unknown")
                : t("totals.atLeast", { pointsText: formats.unsignedPoints(detectablePoints / 100) }),
          },
        ]}
      />
    </section>
  );
}

/** `634 €`, or both ends where people's countries are not all known. */
export function costText(
  { low, high, currency }: { low: number; high: number; currency: string },
  { t, formats }: Pick<BuilderView, "t" | "formats">,
): string {
  const highText = formats.money({ micros: high, currency });
  if (low === high) return highText;
  return t("totals.between", { lowText: formats.money({ micros: low, currency }), highText });
}
