import { CopyButton } from "@/app/_ui/copy-button.client";
import { KeyValue, Section } from "@/app/_ui/page";
import { TimeText } from "@/app/_ui/text";
import { VariantTag } from "@/app/_ui/variant";
import { VerdictCard } from "@/app/_ui/verdict-card";
import { publicId } from "@/lib/foundation/ids";
import type { AnalysisRecord } from "@/lib/results/analysis";
import type { ResultsView } from "@/lib/results/queries/get-results";
import { decisionChoices, decisionText, recommendedText } from "./decision-choices";
import { DecisionDialog } from "./decision-dialog.client";
import { doText, otherSentences, sentenceText, unknownText, variantOf, type Words, windowText } from "./wording";

/** The verdict with what follows from it, and the place where people write down what they decided. */
export function Conclusion({
  view,
  record,
  summary,
  words,
}: {
  view: ResultsView;
  record: AnalysisRecord;
  /** The same as text, to copy. */
  summary: string;
  words: Words;
}) {
  const { t, verdicts, formats } = words;
  const { headline, control } = record;
  return (
    <VerdictCard
      comparison={
        <>
          {headline.variant !== null && (
            <span className="inline-flex flex-wrap items-center gap-1.5">
              <VariantTag variant={variantOf(headline.variant)} /> {t("against")}{" "}
              <VariantTag variant={variantOf(control)} />
            </span>
          )}
          <span>{t("measured", { metric: record.metric, window: windowText(record.windowHours, words) })}</span>
        </>
      }
      sentence={sentenceText(record, words)}
      also={otherSentences(record, words).map(({ key, text }) => ({ variant: variantOf(key), sentence: text }))}
      doText={doText(record, words)}
      unknownText={unknownText(record, words)}
      actions={
        <>
          {view.mayDecide && (
            <DecisionDialog
              campaignId={publicId("cmp", view.campaign.id)}
              choices={decisionChoices(record, verdicts)}
              recommended={recommendedText(record, verdicts, formats.list)}
            />
          )}
          <CopyButton text={summary} label={t("copySummary")} />
          {view.mayDecide && <p className="note">{t("decision.where")}</p>}
        </>
      }
    />
  );
}

/** What was decided, by whom and why. */
export function DecisionSection({
  decision,
  control,
  words,
}: {
  decision: NonNullable<ResultsView["decision"]>;
  control: string;
  words: Words;
}) {
  const { t, verdicts, formats } = words;
  return (
    <Section title={t("decision.taken")} note={t("decision.takenNote")}>
      <KeyValue
        left
        rows={[
          { label: t("decision.what"), value: <strong>{decisionText({ ...decision, control }, verdicts)}</strong> },
          { label: t("decision.reason"), value: decision.reason || t("decision.noReason") },
          {
            label: t("decision.by"),
            value: (
              <>
                {decision.byName} · <TimeText at={decision.at} formats={formats} />
              </>
            ),
          },
        ]}
      />
    </Section>
  );
}
