"use client";

import { useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { Progress } from "@/app/_ui/progress";
import { useRefreshWhile } from "../use-refresh-while.client";
import { auditLog, cancelAudit } from "./actions";

const LOOK_AGAIN_MS = 2_000;

/** Asks for a recomputation of the whole log, and while one is under way says how far it is and offers to end it. */
export function AuditLog({ running }: { running: { checked: number; size: number } | null }) {
  const t = useTranslations("compliance");
  const errors = useTranslations("errors");
  const formats = useFormats();
  const [isPending, start] = useTransition();
  const [error, setError] = useState("");
  useRefreshWhile(running !== null, LOOK_AGAIN_MS);

  function ask(what: typeof auditLog | typeof cancelAudit) {
    if (isPending) return;
    start(async () => {
      const outcome = await what({});
      setError(outcome.ok ? "" : errors(outcome.code));
    });
  }
  const text =
    running &&
    t("integrity.progress", { checkedText: formats.integer(running.checked), sizeText: formats.integer(running.size) });
  return (
    <div className="grid max-w-80 justify-items-start gap-3" aria-live="polite">
      {running && text && (
        <>
          {text}
          <Progress
            label={t("integrity.running")}
            value={running.checked}
            max={Math.max(1, running.size)}
            valueText={text}
            full
          />
        </>
      )}
      <Button
        look={running ? "default" : "primary"}
        aria-busy={isPending || undefined}
        onClick={() => ask(running ? cancelAudit : auditLog)}
      >
        {running ? t("integrity.cancel") : t("integrity.run")}
      </Button>
      {error && (
        <p role="alert" className="text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
