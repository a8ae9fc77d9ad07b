"use client";

import { useActionState, useState } from "react";
import { useTranslations } from "use-intl/react";
import type { ActionResult } from "@/app/_server/action";
import { Banner } from "@/app/_ui/banner";
import { CheckboxField, type Choice, SelectField, TextField } from "@/app/_ui/fields";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import { sendTest } from "../actions";

const tones = { accepted: "ok", refused: "bad", waiting: "warn", held_back: "bad", unclear: "warn" } as const;

/** One message to a number of one's own. What was typed stays. */
export function TestForm({
  numberId,
  templates,
  needsConfirmation,
}: {
  numberId: string;
  templates: readonly Choice[];
  needsConfirmation: boolean;
}) {
  const t = useTranslations("numbers");
  const errors = useTranslations("errors");
  const [result, send] = useActionState(sendTest, null);
  const [to, setTo] = useState("");
  const [templateId, setTemplateId] = useState(templates[0]?.value ?? "");
  const problem = result && !result.ok ? problemOf(result) : undefined;
  const said = problem?.key && t(`steps.test.errors.${problem.key}`);
  return (
    <form action={send} className="grid max-w-measure gap-4">
      <input type="hidden" name="numberId" value={numberId} />
      <SelectField
        name="templateId"
        label={t("steps.test.template")}
        options={templates}
        value={templateId}
        onChange={(event) => setTemplateId(event.currentTarget.value)}
      />
      <TextField
        name="to"
        id="test-to"
        type="tel"
        autoComplete="tel"
        label={t("steps.test.to")}
        hint={t("steps.test.toHint")}
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
        error={problem?.field === "to" ? said : undefined}
        required
      />
      {needsConfirmation && (
        <CheckboxField
          name="confirmed"
          label={t("steps.test.confirm")}
          error={problem?.field === "confirmed" ? said : undefined}
        />
      )}
      {problem && !problem.field && <Banner tone="bad">{said ?? errors(problem.code)}</Banner>}
      {result?.ok && (
        <Banner tone={tones[result.data.kind]}>
          {t(`steps.test.results.${result.data.kind}`, { code: result.data.code, why: result.data.why })}
        </Banner>
      )}
      <div>
        <SubmitButton look="default" pendingText={t("steps.test.sending")}>
          {t("steps.test.send")}
        </SubmitButton>
      </div>
    </form>
  );
}

type Refused = Extract<ActionResult<unknown>, { ok: false }>;

/** Which sentence, and beside which field. */
function problemOf({ code, fields }: Refused) {
  if (fields.confirmed) return { code, field: "confirmed", key: "required" } as const;
  if (code === "consent_missing") return { code, field: "to", key: "blocked" } as const;
  if (fields.to) return { code, field: "to", key: "phone" } as const;
  if (code === "number_not_usable") return { code, field: undefined, key: "stopped" } as const;
  if (code === "template_not_usable") return { code, field: undefined, key: "template" } as const;
  if (code === "too_many_requests") return { code, field: undefined, key: "many" } as const;
  return { code, field: undefined, key: undefined } as const;
}
