"use client";

import { type KeyboardEvent, useEffect, useRef, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { type Choice, SelectField, TextAreaField } from "@/app/_ui/fields";
import { useToast } from "@/app/_ui/toast.client";
import { type ReplyClass, replyClasses } from "@/lib/conversations/reply-classes";
import { answer, correct, handle, seen, sendLink } from "./actions";

/** Marks what a person wrote as handled, or opens it again; all of it where no message is named. */
export function HandleButton({
  contactId,
  inboundId,
  isHandled,
  about,
}: {
  contactId: string;
  inboundId?: string;
  isHandled: boolean;
  /** What it is about, for those who do not see where it stands. */
  about?: string;
}) {
  const t = useTranslations("replies");
  const errors = useTranslations("errors");
  const toast = useToast();
  const [isPending, start] = useTransition();
  const label = isHandled ? t("act.reopen") : inboundId ? t("act.handle") : t("act.handleAll");
  return (
    <Button
      size="small"
      aria-busy={isPending || undefined}
      onClick={() => {
        if (isPending) return;
        start(async () => {
          const outcome = await handle({ contactId, isHandled: !isHandled, ...(inboundId && { inboundId }) });
          if (outcome.ok) toast({ text: t(isHandled ? "act.reopened" : "act.handled") });
          else toast({ text: errors(outcome.code), isError: true });
        });
      }}
    >
      {label}
      {about && <span className="sr-only"> «{about}»</span>}
    </Button>
  );
}

/** A person's word on what an answer is; it wins over every rule. */
export function ClassField({
  contactId,
  inboundId,
  replyClass,
  about,
}: {
  contactId: string;
  inboundId: string;
  replyClass: ReplyClass;
  about: string;
}) {
  const t = useTranslations("replies");
  const errors = useTranslations("errors");
  const toast = useToast();
  const [isPending, start] = useTransition();
  const [chosen, setChosen] = useState<ReplyClass>(replyClass);
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (isPending) return;
        start(async () => {
          const outcome = await correct({ contactId, inboundId, replyClass: chosen });
          if (outcome.ok) toast({ text: t("act.corrected") });
          else toast({ text: errors(outcome.code), isError: true });
        });
      }}
    >
      <SelectField
        id={`class-${inboundId}`}
        name="replyClass"
        label={t("class")}
        aria-label={t("act.classOf", { text: about })}
        value={chosen}
        onChange={(event) => setChosen(replyClasses.find((one) => one === event.currentTarget.value) ?? replyClass)}
        options={replyClasses.map((value) => ({ value, label: t(`classes.${value}`) }))}
        hint={chosen === "opt_out" && replyClass !== "opt_out" ? t("act.optOut") : undefined}
      />
      {chosen !== replyClass && (
        <Button type="submit" aria-busy={isPending || undefined}>
          {t("act.class")}
        </Button>
      )}
    </form>
  );
}

/** Tells once that somebody has this conversation before them. */
export function MarkSeen({ contactId }: { contactId: string }) {
  const told = useRef<string>(undefined);
  useEffect(() => {
    if (told.current === contactId) return;
    told.current = contactId;
    void seen({ contactId });
  }, [contactId]);
  return null;
}

/** Words to a person whose 24 hours are open. What was written stays when it could not be sent. */
export function AnswerForm({ contactId, numbers }: { contactId: string; numbers: readonly [Choice, ...Choice[]] }) {
  const t = useTranslations("replies");
  const errors = useTranslations("errors");
  const toast = useToast();
  const [text, setText] = useState("");
  const [numberId, setNumberId] = useState(numbers[0].value);
  const [problem, setProblem] = useState<string>();
  const [isPending, start] = useTransition();
  const number = numbers.find(({ value }) => value === numberId) ?? numbers[0];

  function send(isHandled: boolean) {
    if (isPending) return;
    if (text.trim() === "") return setProblem(t("reply.needed"));
    start(async () => {
      const outcome = await answer({ contactId, numberId: number.value, text, isHandled });
      if (!outcome.ok) return setProblem(errors(outcome.code));
      const { kind } = outcome.data;
      if (kind === "window_closed") return setProblem(t("reply.closed"));
      if (kind === "gone" || kind === "already") return setProblem(t(`reply.${kind}`));
      setText("");
      setProblem(undefined);
      toast({ text: t("reply.sent") });
    });
  }
  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send(false);
  }
  return (
    <form
      className="grid max-w-measure gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        send(true);
      }}
    >
      {numbers.length > 1 && (
        <SelectField
          name="numberId"
          label={t("reply.number")}
          options={numbers}
          value={number.value}
          onChange={(event) => setNumberId(event.currentTarget.value)}
        />
      )}
      <TextAreaField
        name="text"
        label={t("reply.label")}
        hint={t("reply.hint", { number: String(number.label) })}
        error={problem}
        value={text}
        rows={4}
        maxLength={4_096}
        required
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setProblem(undefined);
        }}
      />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="primary" aria-busy={isPending || undefined}>
          {isPending ? t("reply.sending") : t("reply.sendAndHandle")}
        </Button>
        <Button aria-busy={isPending || undefined} onClick={() => send(false)}>
          {t("reply.send")}
        </Button>
      </div>
      <PreferenceLinkButton contactId={contactId} numberId={number.value} />
    </form>
  );
}

/** Sends the person the link to their own page; whoever sends it does not see it. */
function PreferenceLinkButton({ contactId, numberId }: { contactId: string; numberId: string }) {
  const t = useTranslations("replies.link");
  const errors = useTranslations("errors");
  const toast = useToast();
  const [isPending, start] = useTransition();
  function send() {
    if (isPending) return;
    start(async () => {
      const outcome = await sendLink({ contactId, numberId });
      if (!outcome.ok) return toast({ text: errors(outcome.code), isError: true });
      const { kind } = outcome.data;
      toast({ text: t(kind), isError: kind !== "planned" });
    });
  }
  return (
    <div className="grid justify-items-start gap-2">
      <Button aria-busy={isPending || undefined} aria-describedby="link-note" onClick={send}>
        {t("send")}
      </Button>
      <p className="note" id="link-note">
        {t("note")}
      </p>
    </div>
  );
}
