"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { CheckboxField, NumberField, RadioField, TextAreaField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { Section } from "@/app/_ui/page";
import type { CampaignGoal } from "@/lib/campaigns/campaign";
import type { StepProblemCode } from "@/lib/campaigns/completeness";
import { methods } from "@/lib/experiments/method";
import { primaryMetrics } from "@/lib/experiments/plan";
import type { Formats } from "@/lib/i18n/formats";
import { saveGoal } from "../../../actions";
import type { ChangeNames } from "../../changes";
import { useAutosave } from "./autosave.client";
import { ConflictDialog } from "./conflict-dialog.client";
import { microsOf, moneyText, numberText, readTyped, type TypedNumber } from "./typed-number";

export interface GoalInput {
  name: string;
  goal: CampaignGoal;
}

/** Numbers as typed, beside what needs no reading. */
interface Typed {
  name: string;
  goal: CampaignGoal;
  points: string;
  perPerson: string;
  baseline: string;
  days: string;
  optOut: string;
  failure: string;
  cap: string;
}

const DAY_HOURS = 24;
const MOST_DAYS = 90;
const MOST_MONEY = 1_000_000_000;

function typedOf({ name, goal }: GoalInput, formats: Formats): Typed {
  return {
    name,
    goal,
    points: numberText(goal.minimumEffectPoints, formats),
    perPerson: moneyText(goal.minimumEffectMicros, formats),
    baseline: numberText(goal.baselinePoints, formats),
    days: numberText(goal.windowHours === null ? null : goal.windowHours / DAY_HOURS, formats),
    optOut: numberText(goal.guardrails.optOutPoints, formats),
    failure: numberText(goal.guardrails.failurePoints, formats),
    cap: moneyText(goal.spendCapMicros, formats),
  };
}

const numeric = ["points", "perPerson", "baseline", "days", "optOut", "failure", "cap"] as const;
type Numeric = (typeof numeric)[number];

function readAll(typed: Typed, formats: Formats): Record<Numeric, TypedNumber> {
  const percent = { atMost: 100 };
  return {
    points: readTyped(typed.points, formats, percent),
    perPerson: readTyped(typed.perPerson, formats, { atMost: MOST_MONEY }),
    baseline: readTyped(typed.baseline, formats, { atMost: 99.99 }),
    days: readTyped(typed.days, formats, { atLeast: 1 / DAY_HOURS, atMost: MOST_DAYS }),
    optOut: required(readTyped(typed.optOut, formats, percent)),
    failure: required(readTyped(typed.failure, formats, percent)),
    cap: readTyped(typed.cap, formats, { atMost: MOST_MONEY }),
  };
}

function required(read: TypedNumber): TypedNumber {
  return read.ok && read.value === null ? { ok: false } : read;
}

function inputOf(typed: Typed, read: Record<Numeric, TypedNumber>): GoalInput | null {
  if (typed.name.trim() === "") return null;
  const value = (name: Numeric) => (read[name].ok ? read[name].value : undefined);
  if (numeric.some((name) => value(name) === undefined)) return null;
  const days = value("days") ?? null;
  return {
    name: typed.name,
    goal: {
      ...typed.goal,
      minimumEffectPoints: value("points") ?? null,
      minimumEffectMicros: microsOf(value("perPerson") ?? null),
      baselinePoints: value("baseline") ?? null,
      windowHours: days === null ? null : Math.round(days * DAY_HOURS),
      guardrails: { optOutPoints: value("optOut") ?? 0, failurePoints: value("failure") ?? 0 },
      spendCapMicros: microsOf(value("cap") ?? null),
    },
  };
}

