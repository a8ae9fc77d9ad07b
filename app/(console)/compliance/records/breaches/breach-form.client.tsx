"use client";

import { useActionState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { TextAreaField, TextField } from "@/app/_ui/fields";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import { endBreach, writeBreach } from "../actions";

const fields = [
  { name: "detectedAt", type: "datetime-local", required: true },
  { name: "nature", type: "text", required: true },
  { name: "categories", type: "text", required: true },
  { name: "peopleCount", type: "count", required: false },
  { name: "recordsCount", type: "count", required: false },
  { name: "consequences", type: "text", required: true },
  { name: "measures", type: "text", required: true },
  { name: "authorityNotifiedAt", type: "datetime-local", required: false },
  { name: "authorityReason", type: "text", required: false },
  { name: "peopleNotifiedAt", type: "datetime-local", required: false },
  { name: "peopleReason", type: "text", required: false },
] as const;

export type BreachValues = Record<(typeof fields)[number]["name"] | "breachId", string>;

/** A breach as far as it is known; it is completed as more becomes known. What was typed stays when it is refused. */
export function BreachForm({ values }: { values: BreachValues }) {
  const t = useTranslations("rights");
  const errors = useTranslations("errors");
  const [written, send] = useActionState(writeBreach, null);
  const [, start] = useTransition();
  return (
    <form
      className="grid max-w-measure gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        start(() => send(form));
      }}
    >
      {written && <Banner tone={written.ok ? "ok" : "bad"}>{written.ok ? t("act.done") : errors(written.code)}</Banner>}
      <input type="hidden" name="breachId" value={values.breachId} />
      {fields.map(({ name, type, required }) => {
        const error = written && !written.ok && written.fields[name] ? t("breaches.wrong") : undefined;
        const shared = { name, label: t(`breaches.fields.${name}`), defaultValue: values[name], error, required };
        if (type === "text") return <TextAreaField key={name} {...shared} maxLength={5_000} />;
        if (type === "count") return <TextField key={name} {...shared} inputMode="numeric" />;
        return <TextField key={name} {...shared} type="datetime-local" />;
      })}
      <div>
        <SubmitButton pendingText={t("breaches.saving")}>{t("breaches.save")}</SubmitButton>
      </div>
    </form>
  );
}

export function CloseBreach({ breachId }: { breachId: string }) {
  const t = useTranslations("rights");
  return (
    <ConfirmButton
      size="small"
      look="quiet"
      label={t("breaches.close")}
      title={t("breaches.close")}
      confirmLabel={t("breaches.close")}
      action={() => endBreach({ breachId })}
    >
      {t("breaches.closeText")}
    </ConfirmButton>
  );
}
