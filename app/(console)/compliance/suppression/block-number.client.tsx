"use client";

import { useActionState } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { SelectField, TextAreaField, TextField } from "@/app/_ui/fields";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import { kindsByHand } from "@/lib/consent/suppression";
import { blockNumber } from "./actions";

/** Blocks one number. It travels in the body of a request, and only its keyed hash is kept. */
export function BlockNumber() {
  const t = useTranslations("officer");
  const errors = useTranslations("errors");
  const [state, block] = useActionState(blockNumber, null);
  const fields = state && !state.ok ? state.fields : {};
  return (
    <form action={block} className="grid max-w-measure gap-4" noValidate>
      {state?.ok && <Banner tone="ok">{t(state.data.isKnown ? "byHand.doneKnown" : "byHand.doneUnknown")}</Banner>}
      {state && !state.ok && Object.keys(fields).length === 0 && <Banner tone="bad">{errors(state.code)}</Banner>}
      <TextField
        name="phone"
        id="block-phone"
        type="tel"
        label={t("byHand.phone")}
        hint={t("byHand.phoneHint")}
        autoComplete="off"
        required
        maxLength={40}
        error={fields.phone && t("byHand.phoneNeeded")}
      />
      <div className="flex flex-wrap gap-4">
        <SelectField
          name="kind"
          id="block-kind"
          label={t("byHand.kind")}
          className="w-full sm:w-56"
          options={kindsByHand.map((value) => ({ value, label: t(`byHand.kinds.${value}`) }))}
        />
        <SelectField
          name="scope"
          id="block-scope"
          label={t("byHand.scope")}
          className="w-full sm:w-56"
          options={(["all_marketing", "all"] as const).map((value) => ({ value, label: t(`scopes.${value}`) }))}
        />
      </div>
      <TextAreaField
        name="reason"
        id="block-reason"
        label={t("reason.label")}
        hint={t("reason.hint")}
        required
        maxLength={500}
        error={fields.reason && t("reason.needed")}
      />
      <div>
        <SubmitButton pendingText={t("byHand.blocking")}>{t("byHand.block")}</SubmitButton>
      </div>
    </form>
  );
}
