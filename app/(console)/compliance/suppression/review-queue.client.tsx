"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { useToast } from "@/app/_ui/toast.client";
import { ReasonButton } from "../reason-button.client";
import { decideReply, readReplies } from "./actions";

type Replies = Extract<Awaited<ReturnType<typeof readReplies>>, { ok: true }>["data"];

/** Reads what somebody wrote, with a reason, and says whether it was a refusal. */
export function DecideReply({ contactId, isReply }: { contactId: string; isReply: boolean }) {
  const t = useTranslations("officer");
  const formats = useFormats();
  const toast = useToast();
  const [replies, setReplies] = useState<Replies>();
  return (
    <div className="grid gap-2">
      {replies && (
        <ul className="grid gap-2">
          {replies.length === 0 && <li className="note">{t("review.noText")}</li>}
          {replies.map(({ text, at }) => (
            <li key={`${at} ${text}`}>
              <q className="whitespace-pre-wrap">{text}</q>
              <span className="note block">{formats.dateTime(new Date(at))}</span>
            </li>
          ))}
        </ul>
      )}
      <span className="flex flex-wrap gap-2">
        {isReply && !replies && (
          <ReasonButton
            size="small"
            label={t("review.read")}
            title={t("review.readTitle")}
            confirmLabel={t("review.read")}
            action={(reason) => readReplies({ contactId, reason })}
            onDone={setReplies}
          >
            {t("review.readText")}
          </ReasonButton>
        )}
        <ReasonButton
          size="small"
          label={t("review.optOut")}
          title={t("review.optOutTitle")}
          confirmLabel={t("review.optOut")}
          confirmLook="danger"
          action={(reason) => decideReply({ contactId, reason, decision: "opt_out" })}
          onDone={() => toast({ text: t("review.optedOut") })}
        >
          {t("review.optOutText")}
        </ReasonButton>
        <ReasonButton
          size="small"
          look="quiet"
          label={t("review.lift")}
          title={t("review.liftTitle")}
          confirmLabel={t("review.lift")}
          action={(reason) => decideReply({ contactId, reason, decision: "lift" })}
          onDone={() => toast({ text: t("review.lifted") })}
        >
          {t("review.liftText")}
        </ReasonButton>
      </span>
    </div>
  );
}
