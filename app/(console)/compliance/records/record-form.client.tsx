"use client";

import { useActionState } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { TextAreaField } from "@/app/_ui/fields";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import type { RecordKind } from "@/lib/rights/records";
import { save } from "./actions";

/** What people write of a record; saving makes a version. */
export function RecordForm({
  kind,
  fields,
}: {
  kind: RecordKind;
  fields: readonly { field: string; label: string; value: string }[];
}) {
  const t = useTranslations("rights");
  const errors = useTranslations("errors");
  const [saved, send] = useActionState(save, null);
  return (
    <form action={send} className="grid max-w-measure gap-4">
      {saved && <Banner tone={saved.ok ? "ok" : "bad"}>{saved.ok ? t("records.saved") : errors(saved.code)}</Banner>}
      <input type="hidden" name="kind" value={kind} />
      {fields.map(({ field, label, value }) => (
        <TextAreaField key={field} name={field} label={label} defaultValue={value} rows={4} maxLength={20_000} />
      ))}
      <div className="no-print">
        <SubmitButton pendingText={t("records.saving")}>{t("records.save")}</SubmitButton>
      </div>
    </form>
  );
}
