import { getTranslator } from "@/app/_server/preferences";
import { Tabs } from "@/app/_ui/tabs.client";
import { may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/** People and segments, the files they came in, and the forms where they agree. Whoever may see neither has nothing to choose. */
export async function AudienceTabs({ ctx }: { ctx: Context }) {
  const [seesImports, seesForms] = [may(ctx.actor, "import.read"), may(ctx.actor, "form.edit")];
  if (!seesImports && !seesForms) return null;
  const t = await getTranslator("audiences");
  return (
    <Tabs
      label={t("title")}
      tabs={[
        { href: "/audiences", label: t("tabs.people") },
        ...(seesImports ? [{ href: "/audiences/imports", label: t("tabs.imports") }] : []),
        ...(seesForms ? [{ href: "/audiences/forms", label: t("tabs.forms") }] : []),
      ]}
    />
  );
}
