import { getTranslator } from "@/app/_server/preferences";
import { Tabs } from "@/app/_ui/tabs.client";
import { may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/** People and segments, and the files they came in. Whoever may not see imports has no tabs to choose from. */
export async function AudienceTabs({ ctx }: { ctx: Context }) {
  if (!may(ctx.actor, "import.read")) return null;
  const t = await getTranslator("audiences");
  return (
    <Tabs
      label={t("title")}
      tabs={[
        { href: "/audiences", label: t("tabs.people") },
        { href: "/audiences/imports", label: t("tabs.imports") },
      ]}
    />
  );
}
