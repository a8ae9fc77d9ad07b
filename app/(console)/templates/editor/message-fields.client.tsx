"use client";

import { Braces } from "lucide-react";
import { useRef } from "react";
import { useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { TextAreaField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { nextVariable, type TemplateDraft } from "@/lib/templates/draft";
import { lengthOf, templateLimits } from "@/lib/whatsapp/template-problem";
import type { ChangeDraft, ProblemAt } from "./draft-change";

/** Text and footer with their lengths counted as Meta counts them; a text that is too long stays, and is said. */
export function MessageFields({
  draft,
  problemAt,
  onChange,
}: {
  draft: TemplateDraft;
  problemAt: ProblemAt;
  onChange: ChangeDraft;
}) {
  const t = useTranslations("templates");
  const formats = useFormats();
  const counter = (text: string, limit: number) =>
    t("new.counter", { usedText: formats.integer(lengthOf(text)), limitText: formats.integer(limit) });
  return (
    <div className="grid max-w-measure gap-5">
      <BodyField
        name="body"
        label={t("parts.body")}
        text={draft.body}
        parameterFormat={draft.parameterFormat}
        error={problemAt("body")}
        hint={counter(draft.body, draft.offer.isOn ? templateLimits.offerBody : templateLimits.body)}
        onChange={(body) => onChange({ body }, "body")}
      />
      <TextField
        name="footer"
        label={t("parts.footer")}
        error={problemAt("footer")}
        value={draft.footer}
        hint={counter(draft.footer, templateLimits.footer)}
        onChange={(event) => onChange({ footer: event.currentTarget.value }, "footer")}
        autoComplete="off"
      />
    </div>
  );
}

/** A text with variables: the button puts the next one where the caret stands. */
export function BodyField({
  name,
  label,
  text,
  parameterFormat,
  error,
  hint,
  rows = 6,
  onChange,
}: {
  name: string;
  label: string;
  text: string;
  parameterFormat: TemplateDraft["parameterFormat"];
  error?: string;
  hint: string;
  rows?: number;
  onChange: (text: string) => void;
}) {
  const t = useTranslations("templates");
  const field = useRef<HTMLTextAreaElement>(null);
  function insertVariable() {
    const area = field.current;
    if (!area) return;
    const variable = nextVariable(text, parameterFormat);
    const { selectionStart, selectionEnd } = area;
    onChange(text.slice(0, selectionStart) + variable + text.slice(selectionEnd));
    requestAnimationFrame(() => {
      area.focus();
      area.setSelectionRange(selectionStart + variable.length, selectionStart + variable.length);
    });
  }
  return (
    <div className="grid gap-2">
      <TextAreaField
        name={name}
        label={label}
        error={error}
        hint={hint}
        ref={field}
        rows={rows}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <div className="flex flex-wrap items-center gap-3">
        <Button size="small" onClick={insertVariable}>
          <Braces aria-hidden /> {t("new.insertVariable")}
        </Button>
        <span className="note">{t("new.marks")}</span>
      </div>
    </div>
  );
}
