"use client";

import { useTranslations } from "use-intl/react";
import { CopyButton } from "@/app/_ui/copy-button.client";
import { TextField } from "@/app/_ui/fields";
import { useFormats } from "@/app/_ui/formats-provider.client";
import type { HandedLinkView } from "./handed-link";

/** The link, once: to be copied and sent by whatever way the two people trust. */
export function LinkToPassOn({ link, id }: { link: HandedLinkView; id: string }) {
  const t = useTranslations("settings.team");
  const formats = useFormats();
  return (
    <div className="grid gap-2" role="status">
      <TextField
        id={id}
        name="link"
        label={t("link", { name: link.name })}
        hint={t("linkOnce", { until: formats.dateTime(link.until) })}
        value={link.url}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
      />
      <div>
        <CopyButton text={link.url} />
      </div>
    </div>
  );
}
