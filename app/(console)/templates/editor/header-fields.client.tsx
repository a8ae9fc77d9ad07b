"use client";

import { useTranslations } from "use-intl/react";
import { SelectField, TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { headerKinds, type TemplateDraft } from "@/lib/templates/draft";
import { lengthOf, templateLimits } from "@/lib/whatsapp/template-problem";
import type { ChangeDraft, ProblemAt } from "./draft-change";
import { MediaField } from "./media-field.client";

/** What stands above the text: nothing, a headline, a file or a place. */
export function HeaderFields({
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
  const { headerKind, header, file } = draft;
  const isFile = headerKind === "image" || headerKind === "video" || headerKind === "document";
  return (
    <div className="grid max-w-measure gap-5">
      <SelectField
        name="headerKind"
        label={t("header.kind")}
        value={headerKind}
        options={headerKinds.map((value) => ({ value, label: t(`header.kinds.${value}`) }))}
        onChange={(event) => {
          const kind = headerKinds.find((one) => one === event.currentTarget.value) ?? "none";
          onChange({ headerKind: kind, ...(kind !== headerKind && { file: null }) });
        }}
      />
      {headerKind === "text" && (
        <TextField
          name="header"
          label={t("header.text")}
          error={problemAt("header")}
          hint={t("new.counter", {
            usedText: formats.integer(lengthOf(header)),
            limitText: formats.integer(templateLimits.header),
          })}
          value={header}
          onChange={(event) => onChange({ header: event.currentTarget.value }, "header")}
          autoComplete="off"
        />
      )}
      {isFile && (
        <MediaField
          id="header"
          kind={headerKind}
          file={file}
          error={problemAt("header")}
          onChange={(chosen) => onChange({ file: chosen }, "header")}
        />
      )}
      {headerKind === "location" && <p className="note">{t("header.locationNote")}</p>}
    </div>
  );
}
