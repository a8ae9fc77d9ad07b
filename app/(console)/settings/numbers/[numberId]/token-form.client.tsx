"use client";

import { useActionState } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { TextField } from "@/app/_ui/fields";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import { saveToken } from "../actions";

/** A new token goes in and never comes out again. */
export function TokenForm({ numberId }: { numberId: string }) {
  const t = useTranslations("numbers");
  const errors = useTranslations("errors");
  const [result, save] = useActionState(saveToken, null);
  return (
    <form action={save} className="grid max-w-measure gap-4" autoComplete="off">
      <input type="hidden" name="numberId" value={numberId} />
      {result && !result.ok && result.code !== "invalid_input" && <Banner tone="bad">{errors(result.code)}</Banner>}
      {result?.ok && result.data.kind === "renewed" && <Banner tone="ok">{t("token.saved")}</Banner>}
      {result?.ok && result.data.kind === "not_usable" && (
        <Banner tone="bad">{t(`steps.findings.${result.data.finding}`)}</Banner>
      )}
      <TextField
        name="token"
        id="new-token"
        type="password"
        autoComplete="off"
        label={t("token.token")}
        error={result && !result.ok && result.fields.token ? t("fieldErrors.token") : undefined}
        required
      />
      <TextField
        name="appSecret"
        id="new-app-secret"
        type="password"
        autoComplete="off"
        label={t("token.appSecret")}
        hint={t("token.appSecretHint")}
      />
      <div>
        <SubmitButton look="default" pendingText={t("token.saving")}>
          {t("token.save")}
        </SubmitButton>
      </div>
    </form>
  );
}
