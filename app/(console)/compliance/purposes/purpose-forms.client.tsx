"use client";

import { type FormEvent, type ReactNode, useRef, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { type Choice, NumberField, SelectField, TextAreaField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { useToast } from "@/app/_ui/toast.client";
import { change, chooseQuestion, preview } from "./actions";

interface EditablePurpose {
  id: string;
  name: string;
  minAge: number | null;
  retentionDays: number;
}

type Effect = Extract<Awaited<ReturnType<typeof preview>>, { ok: true }>["data"];
type Refusal = { code: string; fields: Readonly<Record<string, string>> };

/** What may change of a purpose. Whom an age lets out is shown before it is saved; what was typed stays when it is refused. */
export function PurposeEdit({ purpose }: { purpose: EditablePurpose }) {
  const t = useTranslations("purposes");
  const errors = useTranslations("errors");
  const formats = useFormats();
  const toast = useToast();
  const form = useRef<HTMLFormElement>(null);
  const [refused, setRefused] = useState<Refusal>();
  const [effect, setEffect] = useState<Effect>();
  const [isPending, start] = useTransition();
  const error = (field: string) => {
    const why = refused?.fields[field];
    return why === undefined ? undefined : t(why === "campaigns" ? "edit.campaigns" : "edit.check");
  };

  function typed() {
    const values = new FormData(form.current ?? undefined);
    const text = (name: string) => String(values.get(name) ?? "").trim();
    const number = (name: string) => formats.parseNumber(text(name)) ?? Number.NaN;
    const minAge = text("minAge") === "" ? null : number("minAge");
    return { name: text("name"), minAge, retentionDays: number("retentionDays"), reason: text("reason") };
  }
  function look() {
    if (isPending) return;
    const { minAge } = typed();
    start(async () => {
      const outcome = await preview({ purposeId: purpose.id, minAge });
      setEffect(outcome.ok ? outcome.data : undefined);
      setRefused(outcome.ok ? undefined : outcome);
    });
  }
  function save(event: FormEvent) {
    event.preventDefault();
    if (isPending) return;
    const values = typed();
    start(async () => {
      const outcome = await change({ purposeId: purpose.id, ...values });
      setRefused(outcome.ok ? undefined : outcome);
      if (!outcome.ok) return;
      setEffect(undefined);
      toast({ text: t("edit.saved") });
    });
  }
  const id = (field: string) => `${field}-${purpose.id}`;
  return (
    <details>
      <summary className="cursor-pointer py-2">
        {t("edit.open")} <span className="sr-only">«{purpose.name}»</span>
      </summary>
      <form
        key={`${purpose.name} ${purpose.minAge} ${purpose.retentionDays}`}
        ref={form}
        noValidate
        className="grid max-w-measure gap-4 pt-2"
        onSubmit={save}
      >
        <TextField
          id={id("name")}
          name="name"
          label={t("edit.name")}
          hint={t("edit.nameHint")}
          defaultValue={purpose.name}
          error={error("name")}
          maxLength={120}
          required
        />
        <NumberField
          id={id("minAge")}
          name="minAge"
          label={t("edit.minAge")}
          hint={t("edit.minAgeHint")}
          defaultValue={purpose.minAge === null ? "" : formats.integer(purpose.minAge)}
          error={error("minAge")}
        />
        <NumberField
          id={id("retentionDays")}
          name="retentionDays"
          label={t("edit.retention")}
          defaultValue={formats.integer(purpose.retentionDays)}
          error={error("retentionDays")}
        />
        <TextAreaField
          id={id("reason")}
          name="reason"
          label={t("edit.reason")}
          error={error("reason")}
          maxLength={500}
          required
        />
        {refused && Object.keys(refused.fields).length === 0 && (
          <Banner tone="bad">{errors(refused.code as Parameters<typeof errors>[0])}</Banner>
        )}
        <div className="flex flex-wrap gap-3">
          <Button onClick={look} aria-busy={isPending || undefined}>
            {t("edit.preview")}
          </Button>
          <Button type="submit" look="primary" aria-busy={isPending || undefined}>
            {isPending ? t("edit.saving") : t("edit.save")}
          </Button>
        </div>
        <div aria-live="polite">{effect && <Affected effect={effect} />}</div>
      </form>
    </details>
  );
}

function Affected({ effect: { granted, outNow, outThen, isLooser, campaigns } }: { effect: Effect }) {
  const t = useTranslations("purposes");
  const formats = useFormats();
  const names = campaigns.map(({ name }) => `«${name}»`).join(", ");
  const isRefused = isLooser && campaigns.length > 0;
  return (
    <Banner tone={isRefused || outThen > outNow ? "warn" : "info"}>
      <p>
        {t("effect.people", {
          out: outThen,
          outText: formats.integer(outThen),
          grantedText: formats.integer(granted),
          now: outNow,
          nowText: formats.integer(outNow),
        })}
      </p>
      <p>
        {isRefused
          ? t("effect.looser", { names })
          : t("effect.campaigns", { count: campaigns.length, countText: formats.integer(campaigns.length), names })}
      </p>
    </Banner>
  );
}

/** With which template people are asked to confirm. Each choice comes with its picture, drawn on the server. */
export function QuestionForm({
  purposeId,
  chosen,
  choices,
  previews,
}: {
  purposeId: string;
  chosen: string;
  choices: readonly Choice[];
  previews: Readonly<Record<string, ReactNode>>;
}) {
  const t = useTranslations("purposes");
  const errors = useTranslations("errors");
  const toast = useToast();
  const [templateId, setTemplateId] = useState(chosen);
  const [problem, setProblem] = useState<string>();
  const [isPending, start] = useTransition();
  return (
    <form
      className="grid max-w-measure gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (isPending) return;
        start(async () => {
          const outcome = await chooseQuestion({ purposeId, templateId: templateId === "" ? null : templateId });
          setProblem(outcome.ok ? undefined : errors(outcome.code));
          if (outcome.ok) toast({ text: t("question.saved") });
        });
      }}
    >
      <SelectField
        id={`question-${purposeId}`}
        name="templateId"
        label={t("question.choose")}
        hint={t("question.candidates")}
        error={problem}
        value={templateId}
        onChange={(event) => {
          setTemplateId(event.currentTarget.value);
          setProblem(undefined);
        }}
        options={[{ value: "", label: t("question.nobody") }, ...choices]}
      />
      {previews[templateId]}
      <div>
        <Button type="submit" aria-busy={isPending || undefined}>
          {isPending ? t("question.saving") : t("question.save")}
        </Button>
      </div>
    </form>
  );
}
