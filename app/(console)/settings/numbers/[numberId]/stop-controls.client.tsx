"use client";

import { useActionState, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { TextAreaField } from "@/app/_ui/fields";
import { useStepUp } from "@/app/_ui/step-up.client";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import { useToast } from "@/app/_ui/toast.client";
import { ask, release, stop } from "../actions";

/** One click and a reason: it stops at once, and starting again is what takes two people. */
export function StopForm({ numberId }: { numberId: string }) {
  const t = useTranslations("numbers");
  const errors = useTranslations("errors");
  const [result, send] = useActionState(stop, null);
  return (
    <form action={send} className="grid max-w-measure gap-3">
      <input type="hidden" name="numberId" value={numberId} />
      {result && !result.ok && result.code !== "invalid_input" && <Banner tone="bad">{errors(result.code)}</Banner>}
      <TextAreaField
        name="reason"
        id="stop-reason"
        label={t("stops.reason")}
        error={result && !result.ok && result.fields.reason ? t("fieldErrors.reason") : undefined}
        required
      />
      <div>
        <SubmitButton look="strong" pendingText={t("stops.stopPending")}>
          {t("stops.stop")}
        </SubmitButton>
      </div>
    </form>
  );
}

export function AskForm({ switchId }: { switchId: string }) {
  const t = useTranslations("numbers");
  const errors = useTranslations("errors");
  const [result, send] = useActionState(useStepUp()(ask), null);
  return (
    <form action={send} className="grid max-w-measure gap-3">
      <input type="hidden" name="switchId" value={switchId} />
      {result && !result.ok && result.code !== "invalid_input" && <Banner tone="bad">{errors(result.code)}</Banner>}
      <TextAreaField
        name="reason"
        id={`ask-${switchId}`}
        label={t("stops.askReason")}
        error={result && !result.ok && result.fields.reason ? t("fieldErrors.reason") : undefined}
        required
      />
      <div>
        <SubmitButton look="default" pendingText={t("stops.askPending")}>
          {t("stops.ask")}
        </SubmitButton>
      </div>
    </form>
  );
}

export function ReleaseButton({ switchId }: { switchId: string }) {
  const t = useTranslations("numbers");
  const errors = useTranslations("errors");
  const toast = useToast();
  const proved = useStepUp();
  const [refusal, setRefusal] = useState("");
  const [isPending, start] = useTransition();
  return (
    <div className="grid gap-3">
      {refusal && <Banner tone="bad">{refusal}</Banner>}
      <div>
        <Button
          aria-busy={isPending || undefined}
          onClick={() => {
            if (isPending) return;
            start(async () => {
              const result = await proved(release)({ switchId });
              if (result.ok) return toast({ text: t("stops.released") });
              setRefusal(result.code === "second_person_required" ? t("stops.waitOther") : errors(result.code));
            });
          }}
        >
          {isPending ? t("stops.releasing") : t("stops.release")}
        </Button>
      </div>
    </div>
  );
}
