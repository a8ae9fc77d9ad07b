"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import type { ActionResult } from "@/app/_server/action";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { TextAreaField } from "@/app/_ui/fields";
import { ConfirmButton, Dialog } from "@/app/_ui/overlays.client";
import { approve, launch, sendBack, submit } from "../../../actions";

/** Asks somebody else to approve; a refusal stands below it, with what is still safe. */
export function SubmitButton({ campaignId }: { campaignId: string }) {
  const t = useTranslations("builder");
  const errors = useTranslations("errors");
  const [refusal, setRefusal] = useState("");
  const [isPending, start] = useTransition();
  function send() {
    if (isPending) return;
    start(async () => {
      const result = await submit({ campaignId });
      setRefusal(result.ok ? "" : errors(result.code));
    });
  }
  return (
    <div className="grid gap-2">
      <Button look="primary" aria-busy={isPending || undefined} onClick={send}>
        {isPending ? t("panel.submitting") : t("panel.submit")}
      </Button>
      {refusal && <Banner tone="bad">{refusal}</Banner>}
    </div>
  );
}

/** Approving binds to what was read; asking for changes says what to change. */
export function Decide({
  campaignId,
  contentHash,
  typed,
  mayApprove,
  mayAskChanges,
}: {
  campaignId: string;
  contentHash: string;
  /** The campaign's name, to be typed by the only person of an installation. */
  typed?: string;
  mayApprove: boolean;
  mayAskChanges: boolean;
}) {
  const t = useTranslations("builder");
  const errors = useTranslations("errors");
  const [isOpen, setIsOpen] = useState(false);
  const [comment, setComment] = useState("");
  const [problem, setProblem] = useState("");
  const [isPending, start] = useTransition();
  function ask() {
    if (comment.trim() === "") return setProblem(t("panel.commentMissing"));
    if (isPending) return;
    start(async () => {
      const result: ActionResult<void> = await sendBack({ campaignId, comment });
      setProblem(result.ok ? "" : errors(result.code));
      if (result.ok) setIsOpen(false);
    });
  }
  return (
    <div className="flex flex-wrap gap-2">
      {mayApprove && (
        <ConfirmButton
          look="primary"
          label={t("panel.approve")}
          title={t("panel.approveTitle")}
          confirmLabel={t("panel.approveConfirm")}
          typed={typed}
          action={() => approve({ campaignId, contentHash, ...(typed !== undefined && { confirmation: typed }) })}
        >
          <p>{t(typed === undefined ? "panel.approveText" : "panel.approveSoloText")}</p>
        </ConfirmButton>
      )}
      {mayAskChanges && <Button onClick={() => setIsOpen(true)}>{t("panel.askChanges")}</Button>}
      <Dialog
        title={t("panel.askTitle")}
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        actions={
          <>
            <Button onClick={() => setIsOpen(false)}>{t("panel.cancel")}</Button>
            <Button look="primary" aria-busy={isPending || undefined} onClick={ask}>
              {t("panel.askConfirm")}
            </Button>
          </>
        }
      >
        <TextAreaField
          name="comment"
          label={t("panel.comment")}
          hint={t("panel.commentHint")}
          rows={4}
          maxLength={2_000}
          value={comment}
          error={problem}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
      </Dialog>
    </div>
  );
}

/** The last word before it goes out; what it says was written on the server. Then on to where one watches it. */
export function LaunchButton({
  campaignId,
  liveHref,
  title,
  confirmLabel,
  children,
}: {
  campaignId: string;
  liveHref: string;
  title: string;
  confirmLabel: string;
  children: ReactNode;
}) {
  const t = useTranslations("builder");
  const router = useRouter();
  return (
    <ConfirmButton
      look="primary"
      label={t("panel.launchNow")}
      title={title}
      confirmLabel={confirmLabel}
      action={() => launch({ campaignId })}
      onDone={() => router.push(liveHref)}
    >
      {children}
    </ConfirmButton>
  );
}
