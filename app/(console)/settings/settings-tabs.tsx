import { getTranslator } from "@/app/_server/preferences";
import { Tabs } from "@/app/_ui/tabs.client";
import { may } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";

/** The parts of the settings that a person may open; with one alone there is nothing to choose. */
export async function SettingsTabs({ ctx }: { ctx: Context }) {
  const t = await getTranslator("numbers");
  const tabs = [
    ...(may(ctx.actor, "user.manage") ? [{ href: "/settings/team", label: t("tabs.team") }] : []),
    ...(may(ctx.actor, "number.read")
      ? [
          { href: "/settings/numbers", label: t("tabs.numbers") },
          { href: "/settings/webhooks", label: t("tabs.webhooks") },
        ]
      : []),
    ...(may(ctx.actor, "api_key.manage") ? [{ href: "/settings/api-keys", label: t("tabs.apiKeys") }] : []),
    { href: "/settings/security", label: t("tabs.security") },
  ];
  return tabs.length > 1 ? <Tabs label={t("tabs.label")} tabs={tabs} /> : null;
}
