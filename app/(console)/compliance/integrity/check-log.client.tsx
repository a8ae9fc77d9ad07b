"use client";

import { useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { KeyValue } from "@/app/_ui/page";
import { checkLog } from "./actions";

type Result = Awaited<ReturnType<typeof checkLog>>;
type LogCheck = Extract<Result, { ok: true }>["data"];

/** Recomputes the whole log while one waits, and says up to where it holds or where it breaks first. */
export function CheckLog() {
  const t = useTranslations("compliance");
  const errors = useTranslations("errors");
  const [result, setResult] = useState<Result>();
  const [isPending, start] = useTransition();
  return (
    <div className="grid gap-4" aria-live="polite" aria-busy={isPending || undefined}>
      <div>
        <Button
          look="primary"
          aria-busy={isPending || undefined}
          onClick={() => !isPending && start(async () => setResult(await checkLog({})))}
        >
          {isPending ? t("integrity.running") : t("integrity.run")}
        </Button>
      </div>
      {result && !result.ok && <Banner tone="bad">{errors(result.code)}</Banner>}
      {result?.ok && <Found check={result.data} />}
    </div>
  );
}

function Found({ check }: { check: LogCheck }) {
  const t = useTranslations("compliance");
  const formats = useFormats();
  const count = (value: number) => formats.integer(value);
  const { size, problemCount, problems, isIntact } = check;
  return (
    <>
      {!isIntact ? (
        <Banner tone="bad">
          <strong>{t("integrity.broken", { count: problemCount, countText: count(problemCount) })}</strong>
          <ul className="mt-1">
            {problems.map(({ kind, at }) => (
              <li key={`${kind} ${at}`}>{t("integrity.problem", { kind, at })}</li>
            ))}
          </ul>
        </Banner>
      ) : (
        <Banner tone="ok">
          <strong>{size > 0 ? t("integrity.holds", { lastText: count(size - 1) }) : t("integrity.empty")}</strong>
        </Banner>
      )}
      <KeyValue
        left
        rows={[
          { label: t("integrity.when"), value: formats.dateTime(check.at) },
          { label: t("log.entries"), value: count(size) },
          { label: t("integrity.checkpoints"), value: count(check.checkpoints) },
          { label: t("integrity.opened"), value: count(check.opened) },
          { label: t("integrity.sealed"), value: count(check.sealed) },
          { label: t("log.pending"), value: count(check.pending) },
          {
            label: t("integrity.keys"),
            value: <span className="mono break-all">{check.verifierKeys.join(" ") || "–"}</span>,
          },
          { label: t("integrity.root"), value: <span className="mono break-all">{check.rootHex}</span> },
        ]}
      />
    </>
  );
}
