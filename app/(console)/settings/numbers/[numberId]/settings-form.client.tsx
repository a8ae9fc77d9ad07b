"use client";

import { useActionState, useState } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { CheckboxField, RadioField, SelectField, TextField } from "@/app/_ui/fields";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import type { NumberView } from "@/lib/numbers/queries/list-numbers";
import { saveSettings } from "../actions";

const endpoints = ["messages", "marketing_messages"] as const;
const policies = ["CLOUD_API_FALLBACK", "STRICT"] as const;

/** How a number sends, and where. What was typed stays when the server refuses. */
export function SettingsForm({
  number,
}: {
  number: Pick<
    NumberView,
    "id" | "endpoint" | "productPolicy" | "apiVersion" | "baseUrl" | "appId" | "portfolioId" | "throughputLevel"
  >;
}) {
  const t = useTranslations("numbers");
  const errors = useTranslations("errors");
  const [result, save] = useActionState(saveSettings, null);
  const [endpoint, setEndpoint] = useState<string>(number.endpoint);
  const [typed, setTyped] = useState({
    apiVersion: number.apiVersion,
    baseUrl: number.baseUrl,
    appId: number.appId ?? "",
    portfolioId: number.portfolioId ?? "",
  });
  const refused = result && !result.ok ? result : undefined;
  const words = { apiVersion: "version", baseUrl: "url", appId: "id", portfolioId: "id" } as const;
  const field = (name: keyof typeof typed) => ({
    name,
    id: `settings-${name}`,
    label: t(`settings.${name}`),
    value: typed[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      setTyped({ ...typed, [name]: event.currentTarget.value }),
    error: refused?.fields[name] && refused.code !== "mode_mismatch" ? t(`fieldErrors.${words[name]}`) : undefined,
  });
  return (
    <form action={save} className="grid max-w-measure gap-4">
      <input type="hidden" name="numberId" value={number.id} />
      {refused && refused.code !== "invalid_input" && (
        <Banner tone="bad">
          {refused.code === "mode_mismatch" ? t("settings.modeMismatch") : errors(refused.code)}
        </Banner>
      )}
      {result?.ok && <Banner tone="ok">{t("settings.saved")}</Banner>}
      <RadioField
        name="endpoint"
        label={t("settings.endpoint")}
        value={endpoint}
        onChange={setEndpoint}
        options={endpoints.map((value) => ({
          value,
          label: t(`endpoints.${value}`),
          hint: t(`settings.endpointHints.${value}`),
        }))}
      />
      {endpoint === "marketing_messages" ? (
        <SelectField
          name="productPolicy"
          label={t("settings.policy")}
          defaultValue={number.productPolicy}
          options={policies.map((value) => ({ value, label: t(`settings.policies.${value}`) }))}
        />
      ) : (
        <input type="hidden" name="productPolicy" value={number.productPolicy} />
      )}
      <TextField {...field("apiVersion")} required />
      <TextField {...field("baseUrl")} type="url" required />
      <TextField {...field("appId")} inputMode="numeric" />
      <TextField {...field("portfolioId")} hint={t("settings.portfolioHint")} inputMode="numeric" />
      <CheckboxField
        name="isCoexistence"
        label={t("settings.coexistence")}
        defaultChecked={number.throughputLevel === "COEXISTENCE"}
      />
      <div>
        <SubmitButton look="default" pendingText={t("settings.saving")}>
          {t("settings.save")}
        </SubmitButton>
      </div>
    </form>
  );
}
