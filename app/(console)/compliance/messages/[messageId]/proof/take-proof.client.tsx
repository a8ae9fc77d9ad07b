"use client";

import { Download } from "lucide-react";
import { useState, useTransition } from "react";
import { useLocale, useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { TextAreaField } from "@/app/_ui/fields";
import { Dialog } from "@/app/_ui/overlays.client";
import { useStepUp } from "@/app/_ui/step-up.client";
import { readPreferences } from "@/lib/i18n/locales";
import { takeProof } from "./actions";

/** The evidence as a file. It opens personal data, so it asks why, and the log keeps who and why. */
export function TakeProof({ messageId, fileName }: { messageId: string; fileName: string }) {
  const t = useTranslations("compliance");
  const errors = useTranslations("errors");
  const locale = useLocale();
  const proved = useStepUp();
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<{ reason?: string; general?: string }>({});
  const [isPending, start] = useTransition();

  function take() {
    if (isPending) return;
    if (reason.trim() === "") {
      setProblem({ reason: t("proof.reasonNeeded") });
      return;
    }
    start(async () => {
      const result = await proved(takeProof)({ messageId, reason, language: readPreferences({ locale }).locale });
      if (!result.ok) setProblem({ general: errors(result.code) });
      else if (result.data.kind === "not_covered") setProblem({ general: t("proof.notCovered") });
      else {
        save(result.data.bytes, fileName);
        setIsOpen(false);
        setReason("");
      }
    });
  }

  return (
    <>
      <Button look="primary" className="w-full" onClick={() => setIsOpen(true)}>
        <Download aria-hidden />
        {t("proof.take")}
      </Button>
      <Dialog
        title={t("proof.takeTitle")}
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        actions={
          <>
            <Button onClick={() => setIsOpen(false)}>{t("proof.cancel")}</Button>
            <Button look="primary" aria-busy={isPending || undefined} onClick={take}>
              {isPending ? t("proof.taking") : t("proof.confirm")}
            </Button>
          </>
        }
      >
        <p className="mb-4">{t("proof.takeText")}</p>
        <TextAreaField
          name="reason"
          label={t("proof.reason")}
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

/** Hands the bytes to the browser as a file, without an address that could be shared. */
function save(bytes: Uint8Array, fileName: string) {
  const url = URL.createObjectURL(new Blob([Uint8Array.from(bytes)], { type: "application/zip" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
