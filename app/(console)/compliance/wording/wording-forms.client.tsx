"use client";

import { type FormEvent, startTransition, useActionState, useState } from "react";
import { useTranslations } from "use-intl/react";
import { Banner } from "@/app/_ui/banner";
import { CheckboxField, type Choice, SelectField, TextAreaField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { SubmitButton } from "@/app/_ui/submit-button.client";
import { useToast } from "@/app/_ui/toast.client";
import type { AppErrorCode } from "@/lib/foundation/errors";
import { addPurpose, publish, revoke } from "./actions";

type Outcome = { ok: true } | { ok: false; code: AppErrorCode; fields: Readonly<Record<string, string>> };

/** A form whose text stays when the server refuses, and goes when it is done. */
function useSent(act: (form: FormData) => Promise<Outcome>, done: string) {
  const t = useTranslations("consents");
  const errors = useTranslations("errors");
  const toast = useToast();
  const [round, setRound] = useState(0);
  const [result, send] = useActionState<Outcome | null, FormData>(async (_, form) => {
    const outcome = await act(form);
    if (outcome.ok) {
      toast({ text: done });
      setRound((one) => one + 1);
    }
    return outcome;
  }, null);
  const refused = result && !result.ok ? result : undefined;
  return {
    form: {
      key: round,
      className: "grid max-w-measure gap-4",
      onSubmit: (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault();
        const form = event.currentTarget;
        startTransition(() => send(new FormData(form)));
      },
    },
    banner: refused && <Banner tone="bad">{errors(refused.code)}</Banner>,
    error: (field: string) => (refused?.fields[field] ? t("forms.check") : undefined),
  };
}

const notices = [
  "button",
  "controllerAddress",
  "controllerContact",
  "recipients",
  "storage",
  "retention",
  "withdrawal",
  "rights",
  "authority",
] as const;

/** A new text. It can never be changed afterwards, so everything that people are told stands here. */
export function PublishForm({ purposes, controller }: { purposes: readonly Choice[]; controller: string }) {
  const t = useTranslations("consents");
  const { form, banner, error } = useSent((sent) => publish(null, sent), t("wording.published"));
  const { key, ...rest } = form;
  return (
    <form key={key} {...rest}>
      {banner}
      <SelectField name="purposeId" label={t("forms.purpose")} options={purposes} error={error("purposeId")} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="label"
          label={t("wording.label")}
          hint={t("wording.labelHint")}
          error={error("label")}
          autoComplete="off"
          required
        />
        <TextField
          name="language"
          label={t("wording.language")}
          hint={t("wording.languageHint")}
          error={error("language")}
          autoComplete="off"
          required
        />
      </div>
      <TextAreaField
        name="text"
        label={t("wording.text")}
        hint={t("wording.textHint")}
        error={error("text")}
        rows={4}
        maxLength={10_000}
        required
      />
      <TextField
        name="controller"
        label={t("wording.controller")}
        defaultValue={controller}
        error={error("controller")}
        required
      />
      <TextField
        name="privacyNoticeUrl"
        type="url"
        label={t("wording.privacy")}
        error={error("privacyNoticeUrl")}
        required
      />
      <details>
        <summary className="cursor-pointer py-2">{t("wording.notice")}</summary>
        <div className="grid gap-4 pt-2">
          <p className="note">{t("wording.noticeHint")}</p>
          {notices.map((name) => (
            <TextField key={name} name={name} label={t(`wording.notices.${name}`)} error={error(name)} />
          ))}
          <TextField
            name="privacyNoticeSha256"
            label={t("wording.notices.privacyNoticeSha256")}
            error={error("privacyNoticeSha256")}
            autoComplete="off"
          />
        </div>
      </details>
      <div>
        <SubmitButton look="primary">{t("wording.publish")}</SubmitButton>
      </div>
    </form>
  );
}

/** Ends a text. How many people are lost with it is said before it is done. */
export function RevokeButton({ wordingId, label, people }: { wordingId: string; label: string; people: number }) {
  const t = useTranslations("consents");
  const formats = useFormats();
  const toast = useToast();
  const [reason, setReason] = useState("");
  return (
    <ConfirmButton
      label={t("wording.revoke")}
      title={t("wording.revokeTitle", { label })}
      confirmLabel={t("wording.revoke")}
      confirmLook="danger"
      action={() => revoke({ wordingVersionId: wordingId, reason })}
      onDone={() => toast({ text: t("wording.revokedDone") })}
    >
      <p className="mb-4">{t("wording.revokeText", { count: people, countText: formats.integer(people) })}</p>
      <TextAreaField
        name="reason"
        label={t("wording.reason")}
        required
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </ConfirmButton>
  );
}

const categories = ["MARKETING", "UTILITY", "AUTHENTICATION"] as const;

/** A new purpose. What it says decides how what people said is read, so it cannot be changed later. */
export function PurposeForm({ brands }: { brands: readonly Choice[] }) {
  const t = useTranslations("consents");
  const { form, banner, error } = useSent((sent) => addPurpose(null, sent), t("purposes.added"));
  const { key, ...rest } = form;
  return (
    <form key={key} {...rest}>
      {banner}
      <SelectField name="brandId" label={t("purposes.brand")} options={brands} error={error("brandId")} />
      <TextField name="name" label={t("purposes.name")} hint={t("purposes.nameHint")} error={error("name")} required />
      <TextField
        name="key"
        id="purpose-key"
        label={t("purposes.key")}
        hint={t("purposes.keyHint")}
        error={error("key")}
        autoComplete="off"
        required
      />
      <SelectField
        name="category"
        label={t("purposes.category")}
        options={categories.map((value) => ({ value, label: t(`purposes.categories.${value}`) }))}
        error={error("category")}
      />
      <div className="grid items-end gap-4 sm:grid-cols-3">
        <TextField
          name="validityDays"
          label={t("purposes.validity")}
          defaultValue="730"
          inputMode="numeric"
          error={error("validityDays")}
        />
        <TextField
          name="retentionDays"
          label={t("purposes.retention")}
          defaultValue="1095"
          inputMode="numeric"
          error={error("retentionDays")}
        />
        <TextField name="minAge" label={t("purposes.minAge")} inputMode="numeric" error={error("minAge")} />
      </div>
      <CheckboxField name="doubleOptIn" label={t("purposes.doubleOptIn")} hint={t("purposes.doubleOptInHint")} />
      <div>
        <SubmitButton look="default">{t("purposes.add")}</SubmitButton>
      </div>
    </form>
  );
}
