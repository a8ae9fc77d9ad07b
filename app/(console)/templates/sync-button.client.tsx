"use client";

import { RefreshCw } from "lucide-react";
import { useTransition } from "react";
import { useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { useFormats } from "@/app/_ui/formats-provider.client";
import { useToast } from "@/app/_ui/toast.client";
import { synchronise } from "./actions";

/** Reads every template anew from Meta and says what was found. */
export function SyncButton() {
  const t = useTranslations("templates.sync");
  const errors = useTranslations("errors");
  const formats = useFormats();
  const toast = useToast();
  const [isPending, run] = useTransition();
  const many = (count: number) => formats.integer(count);
  return (
    <Button
      aria-busy={isPending || undefined}
      onClick={() => {
        if (isPending) return;
        run(async () => {
          const result = await synchronise({});
          if (!result.ok) return toast({ text: `${errors(result.code)} ${t("kept")}`, isError: true });
          const { found, added, changed, deleted } = result.data;
          toast({
            text: t("done", {
              found,
              foundText: many(found),
              addedText: many(added),
              changedText: many(changed),
              deletedText: many(deleted),
            }),
          });
        });
      }}
    >
      <RefreshCw aria-hidden />
      {isPending ? t("pending") : t("label")}
    </Button>
  );
}
