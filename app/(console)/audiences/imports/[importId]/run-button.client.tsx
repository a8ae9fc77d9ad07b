"use client";

import { type ReactNode, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Button, type ButtonLook } from "@/app/_ui/button";
import type { ActionOutcome } from "@/app/_ui/overlays.client";

/** A button that does its work at once, because the page around it has said what will happen. A refusal stands below it. */
export function RunButton({
  label,
  pendingLabel,
  action,
  ...look
}: ButtonLook & { label: ReactNode; pendingLabel: ReactNode; action: () => Promise<ActionOutcome> }) {
  const errors = useTranslations("errors");
  const [refusal, setRefusal] = useState("");
  const [isPending, run] = useTransition();
  return (
    <span className="inline-grid gap-1">
      <Button
        {...look}
        aria-busy={isPending || undefined}
        onClick={() => {
          if (isPending) return;
          run(async () => {
            const outcome = await action();
            setRefusal(outcome.ok ? "" : errors(outcome.code));
          });
        }}
      >
        {isPending ? pendingLabel : label}
      </Button>
      {refusal && (
        <span role="alert" className="max-w-80 text-note text-bad">
          {refusal}
        </span>
      )}
    </span>
  );
}
