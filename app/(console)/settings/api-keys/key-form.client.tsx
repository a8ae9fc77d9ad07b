"use client";

import { useActionState, useState } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { CopyButton } from "@/app/_ui/copy-button.client";
import { SelectField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { useStepUp } from "@/app/_ui/step-up.client";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import type { OpeningScope } from "@/lib/identity/key-scopes";
import { makeKey } from "./actions";
import { ScopeBoxes } from "./scope-boxes.client";

const terms = ["30", "90", "180", "365"] as const;
/** What was typed stays when the server refuses, and goes when the key is made. */
const empty = { name: "", days: "90", scopes: [] as readonly OpeningScope[] };
const known = ["forbidden", "session_expired", "factor_required"] as const;

/** Makes a key and shows it, once. `given`: what this person may let a program do. */
export function KeyForm({ offered, given }: { offered: readonly OpeningScope[]; given: readonly OpeningScope[] }) {
  const t = useTranslations("settings");
  const proved = useStepUp();
  const [typed, setTyped] = useState(empty);
  const [result, send] = useActionState<Awaited<ReturnType<typeof makeKey>> | null, FormData>(async (before, form) => {
    const outcome = await proved(makeKey)(before, form);
    if (outcome.ok) setTyped(empty);
    return outcome;
  }, null);
  const refused = result && !result.ok ? result : undefined;
  const refusal = refused && refused.code !== "invalid_input" && (known.find((one) => one === refused.code) ?? "other");
  return (
    <div className="grid max-w-measure gap-6">
      <form action={send} className="grid gap-4" noValidate>
        {refusal && <Banner tone="bad">{t(`errors.${refusal}`)}</Banner>}
        <TextField
          name="name"
          id="key-name"
          label={t("apiKeys.name")}
          hint={t("apiKeys.nameHint")}
          error={refused?.fields.name && t("errors.name")}
          value={typed.name}
          onChange={({ currentTarget }) => setTyped({ ...typed, name: currentTarget.value })}
          autoComplete="off"
          maxLength={80}
          required
        />
        <ScopeBoxes
          offered={offered}
          given={given}
          ticked={typed.scopes}
          onTick={(scopes) => setTyped({ ...typed, scopes })}
          error={refused?.fields.scopes && t("apiKeys.scopesMissing")}
        />
        <SelectField
          name="days"
          id="key-days"
          label={t("apiKeys.term")}
          hint={t("apiKeys.termHint")}
          value={typed.days}
          onChange={({ currentTarget }) => setTyped({ ...typed, days: currentTarget.value })}
          options={terms.map((value) => ({ value, label: t(`apiKeys.terms.${value}`) }))}
        />
        <div>
          <SubmitButton pendingText={t("apiKeys.creating")}>{t("apiKeys.create")}</SubmitButton>
        </div>
      </form>
      {result?.ok && <NewKey made={result.data} />}
    </div>
  );
}

function NewKey({ made }: { made: { token: string; name: string; until: string } }) {
  const t = useTranslations("settings.apiKeys");
  const formats = useFormats();
  return (
    <div className="panel grid gap-2" role="status">
      <TextField
        id="new-key"
        name="token"
        label={t("made", { name: made.name })}
        hint={t("madeOnce", { until: formats.dateTime(made.until) })}
        value={made.token}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
      />
      <div>
        <CopyButton text={made.token} />
      </div>
    </div>
  );
}
