"use client";

import { useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { Progress } from "@/app/_ui/progress";
import { verifyAll } from "./actions";
import { useRefreshWhile } from "./use-refresh-while.client";

const LOOK_AGAIN_MS = 3_000;

/** Asks for a recomputation of every send, and while one is under way says how far it is. */
export function VerifyAll({ running }: { running: { checked: number; total: number } | null }) {
  const t = useTranslations("officer");
  const errors = useTranslations("errors");
  const formats = useFormats();
  const [isPending, start] = useTransition();
  const [error, setError] = useState("");
  useRefreshWhile(running !== null, LOOK_AGAIN_MS);

  function ask() {
    if (isPending) return;
    start(async () => {
      const outcome = await verifyAll({});
      setError(outcome.ok ? "" : errors(outcome.code));
    });
  }
  if (running) {
    const { checked, total } = running;
    const text =
      total > 0
        ? t("verification.progress", { checkedText: formats.integer(checked), totalText: formats.integer(total) })
        : t("verification.starting");
    return (
      <span id="verification" className="mt-2 grid max-w-80 gap-1 text-body" aria-live="polite">
        {text}
        <Progress label={t("verification.label")} value={checked} max={total} valueText={text} full />
      </span>
    );
  }
  return (
    <span id="verification" className="mt-2 inline-flex flex-wrap items-center gap-3">
      <Button size="small" aria-busy={isPending || undefined} onClick={ask}>
        {isPending ? t("verification.asking") : t("verification.run")}
      </Button>
      {error && <span role="alert">{error}</span>}
    </span>
  );
}
