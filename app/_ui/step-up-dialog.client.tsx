"use client";

import Link from "next/link";
import { type FormEvent, type ReactNode, useCallback, useRef, useState } from "react";
import { useTranslations } from "use-intl/react";
import { Button } from "./button";
import { TextField } from "./fields";
import { Dialog } from "./overlays.client";
import { type Outcome, type Question, StepUpContext, useCodeRefusal } from "./step-up.client";

/** Holds the one question of the console. `show` is the action that checks the code. */
export function StepUpProvider({
  show,
  children,
}: {
  show: (input: { code: string }) => Promise<Outcome>;
  children: ReactNode;
}) {
  const [question, setQuestion] = useState<Question>();
  const answer = useRef<(isProved: boolean) => void>(undefined);
  const ask = useCallback((next: Question) => {
    setQuestion(next);
    return new Promise<boolean>((resolve) => {
      answer.current = resolve;
    });
  }, []);
  const close = useCallback((isProved: boolean) => {
    setQuestion(undefined);
    answer.current?.(isProved);
  }, []);
  return (
    <StepUpContext value={ask}>
      {children}
      {question === "code" && <CodeDialog show={show} onClose={close} />}
      {question === "enrol" && <EnrolDialog onClose={() => close(false)} />}
    </StepUpContext>
  );
}

/** No transition in here: the action that waits for the answer may be one, and React lets later ones wait for it. */
function CodeDialog({
  show,
  onClose,
}: {
  show: (input: { code: string }) => Promise<Outcome>;
  onClose: (isProved: boolean) => void;
}) {
  const t = useTranslations("factor");
  const refusal = useCodeRefusal();
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState("");
  const [isPending, setIsPending] = useState(false);
  async function send(event: FormEvent) {
    event.preventDefault();
    if (isPending) return;
    setIsPending(true);
    const outcome = await show({ code });
    setIsPending(false);
    if (outcome.ok) onClose(true);
    else setProblem(refusal(outcome.code));
  }
  return (
    <Dialog isAlert title={t("ask.title")} isOpen onOpenChange={() => onClose(false)}>
      <form onSubmit={send} className="grid gap-4">
        <p>{t("ask.text")}</p>
        <TextField
          name="step-up-code"
          label={t("ask.code")}
          error={problem || undefined}
          autoComplete="one-time-code"
          autoFocus
          spellCheck={false}
          maxLength={32}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={() => onClose(false)}>{t("ask.cancel")}</Button>
          <Button type="submit" look="primary" aria-busy={isPending || undefined}>
            {isPending ? t("ask.pending") : t("ask.confirm")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function EnrolDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations("factor");
  return (
    <Dialog
      title={t("ask.enrolTitle")}
      isOpen
      onOpenChange={onClose}
      actions={<Button onClick={onClose}>{t("ask.cancel")}</Button>}
    >
      <p>{t("ask.enrolText")}</p>
      <p className="mt-3">
        <Link href="/settings/security" onClick={onClose}>
          {t("ask.enrolLink")}
        </Link>
      </p>
    </Dialog>
  );
}
