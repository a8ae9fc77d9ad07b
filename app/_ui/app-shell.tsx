import Link from "next/link";
import type { ReactNode } from "react";
import type { FormatSettings } from "@/lib/i18n/formats";
import { getPreferences, getTranslator } from "../_server/preferences";
import { SandboxBanner } from "./banner";
import { BrandMark } from "./brand-mark";
import { FormatsProvider } from "./formats-provider.client";
import type { NavLink } from "./nav";
import { NoticeBell } from "./notice-bell";
import { DrawerNav, RailNav, SectionCrumb } from "./rail.client";
import { UserMenu } from "./user-menu.client";

/**
 * Rail, top bar and the page. `links` comes from `navLinks(holds, counts)`; `live` is the chip of running sends, a
 * client component of the campaigns' pages.
 */
export async function AppShell({
  links,
  person,
  organisation,
  isSandbox,
  phonesUrl,
  live,
  notices,
  signOut,
  children,
}: {
  links: readonly NavLink[];
  person: { name: string };
  organisation: { name: string; note?: string } & Pick<FormatSettings, "timeZone" | "currency">;
  isSandbox: boolean;
  /** Where the sandbox shows the phones of its people. */
  phonesUrl?: string;
  live?: ReactNode;
  /** Open notices, for those who see any. */
  notices?: number;
  signOut?: () => Promise<void>;
  children: ReactNode;
}) {
  const preferences = await getPreferences();
  const t = await getTranslator("common");
  const { locale, region } = preferences;
  const { timeZone, currency } = organisation;
  return (
    <FormatsProvider settings={{ locale, region, timeZone, currency }}>
      <a href="#main" className="skip-link">
        {t("skipToContent")}
      </a>
      <div className="shell">
        <header className="rail">
          <Link href="/" className="brand" aria-label={t("homeOf")}>
            <BrandMark />
            <span className="brand-name">Contraste</span>
          </Link>
          <RailNav links={links} />
          <p className="rail-org">
            <b>{organisation.name}</b>
            {organisation.note}
          </p>
        </header>
        <div className="min-w-0">
          {isSandbox && (
            <SandboxBanner title={t("sandbox")}>
              {t("sandboxText")}{" "}
              {phonesUrl && (
                <a href={`${phonesUrl}?lang=${locale}`} target="_blank" rel="noopener">
                  {t("sandboxPhones")}
                </a>
              )}
            </SandboxBanner>
          )}
          <div className="topbar">
            <DrawerNav links={links} />
            <SectionCrumb links={links} />
            <div className="ml-auto flex items-center gap-2">
              {live}
              {notices !== undefined && <NoticeBell count={notices} />}
              <UserMenu name={person.name} preferences={preferences} signOut={signOut} />
            </div>
          </div>
          <main id="main" className="page" tabIndex={-1}>
            {children}
          </main>
        </div>
      </div>
    </FormatsProvider>
  );
}
