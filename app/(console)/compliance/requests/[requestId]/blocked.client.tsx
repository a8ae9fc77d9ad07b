"use client";

import { useActionState } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { type Choice, SelectField, TextField } from "@/app/_ui/fields";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import { allowBlocked, askBlocked } from "../actions";

/** The first of two people. */
export function AskBlocked({ contactId, grounds }: { contactId: string; grounds: readonly Choice[] }) {
  const t = useTranslations("rights");
  const errors = useTranslations("errors");
  const [asked, ask] = useActionState(askBlocked, null);
  return (
    <form action={ask} className="grid max-w-measure gap-4">
      {asked && !asked.ok && <Banner tone="bad">{errors(asked.code)}</Banner>}
      <input type="hidden" name="contactId" value={contactId} />
      <SelectField name="ground" label={t("blocked.ground")} options={grounds} />
      <TextField name="reference" label={t("blocked.reference")} maxLength={200} autoComplete="off" required />
      <div>
        <SubmitButton look="default">{t("blocked.ask")}</SubmitButton>
      </div>
    </form>
  );
}

/** The second of two people. */
export function AllowBlocked({ accessId }: { accessId: string }) {
  const t = useTranslations("rights");
  return (
    <ConfirmButton
      size="small"
      label={t("blocked.allow")}
      title={t("blocked.allow")}
      confirmLabel={t("blocked.allow")}
      action={() => allowBlocked({ accessId })}
    >
      {t("blocked.allowText")}
    </ConfirmButton>
  );
}
