import Link from "next/link";
import { Banner } from "@/app/_ui/banner";
import type { ResultsView } from "@/lib/results/queries/get-results";
import { collectingSentence, deliverySentence, splitTexts } from "@/lib/results/sentence";
import { say, type Words } from "./wording";

/** What makes the figures untrustworthy, above everything; nothing where nothing is wrong. */
export function TrustBanners({
  view,
  isShownAnyway,
  anywayHref,
  words,
}: {
  view: ResultsView;
  isShownAnyway: boolean;
  anywayHref: string;
  words: Words;
}) {
  const { t, verdicts, formats } = words;
  const { campaign, health, state } = view;
  const record = state.kind === "analysed" ? state.record : null;
  const isFrozen = campaign.status === "frozen" || record?.headline.code === "FROZEN";
  return (
    <div className="mb-6 grid gap-3 empty:hidden">
      {health.srm?.alarm && (
        <Banner tone="bad" action={record && !isShownAnyway && <Link href={anywayHref}>{t("trust.showAnyway")}</Link>}>
          <strong>{t(isShownAnyway ? "trust.unreliable" : "trust.split")}</strong>{" "}
          {say(
            [collectingSentence({ code: "INVALID_SRM", analysisAt: null, ...splitTexts(health.srm) }, formats)],
            verdicts,
          )}{" "}
          {verdicts("unknown.INVALID_SRM")} <a href="#method">{t("trust.seeNumbers")}</a>
        </Banner>
      )}
      {isFrozen && (
        <Banner tone="bad">
          <strong>{t("trust.frozen")}</strong> {verdicts("action.FROZEN")}
        </Banner>
      )}
      {record?.missingFeed && (
        <Banner tone="warn">
          <strong>{t("trust.missing")}</strong>{" "}
          {verdicts("sentence.DATA_MISSING", {
            feed: record.missingFeed.feed,
            date: formats.date(record.missingFeed.since),
          })}
        </Banner>
      )}
      {health.delivery?.isBiased && (
        <Banner tone="warn">
          <strong>{t("trust.delivery")}</strong>{" "}
          {record ? say([deliverySentence(record, formats)], verdicts) : t("trust.deliveryText")}
        </Banner>
      )}
    </div>
  );
}
