"use client";

import { useTranslations } from "use-intl/react";
import { ConfirmButton } from "@/app/_ui/overlays.client";
import { useToast } from "@/app/_ui/toast.client";
import { dismiss, replay, replayKind } from "./actions";

interface Item {
  inboxId: string;
  position: number;
  isReplaying: boolean;
}

/** Apply it again, or close it. */
export function ItemButtons({ inboxId, position, isReplaying }: Item) {
  const t = useTranslations("settings");
  const toast = useToast();
  const item = { inboxId, position };
  if (isReplaying) return <span className="note">{t("webhooks.replaying")}</span>;
  return (
    <span className="flex flex-wrap gap-2">
      <ConfirmButton
        size="small"
        label={t("webhooks.replay")}
        title={t("webhooks.replayTitle")}
        confirmLabel={t("webhooks.replay")}
        action={() => replay(item)}
        onDone={() => toast({ text: t("webhooks.replayAsked") })}
      >
        {t("webhooks.replayText")}
      </ConfirmButton>
      <ConfirmButton
        size="small"
        look="quiet"
        label={t("webhooks.dismiss")}
        title={t("webhooks.dismissTitle")}
        confirmLabel={t("webhooks.dismiss")}
        confirmLook="danger"
        action={() => dismiss(item)}
        onDone={() => toast({ text: t("webhooks.dismissed") })}
      >
        {t("webhooks.dismissText")}
      </ConfirmButton>
    </span>
  );
}

/** Apply everything of one kind again. */
export function KindButton({ kind, label }: { kind: string; label: string }) {
  const t = useTranslations("settings");
  const toast = useToast();
  return (
    <ConfirmButton
      size="small"
      label={label}
      title={t("webhooks.replayTitle")}
      confirmLabel={label}
      action={() => replayKind({ kind })}
      onDone={() => toast({ text: t("webhooks.replayAsked") })}
    >
      {t("webhooks.replayText")}
    </ConfirmButton>
  );
}
