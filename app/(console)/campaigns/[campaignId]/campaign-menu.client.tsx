"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { useTranslations } from "use-intl/react";
import type { ActionResult } from "@/app/_server/action";
import { Button } from "@/app/_ui/button";
import { MenuButton } from "@/app/_ui/menu.client";
import { Dialog } from "@/app/_ui/overlays.client";
import { useToast } from "@/app/_ui/toast.client";
import { archive, duplicate } from "../actions";

/** What is done to a campaign as a whole: a copy of it, and out of sight with it. */
export function CampaignMenu({
  campaignId,
  name,
  historyHref,
  mayEdit,
  mayArchive,
}: {
  campaignId: string;
  name: string;
  /** Where the history is, on pages that have no tab for it. */
  historyHref?: string;
  mayEdit: boolean;
  mayArchive: boolean;
}) {
  const t = useTranslations("campaigns");
  const errors = useTranslations("errors");
  const toast = useToast();
  const router = useRouter();
  const [isAsking, setIsAsking] = useState(false);
  const [, start] = useTransition();
  function run<T>(work: () => Promise<ActionResult<T>>, onDone: (data: T) => void) {
    start(async () => {
      const result = await work();
      if (result.ok) onDone(result.data);
      else toast({ text: errors(result.code), isError: true });
    });
  }
  function choose(id: string) {
    if (id === "archive") setIsAsking(true);
    if (id === "duplicate")
      run(
        () => duplicate({ campaignId, name: t("copyOf", { name }).slice(0, 120) }),
        ({ href }) => router.push(href),
      );
  }
  return (
    <>
      <MenuButton
        look="quiet"
        label={t("more")}
        entries={[
          ...(historyHref ? [{ id: "history", label: t("tabs.history"), href: historyHref }] : []),
          ...(mayEdit ? [{ id: "duplicate", label: t("duplicate") }] : []),
          ...(mayArchive ? [{ id: "archive", label: t("archive") }] : []),
        ]}
        onChoose={choose}
      />
      <Dialog
        isAlert
        title={t("archiveTitle", { name })}
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        actions={
          <>
            <Button onClick={() => setIsAsking(false)}>{t("cancel")}</Button>
            <Button
              look="primary"
              onClick={() =>
                run(
                  () => archive({ campaignId }),
                  () => router.push("/campaigns"),
                )
              }
            >
              {t("archive")}
            </Button>
          </>
        }
      >
        <p>{t("archiveText")}</p>
      </Dialog>
    </>
  );
}
