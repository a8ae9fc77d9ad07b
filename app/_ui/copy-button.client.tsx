"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { buttonClass } from "./button";
import { useToast } from "./toast.client";

/** Copies a text and says so. `icon` leaves only the icon; `name` is what the text is. */
export function CopyButton({
  text,
  name,
  icon = false,
  label,
}: {
  text: string;
  name?: string;
  icon?: boolean;
  label?: string;
}) {
  const t = useTranslations("common");
  const toast = useToast();
  const [isCopied, setIsCopied] = useState(false);
  async function copy() {
    await navigator.clipboard.writeText(text);
    setIsCopied(true);
    toast({ text: t("copied") });
  }
  const Icon = isCopied ? Check : Copy;
  const accessible = name ? t("copyNamed", { name }) : t("copy");
  return icon ? (
    <button type="button" className="icon-button min-h-6 min-w-6" aria-label={accessible} onClick={copy}>
      <Icon aria-hidden className="size-3.5" />
    </button>
  ) : (
    <button type="button" className={buttonClass({})} onClick={copy}>
      <Icon aria-hidden />
      {label ?? accessible}
    </button>
  );
}
