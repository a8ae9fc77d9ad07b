"use client";

import { Braces } from "lucide-react";
import { useRef } from "react";
import { useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { TextAreaField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { lengthOf, nextVariable, type TemplateDraft, textLimits } from "./template-draft";

type Written = "header" | "body" | "footer";

/** Header, text and footer with their lengths counted as Meta counts them; a text that is too long stays, and is said. */
export function MessageFields({
  draft,
  problemAt,
  onChange,
}: {
  draft: TemplateDraft;
  problemAt: (part: Written) => string | undefined;
  onChange: (change: Partial<TemplateDraft>, part?: Written) => void;
}) {
  const t = useTranslations("templates");
  const formats = useFormats();
  const body = useRef<HTMLTextAreaElement>(null);
  const field = (part: Written) => ({
    name: part,
    label: t(`parts.${part}`),
    error: problemAt(part),
    value: draft[part],
    hint: t(`new.counter`, {
      usedText: formats.integer(lengthOf(draft[part])),
      limitText: formats.integer(textLimits[part]),
    }),
  });
  function insertVariable() {
    const area = body.current;
    if (!area) return;
    const variable = nextVariable(draft.body);
    const { selectionStart, selectionEnd } = area;
    onChange({ body: draft.body.slice(0, selectionStart) + variable + draft.body.slice(selectionEnd) }, "body");
    requestAnimationFrame(() => {
      area.focus();
      area.setSelectionRange(selectionStart + variable.length, selectionStart + variable.length);
    });
  }
  return (
    <div className="grid max-w-measure gap-5">
      <TextField
        {...field("header")}
        onChange={(event) => onChange({ header: event.currentTarget.value }, "header")}
        autoComplete="off"
      />
      <div className="grid gap-2">
        <TextAreaField
          {...field("body")}
          ref={body}
          rows={6}
          onChange={(event) => onChange({ body: event.currentTarget.value }, "body")}
          required
        />
        <div className="flex flex-wrap items-center gap-3">
          <Button size="small" onClick={insertVariable}>
            <Braces aria-hidden /> {t("new.insertVariable")}
          </Button>
          <span className="note">{t("new.marks")}</span>
        </div>
      </div>
      <TextField
        {...field("footer")}
        onChange={(event) => onChange({ footer: event.currentTarget.value }, "footer")}
        autoComplete="off"
      />
    </div>
  );
}
