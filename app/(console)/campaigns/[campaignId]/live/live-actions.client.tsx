"use client";

import { Pause } from "lucide-react";
import { useEffect, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import type { ActionResult } from "@/app/_server/action";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { TextAreaField } from "@/app/_ui/fields";
import { ConfirmButton, Dialog } from "@/app/_ui/overlays.client";
import { useToast } from "@/app/_ui/toast.client";
import { beginLate, pause, resume, stop, takeBack } from "../../actions";

/**
 * One press and it stands still; nothing is asked, because stopping is always safe. How many had left by then is the
 * page's to say: the number on this screen is older than the press.
 */
export function PauseButton({ campaignId, onDone }: { campaignId: string; onDone: () => void }) {
  const t = useTranslations("live");
  const { isPending, run } = useAct();
  return (
    <Button
      look="strong"
      size="big"
      aria-busy={isPending || undefined}
      onClick={() => run(() => pause({ campaignId }), { done: t("pausedDone"), onDone })}
    >
      <Pause aria-hidden />
      {isPending ? t("pausing") : t("pause")}
    </Button>
  );
}

/** What else can be done to a send: go on, or end it for good with a reason that stays in the history. */
export function LiveActions({
  campaignId,
  may,
  onDone,
}: {
  campaignId: string;
  may: { resume: boolean; stop: boolean };
  onDone: () => void;
}) {
  const t = useTranslations("live");
  return (
    <>
      {may.stop && <StopButton campaignId={campaignId} onDone={onDone} />}
      {may.resume && (
        <ConfirmButton
          look="primary"
          label={t("resume")}
          title={t("resumeTitle")}
          confirmLabel={t("resumeConfirm")}
          action={() => resume({ campaignId })}
          onDone={onDone}
        >
          <p>{t("resumeText")}</p>
        </ConfirmButton>
      )}
    </>
  );
}

function StopButton({ campaignId, onDone }: { campaignId: string; onDone: () => void }) {
  const t = useTranslations("live");
  const errors = useTranslations("errors");
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState("");
  const [isPending, start] = useTransition();
  function end() {
    if (reason.trim() === "") return setProblem(t("reasonMissing"));
    if (isPending) return;
    start(async () => {
      const result: ActionResult<void> = await stop({ campaignId, reason });
      setProblem(result.ok ? "" : errors(result.code));
      if (!result.ok) return;
      setIsOpen(false);
      onDone();
    });
  }
  return (
    <>
      <Button look="quiet" onClick={() => setIsOpen(true)}>
        {t("stop")}
      </Button>
      <Dialog
        isAlert
        title={t("stopTitle")}
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        actions={
          <>
            <Button onClick={() => setIsOpen(false)}>{t("keepGoing")}</Button>
            <Button look="danger" aria-busy={isPending || undefined} onClick={end}>
              {t("stopConfirm")}
            </Button>
          </>
        }
      >
        <p className="mb-4">{t("stopText")}</p>
        <TextAreaField
          name="reason"
          label={t("reason")}
          hint={t("reasonHint")}
          maxLength={500}
          value={reason}
          error={problem}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Dialog>
    </>
  );
}

const SECOND_MS = 1_000;

/** The seconds in which a launch can be taken back, counted down; afterwards until the first person is allocated. */
export function TakeBack({
  campaignId,
  until,
  at,
  onDone,
}: {
  campaignId: string;
  until: string;
  /** Business time of the last answer. */
  at: string;
  onDone: () => void;
}) {
  const t = useTranslations("live");
  const { isPending, run } = useAct();
  const [elapsed, setElapsed] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every answer sets the count anew
  useEffect(() => {
    const since = Date.now();
    setElapsed(0);
    const timer = setInterval(() => setElapsed(Date.now() - since), SECOND_MS);
    return () => clearInterval(timer);
  }, [at]);
  const left = Math.max(0, Math.ceil((Date.parse(until) - Date.parse(at) - elapsed) / SECOND_MS));
  return (
    <Banner
      tone="info"
      action={
        <Button
          aria-busy={isPending || undefined}
          onClick={() => run(() => takeBack({ campaignId }), { done: t("takenBack"), onDone })}
        >
          {t("takeBack")}
        </Button>
      }
    >
      {t("grace")}{" "}
      {left > 0 && <span aria-hidden="true">{t("graceLeft", { count: left, countText: String(left) })}</span>}
    </Banner>
  );
}

/** The start was missed: two ways on, and nothing leaves before somebody takes one. */
export function LateStart({
  campaignId,
  mayTakeBack,
  onDone,
}: {
  campaignId: string;
  mayTakeBack: boolean;
  onDone: () => void;
}) {
  const t = useTranslations("live");
  const { isPending, run } = useAct();
  return (
    <Banner
      tone="bad"
      action={
        <span className="flex flex-wrap gap-2">
          <Button
            look="primary"
            aria-busy={isPending || undefined}
            onClick={() => run(() => beginLate({ campaignId }), { done: t("late.started"), onDone })}
          >
            {t("late.start")}
          </Button>
          {mayTakeBack && (
            <Button
              aria-busy={isPending || undefined}
              onClick={() => run(() => takeBack({ campaignId }), { done: t("takenBack"), onDone })}
            >
              {t("takeBack")}
            </Button>
          )}
        </span>
      }
    >
      {t("late.text")}
    </Banner>
  );
}

/** Runs an action: says what was done, or why it was refused. */
function useAct() {
  const errors = useTranslations("errors");
  const toast = useToast();
  const [isPending, start] = useTransition();
  function run(work: () => Promise<ActionResult<void>>, { done, onDone }: { done: string; onDone: () => void }) {
    if (isPending) return;
    start(async () => {
      const result = await work();
      toast(result.ok ? { text: done } : { text: errors(result.code), isError: true });
      onDone();
    });
  }
  return { isPending, run };
}
