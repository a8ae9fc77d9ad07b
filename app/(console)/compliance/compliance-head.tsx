import type { ReactNode } from "react";
import { getTranslator } from "@/app/_server/preferences";
import { PageHeader } from "@/app/_ui/page";
import { Tabs } from "@/app/_ui/tabs.client";

/** The head of every page of the area: where one is, and its parts. */
export async function ComplianceHead({
  title,
  status,
  actions,
}: {
  title?: ReactNode;
  status?: ReactNode;
  actions?: ReactNode;
}) {
  const t = await getTranslator("compliance");
  return (
    <PageHeader
      title={title ?? t("title")}
      status={status}
      actions={actions}
      tabs={
        <Tabs
          label={t("tabs.label")}
          tabs={[
            { href: "/compliance", label: t("tabs.overview") },
            { href: "/compliance/ledger", label: t("tabs.ledger") },
            { href: "/compliance/people", label: t("tabs.people") },
            { href: "/compliance/rules", label: t("tabs.rules") },
            { href: "/compliance/integrity", label: t("tabs.integrity") },
          ]}
        />
      }
    />
  );
}
