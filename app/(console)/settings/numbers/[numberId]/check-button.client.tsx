"use client";

import { RefreshCw } from "lucide-react";
import { useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { useToast } from "@/app/_ui/toast.client";
import { check } from "../actions";

/** Reads the number at Meta now and says what it came to. */
export function CheckButton({ numberId }: { numberId: string }) {
  const t = useTranslations("numbers");
  const errors = useTranslations("errors");
  const toast = useToast();
  const [isPending, start] = useTransition();
  return (
    <Button
      aria-busy={isPending || undefined}
      onClick={() => {
        if (isPending) return;
        start(async () => {
          const result = await check({ numberId });
          if (!result.ok) return toast({ text: errors(result.code), isError: true });
          if (result.data === "ok") return toast({ text: t("checkedOk") });
          toast({ text: t("checkedBad", { state: t(`state.${result.data}`) }), isError: true });
        });
      }}
    >
      <RefreshCw aria-hidden />
      {isPending ? t("checking") : t("check")}
    </Button>
  );
}
