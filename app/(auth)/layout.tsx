import type { ReactNode } from "react";
import { LOCALES } from "@/lib/i18n/locales";
import { changePreferences } from "../_server/change-preferences";
import { currentInstallation } from "../_server/context";
import { pageTitles } from "../_server/page-titles";
import { getPreferences, getTranslator } from "../_server/preferences";
import { SandboxBanner } from "../_ui/banner";
import { BrandMark } from "../_ui/brand-mark";
import { buttonClass } from "../_ui/button";
import { ClientMessages } from "../_ui/client-messages";

export const generateMetadata = pageTitles;

/** The way in: one narrow column, the product's name, and the language for whoever reads another. */
export default async function AuthLayout({ children }: { children: ReactNode }) {
  const [{ locale }, { mode }, t] = await Promise.all([
    getPreferences(),
    currentInstallation(),
    getTranslator("common"),
  ]);
  return (
    <ClientMessages namespaces={["auth", "factor"]}>
      {mode === "sandbox" && <SandboxBanner title={t("sandbox")}>{t("sandboxText")}</SandboxBanner>}
      <main className="mx-auto grid w-full max-w-[400px] gap-6 px-4 py-12 md:py-24">
        <p className="flex items-center gap-2.5 text-head font-semibold">
          <BrandMark /> Contraste
        </p>
        {children}
        <fieldset className="flex gap-2">
          <legend className="sr-only">{t("language")}</legend>
          {LOCALES.map((choice) => (
            <form key={choice} action={changePreferences.bind(null, { locale: choice })}>
              <button
                type="submit"
                lang={choice}
                aria-pressed={choice === locale}
                className={buttonClass({ look: "quiet", size: "small" }, choice === locale ? "font-semibold" : "")}
              >
                {t(`languages.${choice}`)}
              </button>
            </form>
          ))}
        </fieldset>
      </main>
    </ClientMessages>
  );
}
