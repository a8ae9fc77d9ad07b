"use client";

import { type FormEvent, useRef, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { NumberField, TextAreaField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { useToast } from "@/app/_ui/toast.client";
import { changeStop, previewStop } from "./actions";

type Preview = Extract<Awaited<ReturnType<typeof previewStop>>, { ok: true }>["data"];

/** From which share of refusals a campaign stops by itself. What would stop at once is shown before it is saved. */
export function StopRuleForm({ rule }: { rule: { share: number; after: number } }) {
  const t = useTranslations("policies");
  const errors = useTranslations("errors");
  const formats = useFormats();
  const toast = useToast();
  const form = useRef<HTMLFormElement>(null);
  const [refused, setRefused] = useState<{ code: string; fields: Readonly<Record<string, string>> }>();
  const [preview, setPreview] = useState<Preview>();
  const [isPending, start] = useTransition();
  const error = (field: "share" | "after" | "reason") =>
    refused?.fields[field] === undefined ? undefined : t(`stop.errors.${field}`);

  function typed() {
    const values = new FormData(form.current ?? undefined);
    const number = (name: string) => formats.parseNumber(String(values.get(name) ?? "")) ?? Number.NaN;
    return { share: number("share") / 100, after: number("after"), reason: String(values.get("reason") ?? "") };
  }
  function look() {
    if (isPending) return;
    const { share, after } = typed();
    start(async () => {
      const outcome = await previewStop({ share, after });
      setPreview(outcome.ok ? outcome.data : undefined);
      setRefused(outcome.ok ? undefined : outcome);
    });
  }
  function save(event: FormEvent) {
    event.preventDefault();
    if (isPending) return;
    start(async () => {
      const outcome = await changeStop(typed());
      setRefused(outcome.ok ? undefined : outcome);
      if (!outcome.ok) return;
      setPreview(undefined);
      form.current?.reset();
      toast({ text: t("stop.saved") });
    });
  }
  return (
    <form
      key={`${rule.share} ${rule.after}`}
      ref={form}
      noValidate
      className="mt-5 grid max-w-measure gap-4"
      onSubmit={save}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <NumberField
          name="share"
          label={t("stop.share")}
          hint={t("stop.shareHint")}
          unit={t("stop.percent")}
          defaultValue={formats.decimal(rule.share * 100)}
          error={error("share")}
        />
        <NumberField
          name="after"
          label={t("stop.after")}
          hint={t("stop.afterHint")}
          defaultValue={formats.integer(rule.after)}
          error={error("after")}
        />
      </div>
      <TextAreaField name="reason" label={t("stop.reason")} error={error("reason")} maxLength={500} required />
      {refused && Object.keys(refused.fields).length === 0 && (
        <Banner tone="bad">{errors(refused.code as Parameters<typeof errors>[0])}</Banner>
      )}
      <div className="flex flex-wrap gap-3">
        <Button onClick={look} aria-busy={isPending || undefined}>
          {t("stop.preview")}
        </Button>
        <Button type="submit" look="primary" aria-busy={isPending || undefined}>
          {isPending ? t("stop.saving") : t("stop.save")}
        </Button>
      </div>
      <div aria-live="polite">{preview && <Would campaigns={preview} />}</div>
    </form>
  );
}

function Would({ campaigns }: { campaigns: Preview }) {
  const t = useTranslations("policies");
  const formats = useFormats();
  if (campaigns.length === 0) return <Banner tone="info">{t("stop.none")}</Banner>;
  return (
    <Banner tone="warn">
      {t("stop.would")}
      <ul>
        {campaigns.map(({ name, reached, refused }) => (
          <li key={name}>
            {t("stop.row", {
              name,
              refusedText: formats.integer(refused),
              reachedText: formats.integer(reached),
              share: formats.percent(refused / reached),
            })}
          </li>
        ))}
      </ul>
    </Banner>
  );
}