/** Step 1: what is tried, by which single metric it is judged, and from which difference on one would act. */
export function GoalForm({
  kept,
  keptVersion,
  problems,
  people,
  names,
}: {
  kept: GoalInput;
  keptVersion: number;
  problems: readonly StepProblemCode[];
  people: readonly { id: string; name: string }[];
  names: ChangeNames;
}) {
  const t = useTranslations("builder");
  const campaigns = useTranslations("campaigns");
  const formats = useFormats();
  const [typed, setTyped] = useState(() => typedOf(kept, formats));
  const read = readAll(typed, formats);
  const conflict = useAutosave({
    input: inputOf(typed, read),
    kept,
    keptVersion,
    save: saveGoal,
    take: (theirs) => setTyped(typedOf(theirs, formats)),
  });
  const { goal } = typed;
  const set = (change: Partial<Typed>) => setTyped((now) => ({ ...now, ...change }));
  const setGoal = (change: Partial<CampaignGoal>) => set({ goal: { ...goal, ...change } });
  const number = (name: Numeric, problem?: StepProblemCode) => ({
    name,
    value: typed[name],
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
    error: read[name].ok
      ? problem && typed[name].trim() === "" && problems.includes(problem) && t(`problems.${problem}`)
      : t(`goal.${name}Wrong`),
  });
  const currency = formats.settings.currency;
  return (
    <>
      <ConflictDialog conflict={conflict} people={people} names={names} />
      <Section title={t("goal.idea")} note={t("goal.ideaNote")} wide>
        <div className="grid gap-5">
          <TextField
            name="name"
            label={campaigns("nameLabel")}
            value={typed.name}
            maxLength={120}
            error={typed.name.trim() === "" && campaigns("nameMissing")}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          {(["change", "outcome", "reason"] as const).map((part) => (
            <TextAreaField
              key={part}
              name={part}
              label={t(`goal.${part}`)}
              placeholder={t(`goal.${part}Example`)}
              rows={1}
              maxLength={300}
              value={goal.hypothesis[part]}
              onChange={(event) => setGoal({ hypothesis: { ...goal.hypothesis, [part]: event.currentTarget.value } })}
            />
          ))}
        </div>
      </Section>
      <Section title={t("goal.measure")} note={t("goal.measureNote")} wide>
        <div className="grid gap-5">
          <RadioField
            name="metric"
            label={t("goal.metric")}
            hint={t("goal.metricHint")}
            value={goal.metric ?? ""}
            error={problems.includes("metric_needs_message") && t("problems.metric_needs_message")}
            onChange={(value) => setGoal({ metric: primaryMetrics.find((metric) => metric === value) ?? null })}
            options={primaryMetrics.map((metric) => ({
              value: metric,
              label: campaigns(`metric.${metric}`),
              hint: t(`goal.metrics.${metric}`),
            }))}
          />
          <div className="grid gap-5 sm:grid-cols-2">
            <NumberField {...number("days", "window_missing")} label={t("goal.days")} hint={t("goal.daysHint")} />
            {goal.metric === "revenue" ? (
              <NumberField
                {...number("perPerson", "minimum_effect_missing")}
                label={t("goal.perPerson", { currency })}
                hint={t("goal.effectHint")}
              />
            ) : (
              <NumberField
                {...number("points", "minimum_effect_missing")}
                label={t("goal.points")}
                unit="pp"
                hint={t("goal.effectHint")}
              />
            )}
            {goal.metric !== "revenue" && (
              <NumberField {...number("baseline")} label={t("goal.baseline")} unit="%" hint={t("goal.baselineHint")} />
            )}
          </div>
          <RadioField
            name="method"
            label={t("goal.method")}
            hint={t("goal.methodHint")}
            value={goal.method}
            onChange={(value) => setGoal({ method: methods.find((method) => method === value) ?? "looks" })}
            options={methods.map((method) => ({
              value: method,
              label: t(`goal.methods.${method}.label`),
              hint: t(`goal.methods.${method}.hint`),
            }))}
          />
        </div>
      </Section>
      <Section title={t("goal.limits")} note={t("goal.limitsNote")} wide>
        <div className="grid gap-5 sm:grid-cols-2">
          <NumberField {...number("optOut")} label={t("goal.optOut")} unit="pp" hint={t("goal.optOutHint")} />
          <NumberField {...number("failure")} label={t("goal.failure")} unit="pp" hint={t("goal.failureHint")} />
          <NumberField {...number("cap")} label={t("goal.cap", { currency })} hint={t("goal.capHint")} />
          <CheckboxField
            name="strata"
            className="content-start sm:col-span-2"
            label={t("goal.strata")}
            hint={t("goal.strataHint")}
            checked={goal.strata === "country"}
            onChange={(event) => setGoal({ strata: event.currentTarget.checked ? "country" : "none" })}
          />
        </div>
      </Section>
    </>
  );
}
