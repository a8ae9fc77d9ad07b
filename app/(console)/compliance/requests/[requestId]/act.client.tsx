"use client";

import { useActionState, useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { CopyButton } from "@/app/_ui/copy-button.client";
import { type Choice, SelectField, TextField } from "@/app/_ui/fields";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { useStepUp } from "@/app/_ui/step-up.client";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import * as actions from "../actions";

const simple = {
  build: actions.build,
  approve: actions.approve,
  close: actions.close,
  revoke: actions.revoke,
  restrict: actions.restrict,
  object: actions.object,
} as const;

/** A step that needs nothing but a yes. */
export function StepButton({
  requestId,
  step,
  label,
  text,
  look,
}: {
  requestId: string;
  step: keyof typeof simple;
  label: string;
  text?: string;
  look?: "primary" | "danger" | "quiet";
}) {
  const t = useTranslations("rights");
  return (
    <ConfirmButton
      label={label}
      title={label}
      confirmLabel={t("act.confirm")}
      {...(look && { look })}
      action={() => simple[step]({ requestId })}
    >
      {text}
    </ConfirmButton>
  );
}

export function LiftButton({ contactId }: { contactId: string }) {
  const t = useTranslations("rights");
  return (
    <ConfirmButton
      label={t("act.lift")}
      title={t("act.lift")}
      confirmLabel={t("act.confirm")}
      action={() => actions.lift({ contactId })}
    >
      {t("act.liftText")}
    </ConfirmButton>
  );
}

/** The only typed confirmation of the area: there is no way back. */
export function EraseButton({ requestId, typed }: { requestId: string; typed: string }) {
  const t = useTranslations("rights");
  return (
    <ConfirmButton
      look="danger"
      label={t("act.erase")}
      title={t("act.eraseTitle")}
      confirmLabel={t("act.erase")}
      confirmLook="danger"
      typed={typed}
      action={() => actions.erase({ requestId })}
    >
      {t("act.eraseText")}
    </ConfirmButton>
  );
}

/** A choice from a list, asked for in a dialog. */
export function ChoiceButton({
  requestId,
  what,
  options,
}: {
  requestId: string;
  what: "assign" | "extend" | "refuse";
  options: readonly Choice[];
}) {
  const t = useTranslations("rights");
  const [chosen, setChosen] = useState(options[0]?.value ?? "");
  const words = {
    assign: { label: t("act.assign"), field: t("act.assignTo"), text: undefined },
    extend: { label: t("act.extend"), field: t("act.extendReason"), text: t("act.extendText") },
    refuse: { label: t("act.refuse"), field: t("act.refuseReason"), text: t("act.refuseText") },
  }[what];
  function act() {
    if (what === "assign") return actions.assign({ requestId, userId: chosen });
    // The options are the ones that the server takes; it checks them again.
    if (what === "extend") return actions.extend({ requestId, reason: chosen === "many" ? "many" : "complex" });
    return actions.refuse({ requestId, reason: chosen as Parameters<typeof actions.refuse>[0]["reason"] });
  }
  return (
    <ConfirmButton
      look="quiet"
      label={words.label}
      title={words.label}
      confirmLabel={t("act.confirm")}
      confirmLook={what === "refuse" ? "danger" : "primary"}
      action={act}
    >
      {words.text && <p className="mb-4">{words.text}</p>}
      <SelectField
        name={what}
        label={words.field}
        options={options}
        value={chosen}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
    </ConfirmButton>
  );
}

/** A message of theirs as evidence of who asks. */
export function AcceptMessage({ requestId, inboundId, when }: { requestId: string; inboundId: string; when: string }) {
  const t = useTranslations("rights");
  return (
    <ConfirmButton
      size="small"
      label={t("identity.accept")}
      title={t("identity.accept")}
      confirmLabel={t("identity.accept")}
      action={() => actions.acceptMessage({ requestId, inboundId })}
    >
      {t("identity.message", { when })}
    </ConfirmButton>
  );
}

/** A code that is passed on by hand, and what the person answered. */
export function EmailCode({ requestId }: { requestId: string }) {
  const t = useTranslations("rights");
  const errors = useTranslations("errors");
  const [issued, setIssued] = useState<Awaited<ReturnType<typeof actions.issueCode>> | null>(null);
  const [answer, setAnswer] = useState<Awaited<ReturnType<typeof actions.confirmCode>> | null>(null);
  const [code, setCode] = useState("");
  const [isBusy, start] = useTransition();
  const verdict = answer?.ok ? answer.data : undefined;
  const wrong =
    verdict?.kind === "wrong"
      ? t("identity.wrong", { count: verdict.triesLeft, countText: String(verdict.triesLeft) })
      : verdict?.kind === "expired"
        ? t("identity.expired")
        : answer && !answer.ok
          ? errors(answer.code)
          : undefined;
  return (
    <div className="grid max-w-measure gap-4">
      <div>
        <Button
          aria-busy={isBusy || undefined}
          onClick={() => start(async () => setIssued(await actions.issueCode({ requestId })))}
        >
          {t("identity.code")}
        </Button>
      </div>
      {issued && !issued.ok && <Banner tone="bad">{errors(issued.code)}</Banner>}
      {issued?.ok && (
        <Banner tone="info" action={<CopyButton text={issued.data.code} />}>
          {t("identity.codeNote", { email: issued.data.email })} <b className="num">{issued.data.code}</b>
        </Banner>
      )}
      <form
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          start(async () => setAnswer(await actions.confirmCode({ requestId, code })));
        }}
      >
        <TextField
          name="code"
          label={t("identity.answered")}
          inputMode="numeric"
          autoComplete="off"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={wrong}
          required
        />
        <Button type="submit" aria-busy={isBusy || undefined}>
          {t("identity.confirm")}
        </Button>
      </form>
    </div>
  );
}

