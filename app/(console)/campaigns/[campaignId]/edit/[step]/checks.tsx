import Link from "next/link";
import type { ReactNode } from "react";
import { type CheckItem, Checklist } from "@/app/_ui/checklist";
import { VariantTag } from "@/app/_ui/variant";
import { variantKeys } from "@/lib/campaigns/campaign";
import type { PreflightGroup, PreflightParams, PreflightRow } from "@/lib/campaigns/preflight-row";
import type { Leaves } from "@/lib/i18n/message-keys";
import type { Messages } from "@/lib/i18n/messages";
import { messagePlaces, messageProblemCodes } from "@/lib/whatsapp/message-problem";
import { messageProblemText } from "../../../../templates/message-problem-text";
import { campaignPath } from "../../../paths";
import { categoryText } from "../../../sentences";
import type { BuilderView } from "./builder-view";

type Key = Leaves<Messages["builder"]>;
const groups = ["people", "message", "timing", "money", "signatures"] as const satisfies readonly PreflightGroup[];

/** Rows whose one line needs a second sentence: what happens, or what to do. */
const explained = new Set([
  "consent.nobody_left",
  "suppressed.many",
  "quiet_hours.never_open",
  "quiet_hours.after_deadline",
  "quiet_hours.some_after_deadline",
  "quiet_hours.passed",
  "limit_headroom.over_limit",
  "limit_headroom.shared",
  "holdout.nothing_to_compare",
  "holdout.no_roi",
  "cost.no_prices",
  "cost.prices_incomplete",
  "cost.over_cap",
  "power.revenue_not_planned",
  "power.baseline_missing",
  "power.too_few",
  "power.weak",
  "second_person.solo_mode",
  "second_person.nobody_may_approve",
]);

/** The checklist in groups: what passes in a line, what does not with its reason and the way to mend it. */
export function Checks({ view }: { view: BuilderView }) {
  const { preflight, t, formats } = view;
  return groups.map((group) => {
    const rows = preflight.rows.filter((row) => row.group === group);
    return (
      <section key={group} className="mt-7" aria-labelledby={`checks-${group}`}>
        <h3 id={`checks-${group}`} className="mb-1.5 flex justify-between">
          {t(`groups.${group}`)}
          <span className="note num font-normal">{formats.integer(rows.length)}</span>
        </h3>
        <Checklist items={rows.map((row) => checkItem(row, view))} />
      </section>
    );
  });
}

function checkItem(row: BuilderView["preflight"]["rows"][number], view: BuilderView): CheckItem {
  const { campaign, t } = view;
  const { id, code, status, details, step, hasChangedSinceApproval } = row;
  const texts = paramTexts(row.params, view);
  const lines: ReactNode[] = [
    explained.has(`${id}.${code}`) && t(`explain.${id}.${code}` as Key, texts), // the set names keys of the catalogue
    ...details.map((detail) => <Detail key={`${detail.variant} ${detail.code}`} detail={detail} view={view} />),
    hasChangedSinceApproval && <b>{t("changedSinceApproval")}</b>,
  ].filter(Boolean);
  const isMendable = status !== "pass" && step !== "review" && campaign.acts.edit;
  return {
    id,
    status,
    title: t(`checks.${id}.title`),
    value: t(`checks.${id}.${code}` as Key, texts), // `row()` of preflight.ts ties each code to its id
    explanation:
      lines.length > 0 &&
      lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are in a fixed order
        <span key={index} className="block">
          {line}
        </span>
      )),
    fixes: isMendable && <Link href={campaignPath(campaign.id, `edit/${step}`)}>{t(`fix.${step}`)}</Link>,
  };
}

function Detail({ detail, view }: { detail: PreflightRow["details"][number]; view: BuilderView }) {
  const variant = variantKeys.find((key) => key === detail.variant) ?? "A";
  const texts = { ...paramTexts(detail.params, view), reason: refusalText(detail.params, view) };
  return (
    <>
      <VariantTag variant={variant} /> {view.t(`details.${detail.code}`, texts)}
    </>
  );
}

/** Why Meta would refuse it, in the words that the builder has for it. */
function refusalText({ problem, part, ...params }: PreflightParams, { templates, formats }: BuilderView): string {
  const code = messageProblemCodes.find((one) => one === problem);
  if (!code) return "";
  const at = messagePlaces.find((one) => one === part);
  const known = Object.entries(params).flatMap(([name, value]): [string, string | number][] =>
    typeof value === "number" || typeof value === "string" ? [[name, value]] : [],
  );
  return messageProblemText({ code, ...(at && { at }), params: Object.fromEntries(known) }, templates, formats);
}

/** Numbers as texts beside the bare numbers: `people` and `peopleText`, money in `…MicrosText`, shares, points. */
function paramTexts(params: PreflightParams, { t, campaigns, formats }: BuilderView): Record<string, string | number> {
  const currency = typeof params.currency === "string" ? params.currency : formats.settings.currency;
  const texts: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(params)) {
    if (typeof value === "string")
      texts[name] = name === "category" || name === "purpose" ? categoryText(value, campaigns) : value;
    if (name === "quality") texts[name] = t(`variants.quality.${value === "RED" ? "RED" : "YELLOW"}`);
    if (typeof value !== "number") continue;
    texts[name] = value;
    texts[`${name}Text`] = name.endsWith("Micros")
      ? formats.money({ micros: value, currency })
      : name.endsWith("Points")
        ? formats.unsignedPoints(value / 100)
        : name === "share"
          ? formats.percent(value, 0)
          : formats.integer(value);
  }
  return texts;
}
