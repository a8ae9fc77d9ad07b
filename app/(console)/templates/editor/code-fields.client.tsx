"use client";

import { Plus, X } from "lucide-react";
import { useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { CheckboxField, RadioField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import type { DraftApp, TemplateDraft } from "@/lib/templates/draft";
import { codeButtonKinds } from "@/lib/whatsapp/authentication-rules";
import { lengthOf, templateLimits } from "@/lib/whatsapp/template-problem";
import type { ChangeDraft, ProblemAt } from "./draft-change";

/** What is left to decide of a message with a one-time code, whose text is Meta's. */
export function CodeFields({
  draft: { code },
  problemAt,
  onChange,
}: {
  draft: TemplateDraft;
  problemAt: ProblemAt;
  onChange: ChangeDraft;
}) {
  const t = useTranslations("templates.code");
  const formats = useFormats();
  const set = (next: Partial<TemplateDraft["code"]>, part?: "footer" | "buttons") =>
    onChange((before) => ({ code: { ...before.code, ...next } }), part);
  const labelHint = (text: string) =>
    t("labelHint", {
      usedText: formats.integer(lengthOf(text)),
      limitText: formats.integer(templateLimits.buttonText),
    });
  const error = problemAt("buttons");
  return (
    <div className="grid max-w-measure gap-5">
      <CheckboxField
        name="codeAdvice"
        label={t("security")}
        checked={code.hasAdvice}
        onChange={(event) => set({ hasAdvice: event.currentTarget.checked })}
      />
      <TextField
        name="footer"
        label={t("minutes")}
        hint={t("minutesHint", { limitText: formats.integer(templateLimits.codeMinutes) })}
        error={problemAt("footer")}
        inputMode="numeric"
        value={code.minutes}
        onChange={(event) => set({ minutes: event.currentTarget.value }, "footer")}
        autoComplete="off"
      />
      {/* biome-ignore lint/a11y/useSemanticElements: the ways of handing over are a group of their own inside */}
      <div role="group" id="buttons" tabIndex={-1} aria-label={t("kind")} className="grid gap-5">
        <RadioField
          name="codeKind"
          label={t("kind")}
          value={code.kind}
          onChange={(value) => set({ kind: codeButtonKinds.find((one) => one === value) ?? "COPY_CODE" })}
          options={codeButtonKinds.map((value) => ({
            value,
            label: t(`kinds.${value}`),
            hint: t(`kindNotes.${value}`),
          }))}
        />
        <TextField
          name="codeLabel"
          label={t("label")}
          hint={labelHint(code.label)}
          value={code.label}
          onChange={(event) => set({ label: event.currentTarget.value }, "buttons")}
          autoComplete="off"
        />
        {code.kind !== "COPY_CODE" && (
          <>
            <TextField
              name="codeAutofill"
              label={t("autofill")}
              hint={labelHint(code.autofill)}
              value={code.autofill}
              onChange={(event) => set({ autofill: event.currentTarget.value }, "buttons")}
              autoComplete="off"
            />
            <AppFields apps={code.apps} onChange={(apps) => set({ apps })} />
          </>
        )}
        {code.kind === "ZERO_TAP" && (
          <CheckboxField
            name="codeTerms"
            label={t("terms")}
            checked={code.hasTerms}
            onChange={(event) => set({ hasTerms: event.currentTarget.checked }, "buttons")}
          />
        )}
        {error && <p className="text-note text-bad">{error}</p>}
      </div>
    </div>
  );
}

/** The Android apps that Meta hands the code to, each by its name and its signature. */
function AppFields({ apps, onChange }: { apps: readonly DraftApp[]; onChange: (apps: DraftApp[]) => void }) {
  const t = useTranslations("templates.code");
  const formats = useFormats();
  const set = (id: string, change: Partial<DraftApp>) =>
    onChange(apps.map((app) => (app.id === id ? { ...app, ...change } : app)));
  return (
    <>
      {apps.map((app, index) => {
        const number = formats.integer(index + 1);
        return (
          <fieldset key={app.id} className="grid gap-3 border-b border-line pb-4">
            <legend className="field-label mb-1.5">{t("app", { number })}</legend>
            <TextField
              name={`package-${app.id}`}
              label={t("packageName")}
              hint={t("packageHint")}
              value={app.packageName}
              onChange={(event) => set(app.id, { packageName: event.currentTarget.value.trim() })}
              autoComplete="off"
              spellCheck={false}
            />
            <TextField
              name={`signature-${app.id}`}
              label={t("signature")}
              hint={t("signatureHint")}
              value={app.signature}
              onChange={(event) => set(app.id, { signature: event.currentTarget.value.trim() })}
              autoComplete="off"
              spellCheck={false}
            />
            <div>
              <button
                type="button"
                className="icon-button"
                aria-label={t("removeApp", { number })}
                onClick={() => onChange(apps.filter(({ id }) => id !== app.id))}
              >
                <X aria-hidden />
              </button>
            </div>
          </fieldset>
        );
      })}
      <div>
        <Button
          size="small"
          blocked={
            apps.length >= templateLimits.apps
              ? { reason: t("mostApps", { limitText: formats.integer(templateLimits.apps) }) }
              : undefined
          }
          onClick={() => onChange([...apps, { id: crypto.randomUUID(), packageName: "", signature: "" }])}
        >
          <Plus aria-hidden /> {t("addApp")}
        </Button>
      </div>
    </>
  );
}
