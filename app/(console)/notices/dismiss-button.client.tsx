"use client";

import { useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { useToast } from "@/app/_ui/toast.client";
import { dismiss } from "./actions";

/** Closes one notice; the list is drawn anew. `about`: its title, for those who hear only the button. */
export function DismissButton({ id, about }: { id: string; about: string }) {
  const t = useTranslations("notices");
  const errors = useTranslations("errors");
  const toast = useToast();
  const [isPending, start] = useTransition();
  return (
    <Button
      look="quiet"
      aria-busy={isPending || undefined}
      onClick={() => {
        if (isPending) return;
        start(async () => {
          const result = await dismiss({ id });
          toast(result.ok ? { text: t("dismissed") } : { text: errors(result.code), isError: true });
        });
      }}
    >
      {t("dismiss")} <span className="sr-only">{about}</span>
    </Button>
  );
}
