"use client";

import { useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { RadioField, TextAreaField } from "@/app/_ui/fields";
import { Dialog } from "@/app/_ui/overlays.client";
import { decide } from "./actions";

export interface DecisionChoice {
  /** `roll_out:B`, `keep_control`, `repeat`, `no_action` */
  value: string;
  decision: "roll_out" | "keep_control" | "repeat" | "no_action";
  variant: string | null;
  label: string;
  /** It is not what the frozen rule asks for, so it needs a reason. */
  isDeviation: boolean;
}

/** Writes down what people decided. Once: there is no way to change it, so the dialog says so. */
export function DecisionDialog({
  campaignId,
  choices,
  recommended,
}: {
  campaignId: string;
  choices: readonly DecisionChoice[];
  recommended: string;
}) {
  const t = useTranslations("results");
  const errors = useTranslations("errors");
  const [isOpen, setIsOpen] = useState(false);
  const [value, setValue] = useState(choices.find(({ isDeviation }) => !isDeviation)?.value ?? "");
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<{ reason?: string; general?: string }>({});
  const [isPending, start] = useTransition();
  const choice = choices.find((one) => one.value === value);

  function confirm() {
    if (!choice || isPending) return;
    if (choice.isDeviation && reason.trim() === "") {
      setProblem({ reason: t("decision.reasonNeeded") });
      return;
    }
    start(async () => {
      const { decision, variant } = choice;
      const result = await decide({ campaignId, decision, variant, reason });
      if (result.ok) setIsOpen(false);
      else setProblem(result.fields.reason ? { reason: t("decision.reasonNeeded") } : { general: errors(result.code) });
    });
  }

  return (
    <>
      <Button look="primary" size="big" onClick={() => setIsOpen(true)}>
        {t("decision.record")}
      </Button>
      <Dialog
        title={t("decision.title")}
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        actions={
          <>
            <Button onClick={() => setIsOpen(false)}>{t("decision.cancel")}</Button>
            <Button look="primary" aria-busy={isPending || undefined} onClick={confirm}>
              {isPending ? t("decision.pending") : t("decision.confirm")}
            </Button>
          </>
        }
      >
        <div className="grid gap-4">
          <p>{t("decision.recommended", { recommended })}</p>
          <RadioField
            name="decision"
            label={t("decision.what")}
            value={value}
            onChange={(next) => {
              setValue(next);
              setProblem({});
            }}
            options={choices.map((one) => ({
              value: one.value,
              label: one.label,
              hint: one.isDeviation ? undefined : t("decision.fits"),
            }))}
          />
          <TextAreaField
            name="reason"
            label={t("decision.reason")}
            hint={choice?.isDeviation ? t("decision.deviation") : t("decision.reasonHint")}
            value={reason}
            maxLength={2000}
            required={choice?.isDeviation}
            error={problem.reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <p className="note">{t("decision.once")}</p>
          {problem.general && (
            <p role="alert" className="text-bad">
              {problem.general}
            </p>
          )}
        </div>
      </Dialog>
    </>
  );
}
