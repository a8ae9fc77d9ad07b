"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { NumberField, SelectField } from "@/app/_ui/fields";
import { Waterfall } from "@/app/_ui/flow-charts";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { Answer, Section } from "@/app/_ui/page";
import { EmptyState, ErrorState, Skeleton } from "@/app/_ui/states";
import type { StepProblemCode } from "@/lib/campaigns/completeness";
import { saveAudience } from "../../../actions";
import { ask } from "../../../ask";
import { queryKeys } from "../../../query-keys";
import { type Reach, reachAnswer } from "../../../reach";
import type { ChangeNames } from "../../changes";
import { useAutosave } from "./autosave.client";
import { ConflictDialog } from "./conflict-dialog.client";
import { QuickSegment, type QuickSegmentChoices } from "./quick-segment.client";
import { useSaving } from "./saving.client";
import { numberText, readTyped } from "./typed-number";

export interface AudienceInput {
  segmentId: string | null;
  purposeId: string | null;
  holdoutBasisPoints: number;
}

const MOST_HOLDOUT = 50;

/** Step 2: to whom. The figures follow the choice at once, before it is saved. */
export function AudienceForm({
  kept,
  keptVersion,
  reach,
  segments,
  purposes,
  quick,
  problems,
  people,
  names,
}: {
  kept: AudienceInput;
  keptVersion: number;
  /** Counted by the server for what is kept; null while something is not chosen. */
  reach: Reach | null;
  segments: readonly { id: string; name: string }[];
  purposes: readonly { id: string; name: string }[];
  /** Null for somebody who may not make segments. */
  quick: QuickSegmentChoices | null;
  problems: readonly StepProblemCode[];
  people: readonly { id: string; name: string }[];
  names: ChangeNames;
}) {
  const t = useTranslations("builder");
  const formats = useFormats();
  const { campaignId } = useSaving();
  const [choice, setChoice] = useState({ segmentId: kept.segmentId, purposeId: kept.purposeId });
  const [holdout, setHoldout] = useState(numberText(kept.holdoutBasisPoints / 100, formats));
  const read = readTyped(holdout, formats, { atLeast: 0, atMost: MOST_HOLDOUT });
  const share = read.ok ? (read.value ?? 0) : undefined;
  const conflict = useAutosave<AudienceInput>({
    input: share === undefined ? null : { ...choice, holdoutBasisPoints: Math.round(share * 100) },
    kept,
    keptVersion,
    save: saveAudience,
    take({ segmentId, purposeId, holdoutBasisPoints }) {
      setChoice({ segmentId, purposeId });
      setHoldout(numberText(holdoutBasisPoints / 100, formats));
    },
  });
  const { segmentId, purposeId } = choice;
  const isKept = segmentId === kept.segmentId && purposeId === kept.purposeId;
  const asked = useQuery({
    queryKey: queryKeys.reach(campaignId, { segmentId: segmentId ?? "", purposeId: purposeId ?? "" }),
    queryFn: ({ signal }) =>
      ask(
        `/api/v1/campaigns/${campaignId}/audience?${new URLSearchParams({ segmentId: segmentId ?? "", purposeId: purposeId ?? "" })}`,
        reachAnswer,
        { signal },
      ),
    enabled: segmentId !== null && purposeId !== null,
    initialData: isKept ? (reach ?? undefined) : undefined,
    staleTime: 30_000,
  });
  const counted = asked.data;
  return (
    <>
      <ConflictDialog conflict={conflict} people={people} names={names} />
      <Answer as="h2" tight sub={t("audience.answerNote")}>
        {counted
          ? t("audience.answer", {
              count: counted.reachable,
              countText: formats.integer(counted.reachable),
              matchesText: formats.integer(counted.matches),
            })
          : t("audience.question")}
      </Answer>
      <Section title={t("audience.who")} note={t("audience.whoNote")} wide>
        <div className="grid items-start gap-5 sm:grid-cols-2">
          <SelectField
            name="segmentId"
            label={t("audience.segment")}
            placeholder={t("audience.chooseSegment")}
            hint={<Link href="/audiences">{t("audience.allSegments")}</Link>}
            error={problems.includes("segment_missing") && !segmentId && t("problems.segment_missing")}
            value={segmentId ?? ""}
            onChange={({ currentTarget: { value } }) => setChoice((now) => ({ ...now, segmentId: value || null }))}
            options={segments.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <SelectField
            name="purposeId"
            label={t("audience.purpose")}
            placeholder={t("audience.choosePurpose")}
            hint={t("audience.purposeHint")}
            error={problems.includes("purpose_missing") && !purposeId && t("problems.purpose_missing")}
            value={purposeId ?? ""}
            onChange={({ currentTarget: { value } }) => setChoice((now) => ({ ...now, purposeId: value || null }))}
            options={purposes.map(({ id, name }) => ({ value: id, label: name }))}
          />
          {quick && (
            <div className="sm:col-span-2">
              <QuickSegment choices={quick} onMade={(id) => setChoice((now) => ({ ...now, segmentId: id }))} />
            </div>
          )}
        </div>
      </Section>
      <Section title={t("audience.reach")} note={t("audience.reachNote")} wide>
        {!segmentId || !purposeId ? (
          <EmptyState title={t("audience.notYet")} />
        ) : counted ? (
          <Counted reach={counted} />
        ) : asked.isError ? (
          <ErrorState
            title={t("audience.failed")}
            retry={<Button onClick={() => void asked.refetch()}>{t("audience.retry")}</Button>}
          >
            {t("audience.failedText")}
          </ErrorState>
        ) : (
          <Skeleton lines={4} />
        )}
      </Section>
      <Section title={t("audience.holdout")} note={t("audience.holdoutNote")} wide>
        <NumberField
          name="holdout"
          label={t("audience.holdoutLabel")}
          unit="%"
          className="w-56"
          value={holdout}
          onChange={(event) => setHoldout(event.currentTarget.value)}
          error={share === undefined && t("audience.holdoutWrong")}
          hint={
            share === 0
              ? t("audience.holdoutZero")
              : counted && share !== undefined
                ? t("audience.holdoutPeople", {
                    count: Math.round((counted.reachable * share) / 100),
                    countText: formats.integer(Math.round((counted.reachable * share) / 100)),
                  })
                : t("audience.holdoutHint")
          }
        />
      </Section>
    </>
  );
}

/** Start minus each exclusion equals reachable; every number that leaves says why. */
function Counted({ reach }: { reach: Reach }) {
  const t = useTranslations("builder");
  const formats = useFormats();
  const { matches, withoutConsent, suppressed, reachable, reasons } = reach;
  const why = (isSuppressed: boolean) =>
    formats.list(
      reasons
        .filter(({ reason }) => isBlock(reason) === isSuppressed)
        .map(({ reason, count }) => `${reasonText(reason, t)} ${formats.integer(count)}`),
    );
  const less = (count: number) => (count === 0 ? formats.integer(0) : `\u2212${formats.integer(count)}`);
  return (
    <Waterfall
      caption={t("audience.waterfall", {
        reachableText: formats.integer(reachable),
        matchesText: formats.integer(matches),
      })}
      steps={[
        { kind: "total", label: t("audience.matches"), count: matches, countText: formats.integer(matches) },
        {
          kind: "less",
          label: t("audience.withoutConsent"),
          count: withoutConsent,
          countText: less(withoutConsent),
          note: why(false),
        },
        {
          kind: "less",
          label: t("audience.suppressed"),
          count: suppressed,
          countText: less(suppressed),
          note: why(true),
        },
        { kind: "total", label: t("audience.reachable"), count: reachable, countText: formats.integer(reachable) },
      ]}
    />
  );
}

function isBlock(reason: string): boolean {
  return reason === "restricted" || reason.startsWith("suppressed_");
}

const known = [
  "no_consent",
  "consent_pending",
  "consent_denied",
  "consent_withdrawn",
  "consent_expired",
  "consent_invalidated",
  "wording_revoked",
  "restricted",
] as const;

function reasonText(reason: string, t: ReturnType<typeof useTranslations<"builder">>): string {
  const code = known.find((one) => one === reason);
  if (code) return t(`audience.reasons.${code}`);
  return t(reason === "suppressed_complaint" ? "audience.reasons.complaint" : "audience.reasons.blocked");
}
