import type { Metadata } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { LOCALES } from "@/lib/i18n/locales";
import { currentInstallation } from "../_server/context";
import { pageTitles } from "../_server/page-titles";
import { getPreferences, getTranslator } from "../_server/preferences";
import { PATH_HEADER } from "../_server/return-path";
import { SandboxBanner } from "../_ui/banner";
import { ClientMessages } from "../_ui/client-messages";

export async function generateMetadata(): Promise<Metadata> {
  return { ...(await pageTitles()), robots: { index: false, follow: false }, referrer: "no-referrer" };
}

/** Pages for everybody: no sign-in, no script needed, one narrow column, and the other language one link away. */
export default async function PublicLayout({ children }: { children: ReactNode }) {
  const [{ locale }, { mode }, t, common, sent] = await Promise.all([
    getPreferences(),
    currentInstallation(),
    getTranslator("public"),
    getTranslator("common"),
    headers(),
  ]);
  const path = sent.get(PATH_HEADER) ?? "/";
  return (
    <ClientMessages namespaces={[]}>
      {mode === "sandbox" && <SandboxBanner title={common("sandbox")}>{t("sandbox")}</SandboxBanner>}
      <main className="mx-auto grid w-full max-w-[480px] gap-6 px-4 py-8 md:py-16">{children}</main>
      <nav aria-label={common("language")} className="mx-auto flex w-full max-w-[480px] gap-4 px-4 pb-10">
        {LOCALES.map((choice) => (
          <a
            key={choice}
            href={inLanguage(path, choice)}
            lang={choice}
            hrefLang={choice}
            aria-current={choice === locale ? "true" : undefined}
            className={choice === locale ? "py-2 font-semibold no-underline" : "py-2"}
          >
            {common(`languages.${choice}`)}
          </a>
        ))}
      </nav>
    </ClientMessages>
  );
}

/** The same page in another language. */
function inLanguage(path: string, language: string): string {
  const [pathname = "/", search] = path.split("?");
  const query = new URLSearchParams(search);
  query.set("lang", language);
  return `${pathname}?${query}`;
}
