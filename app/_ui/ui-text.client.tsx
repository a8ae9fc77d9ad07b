"use client";

import { useTranslations } from "use-intl/react";
import type { Leaves } from "@/lib/i18n/message-keys";
import type { Messages } from "@/lib/i18n/messages";

/** A text of the catalogue `common`, so that components without state can stay on the server and still speak. */
export function UiText({ id }: { id: Leaves<Messages["common"]> }) {
  return useTranslations("common")(id);
}
