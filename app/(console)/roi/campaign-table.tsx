import { Minus, Triangle } from "lucide-react";
import Link from "next/link";
import type { CSSProperties, ReactNode } from "react";
import { DataTable, TwoLines } from "@/app/_ui/data-table";
import { intervalScale } from "@/app/_ui/interval-geometry";
import { MiniInterval } from "@/app/_ui/interval-plot";
import { publicId } from "@/lib/foundation/ids";
import type { Formats } from "@/lib/i18n/formats";
import type { Translator } from "@/lib/i18n/translator";
import type { RoiCampaign, RoiView } from "@/lib/reporting/queries/get-roi";
import { perUnitWord } from "@/lib/results/return-word";

interface Words {
  t: Translator<"roi">;
  formats: Formats;
}

/** Money belongs to no variant: the marks are drawn in ink. */
const inInk = { "--v-a": "var(--ink)" } as CSSProperties; // a custom property, which CSSProperties does not know

/** Every campaign of the period, the largest spend first; what was not measured says so and is in no total. */
export function CampaignTable({ view, words }: { view: RoiView; words: Words }) {
  const { t, formats } = words;
  const { campaigns, totals, currency } = view;
  const money = (micros: number) => formats.moneyWhole({ micros: Math.round(micros), currency });
  const scale = intervalScale(
    campaigns.flatMap(({ measure }) => (measure.kind === "measured" ? [measure.incremental] : [])),
  );
  return (
    <DataTable
      caption={t("campaigns.title")}
      rows={campaigns}
      rowKey={({ campaignId }) => campaignId}
      columns={[
        {
          key: "campaign",
          head: t("campaigns.campaign"),
          cell: (row) => (
            <TwoLines second={decisionOf(row, words)}>
              <Link href={`/campaigns/${publicId("cmp", row.campaignId)}/results`}>{row.name}</Link>
            </TwoLines>
          ),
        },
        {
          key: "spend",
          head: t("campaigns.spend"),
          isNumber: true,
          cell: ({ spendMicros, unpriced }) => (
            <TwoLines
              second={
                unpriced > 0 && t("campaigns.unpriced", { count: unpriced, countText: formats.integer(unpriced) })
              }
            >
              {money(spendMicros)}
            </TwoLines>
          ),
        },
        {
          key: "plot",
          head: t("campaigns.plot"),
          cell: ({ measure }) =>
            measure.kind === "measured" ? (
              <span style={inInk}>
                <MiniInterval interval={measure.incremental} variant="A" scale={scale} />
              </span>
            ) : (
              <span className="note">
                {t(measure.kind === "collecting" ? "campaigns.collecting" : whyUnmeasured(measure.reason))}
              </span>
            ),
        },
        {
          key: "incremental",
          head: t("campaigns.incremental"),
          isNumber: true,
          cell: (row) => <Incremental row={row} money={money} words={words} />,
        },
        {
          key: "perUnit",
          head: t("campaigns.perUnit", { one: money(1_000_000) }),
          isNumber: true,
          cell: ({ measure }) =>
            measure.kind === "measured" && measure.perUnit ? (
              <TwoLines second={perUnitInterval(measure.perUnit, formats)}>
                <b>{formats.decimal(measure.perUnit.estimate)}</b>
              </TwoLines>
            ) : (
              <span className="note">{t(measure.kind === "collecting" ? "campaigns.notYet" : "notMeasurable")}</span>
            ),
        },
        {
          key: "word",
          head: t("campaigns.word"),
          cell: ({ measure }) =>
            measure.kind === "measured" && measure.perUnit && <Word perUnit={measure.perUnit} t={t} />,
        },
      ]}
      foot={[
        t("campaigns.total"),
        money(totals.spendMicros),
        "",
        totals.incremental ? (
          <TwoLines key="i" second={formats.moneyInterval(totals.incremental.lower, totals.incremental.upper)}>
            {money(totals.incremental.estimate)}
          </TwoLines>
        ) : (
          t("notMeasurable")
        ),
        totals.perUnit ? (
          <TwoLines key="p" second={perUnitInterval(totals.perUnit, formats)}>
            {formats.decimal(totals.perUnit.estimate)}
          </TwoLines>
        ) : (
          t("notMeasurable")
        ),
        "",
      ]}
    />
  );
}

/** `[2,3; 4,8]`: money back for each unit spent. */
export function perUnitInterval({ lower, upper }: { lower: number; upper: number }, formats: Formats): string {
  return `[${formats.decimal(lower)};\u00a0${formats.decimal(upper)}]`;
}

function Incremental({
  row: { measure },
  money,
  words: { t, formats },
}: {
  row: RoiCampaign;
  money: (micros: number) => string;
  words: Words;
}) {
  if (measure.kind === "collecting") return <span className="note">{t("campaigns.notYet")}</span>;
  if (measure.kind === "unmeasured")
    return <span className="hatched">{t("campaigns.attributed", { amount: money(measure.attributedMicros) })}</span>;
  const { estimate, lower, upper } = measure.incremental;
  return (
    <TwoLines second={formats.moneyInterval(lower, upper)}>
      <b>{money(estimate)}</b>
    </TwoLines>
  );
}

const reasons = ["noHoldout", "INVALID_SRM", "DATA_MISSING", "stopped"] as const;

/** Why there is no measure, as a key of the catalogue. */
function whyUnmeasured(reason: string): `campaigns.why.${(typeof reasons)[number] | "other"}` {
  return `campaigns.why.${reasons.find((one) => one === reason) ?? "other"}`;
}

const marks = {
  pays: { icon: <Triangle aria-hidden />, className: "is-better" },
  loses: { icon: <Triangle aria-hidden className="rotate-180" />, className: "is-worse" },
  unclear: { icon: <Minus aria-hidden />, className: "text-muted" },
} as const satisfies Record<string, { icon: ReactNode; className: string }>;

function Word({ perUnit, t }: { perUnit: { lower: number; upper: number }; t: Words["t"] }) {
  const word = perUnitWord(perUnit);
  const { icon, className } = marks[word];
  return (
    <span className={`word ${className}`}>
      {icon}
      {t(`words.${word}`)}
    </span>
  );
}

const decided = ["roll_out", "keep_control", "repeat", "no_action"] as const;

function decisionOf({ decision, verdict, measure }: RoiCampaign, { t }: Words): string {
  const known = decided.find((one) => one === decision?.decision);
  if (known) return t(`decisions.${known}`, { variant: decision?.variant ?? "" });
  if (measure.kind === "collecting") return t("decisions.collecting");
  return t(verdict ? "decisions.pending" : "decisions.none");
}
