"use client";

import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { TextField } from "@/app/_ui/fields";
import { useCodeRefusal } from "@/app/_ui/step-up.client";
import { showCode } from "../settings/security/actions";

/** `next` is a page or a download: after a download this page stays, and says that it is done. */
export function ConfirmForm({ next }: { next: string }) {
  const t = useTranslations("factor");
  const refusal = useCodeRefusal();
  const [code, setCode] = useState("");
  const [state, setState] = useState<{ problem?: string; isDone?: boolean }>({});
  const [isPending, setIsPending] = useState(false);
  async function send(event: FormEvent) {
    event.preventDefault();
    if (isPending) return;
    setIsPending(true);
    const outcome = await showCode({ code });
    setIsPending(false);
    setState(outcome.ok ? { isDone: true } : { problem: refusal(outcome.code) });
    if (outcome.ok) window.location.assign(next);
  }
  if (state.isDone) return <Banner tone="ok">{t("ask.done")}</Banner>;
  return (
    <form onSubmit={send} className="grid gap-4">
      <TextField
        name="code"
        label={t("ask.code")}
        error={state.problem}
        autoComplete="one-time-code"
        spellCheck={false}
        maxLength={32}
        required
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <div>
        <Button type="submit" look="primary" aria-busy={isPending || undefined}>
          {isPending ? t("ask.pending") : t("ask.confirm")}
        </Button>
      </div>
    </form>
  );
}