/** The link is told once; afterwards only its hash is there. */
export function DeliveryLink({ requestId, label }: { requestId: string; label: string }) {
  const t = useTranslations("rights");
  const errors = useTranslations("errors");
  const proved = useStepUp();
  const [made, setMade] = useState<Awaited<ReturnType<typeof actions.makeLink>> | null>(null);
  const [isBusy, start] = useTransition();
  return (
    <div className="grid max-w-measure gap-4">
      <div>
        <Button
          look="primary"
          aria-busy={isBusy || undefined}
          onClick={() => start(async () => setMade(await proved(actions.makeLink)({ requestId })))}
        >
          {label}
        </Button>
      </div>
      {made && !made.ok && <Banner tone="bad">{errors(made.code)}</Banner>}
      {made?.ok && (
        <Banner tone="ok" action={<CopyButton text={made.data.url} label={t("linkBox.copy")} />}>
          {t("linkBox.once")} <code className="break-all">{made.data.url}</code>
        </Banner>
      )}
    </div>
  );
}

export function RectifyForm({ requestId, options }: { requestId: string; options: readonly Choice[] }) {
  const t = useTranslations("rights");
  const errors = useTranslations("errors");
  const [done, send] = useActionState(actions.rectify, null);
  const error = done && !done.ok ? (done.fields.value ? t("act.rectifyErrors.value") : errors(done.code)) : undefined;
  return (
    <form action={send} className="grid max-w-measure gap-4">
      <input type="hidden" name="requestId" value={requestId} />
      <SelectField name="what" label={t("act.what")} options={options} />
      <TextField
        name="value"
        label={t("act.value")}
        hint={t("act.valueHint")}
        autoComplete="off"
        error={error}
        required
      />
      <div>
        <SubmitButton>{t("act.rectify")}</SubmitButton>
      </div>
    </form>
  );
}

/** Their own words, in clear once somebody asks for them; the log keeps who did. */
export function AskedWords({ requestId }: { requestId: string }) {
  const t = useTranslations("rights");
  const errors = useTranslations("errors");
  const proved = useStepUp();
  const [read, setRead] = useState<Awaited<ReturnType<typeof actions.readAsked>> | null>(null);
  const [isBusy, start] = useTransition();
  if (read?.ok) return <span className="whitespace-pre-wrap break-words">{read.data.words}</span>;
  return (
    <span className="grid gap-2">
      <Button
        aria-busy={isBusy || undefined}
        onClick={() => start(async () => setRead(await proved(actions.readAsked)({ requestId })))}
      >
        {t("facts.readAsked")}
      </Button>
      {read && <span role="alert">{errors(read.code)}</span>}
    </span>
  );
}
