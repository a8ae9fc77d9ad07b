import { getTranslator } from "@/app/_server/preferences";
import { PageHeader } from "@/app/_ui/page";
import { Tabs } from "@/app/_ui/tabs.client";

/** The head of the pages of replies. */
export async function RepliesHead() {
  const t = await getTranslator("replies");
  return (
    <PageHeader
      title={t("title")}
      tabs={
        <Tabs
          label={t("tabs.label")}
          tabs={[
            { href: "/replies", label: t("tabs.list") },
            { href: "/replies/rules", label: t("tabs.rules") },
          ]}
        />
      }
    />
  );
}
