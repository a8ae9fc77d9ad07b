import type { ReactNode } from "react";
import { messages, type Namespace } from "@/lib/i18n/messages";
import { getPreferences } from "../_server/preferences";
import { MessagesProvider } from "./messages-provider.client";

/** Texts that every component of the design system may need in the browser. */
const ALWAYS = ["common", "errors"] as const satisfies Namespace[];

/**
 * Gives client components below it the texts of the namespaces they use (`useTranslations("builder")`), and of no
 * others: the catalogue of a page does not travel to every page.
 */
export async function ClientMessages({
  namespaces,
  children,
}: {
  namespaces: readonly Namespace[];
  children: ReactNode;
}) {
  const { locale } = await getPreferences();
  const catalogue = messages[locale];
  const chosen = Object.fromEntries([...ALWAYS, ...namespaces].map((name) => [name, catalogue[name]]));
  return (
    <MessagesProvider locale={locale} messages={chosen}>
      {children}
    </MessagesProvider>
  );
}
