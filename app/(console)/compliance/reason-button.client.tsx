"use client";

import { type ReactNode, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Button, type ButtonLook } from "@/app/_ui/button";
import { TextAreaField } from "@/app/_ui/fields";
import { Dialog } from "@/app/_ui/overlays.client";
import { useStepUp } from "@/app/_ui/step-up.client";
import type { AppErrorCode, AppErrorParams } from "@/lib/foundation/errors";

type Outcome<T> = { ok: true; data: T } | { ok: false; code: AppErrorCode; params: AppErrorParams };

/** A button for what takes a reason: it asks for it first, and the log keeps who and why. */
export function ReasonButton<T>({
  label,
  title,
  children,
  confirmLabel,
  confirmLook = "primary",
  action,
  onDone,
  ...look
}: ButtonLook & {
  label: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  confirmLabel: ReactNode;
  confirmLook?: "primary" | "danger";
  action: (reason: string) => Promise<Outcome<T>>;
  onDone?: (data: T) => void;
}) {
  const t = useTranslations("officer");
  const errors = useTranslations("errors");
  const common = useTranslations("common");
  const proved = useStepUp();
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<{ reason?: string; general?: string }>({});
  const [isPending, start] = useTransition();

  function open(next: boolean) {
    setIsOpen(next);
    setReason("");
    setProblem({});
  }
  function confirm() {
    if (isPending) return;
    if (reason.trim() === "") return setProblem({ reason: t("reason.needed") });
    start(async () => {
      const outcome = await proved(action)(reason);
      if (!outcome.ok) return setProblem({ general: errors(outcome.code) });
      open(false);
      onDone?.(outcome.data);
    });
  }
  return (
    <>
      <Button {...look} onClick={() => open(true)}>
        {label}
      </Button>
      <Dialog
        title={title}
        isOpen={isOpen}
        onOpenChange={open}
        actions={
          <>
            <Button onClick={() => open(false)}>{common("cancel")}</Button>
            <Button look={confirmLook} aria-busy={isPending || undefined} onClick={confirm}>
              {isPending ? common("working") : confirmLabel}
            </Button>
          </>
        }
      >
        {children && <div className="mb-4">{children}</div>}
        <TextAreaField
          name="reason"
          label={t("reason.label")}
          hint={t("reason.hint")}
          required
          maxLength={500}
          value={reason}
          error={problem.reason}
          onChange={(event) => {
            setReason(event.currentTarget.value);
            setProblem({});
          }}
        />
        {problem.general && (
          <p role="alert" className="mt-3 text-bad">
            {problem.general}
          </p>
        )}
      </Dialog>
    </>
  );
}
