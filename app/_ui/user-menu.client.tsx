"use client";

import { Check } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Header } from "react-aria-components/Header";
import { Menu, MenuItem, MenuSection, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { useTranslations } from "use-intl/react";
import { LOCALES, type Preferences, REGIONS, THEMES } from "@/lib/i18n/locales";
import { changePreferences } from "../_server/change-preferences";
import { initials } from "./initials";

/** Language, regional format, theme and the way out. The page stays where it is. */
export function UserMenu({
  name,
  preferences,
  signOut,
}: {
  name: string;
  preferences: Preferences;
  signOut?: () => Promise<void>;
}) {
  const t = useTranslations("common");
  const router = useRouter();
  const [, start] = useTransition();
  const groups = [
    { key: "locale", title: t("language"), options: LOCALES.map((id) => ({ id, label: t(`languages.${id}`) })) },
    { key: "region", title: t("region"), options: REGIONS.map((id) => ({ id, label: t(`regions.${id}`) })) },
    { key: "theme", title: t("theme"), options: THEMES.map((id) => ({ id, label: t(`themes.${id}`) })) },
  ] as const;
  const change = (key: keyof Preferences, value: string) =>
    start(async () => {
      // the action checks the value; its type cannot know that key and value belong together
      await changePreferences({ [key]: value } as Partial<Preferences>);
      // Next puts the new attribute on <html> only when the document is loaded again
      if (key === "theme") window.location.reload();
      else router.refresh();
    });
  return (
    <MenuTrigger>
      <AriaButton className="avatar" aria-label={t("userMenu", { name })}>
        {initials(name)}
      </AriaButton>
      <Popover placement="bottom end" offset={4}>
        <Menu className="menu" aria-label={t("userMenu", { name })}>
          {groups.map((group) => (
            <MenuSection
              key={group.key}
              selectionMode="single"
              disallowEmptySelection
              selectedKeys={[preferences[group.key]]}
              onSelectionChange={(chosen) => {
                const [value] = chosen === "all" ? [] : [...chosen];
                if (value !== undefined) change(group.key, String(value));
              }}
            >
              <Header className="menu-head">{group.title}</Header>
              {group.options.map((option) => (
                <MenuItem key={option.id} id={option.id} textValue={option.label} className="menu-item">
                  {({ isSelected }) => (
                    <>
                      {option.label}
                      {isSelected && <Check aria-hidden className="text-accent" />}
                    </>
                  )}
                </MenuItem>
              ))}
            </MenuSection>
          ))}
          {signOut && (
            <MenuSection aria-label={t("account")}>
              <MenuItem id="security" className="menu-item" onAction={() => router.push("/settings/security")}>
                {t("security")}
              </MenuItem>
              <MenuItem id="sign-out" className="menu-item" onAction={() => start(() => signOut())}>
                {t("signOut")}
              </MenuItem>
            </MenuSection>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
