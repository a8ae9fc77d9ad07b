import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { getPreferences } from "./_server/preferences";
import { ClientMessages } from "./_ui/client-messages";
import { StyleNonce } from "./_ui/style-nonce.client";
import { ToastProvider } from "./_ui/toast.client";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Contraste", template: "%s · Contraste" },
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  colorScheme: "light dark",
};

/** Follows the system while nobody has chosen a theme; runs before the first paint, so nothing flashes. */
const followSystemTheme =
  "(function(r,m){function f(){r.dataset.theme=m.matches?'dark':'light'}f();m.addEventListener('change',f)})" +
  "(document.documentElement,matchMedia('(prefers-color-scheme: dark)'))";

export default async function RootLayout({ children }: { children: ReactNode }) {
  const { locale, region, theme } = await getPreferences();
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <html lang={locale} data-theme={theme} data-region={region} suppressHydrationWarning>
      <head>
        <StyleNonce nonce={nonce} />
        {theme === "system" && (
          // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of this file
          <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: followSystemTheme }} />
        )}
      </head>
      <body>
        <ClientMessages namespaces={[]}>
          <ToastProvider>{children}</ToastProvider>
        </ClientMessages>
      </body>
    </html>
  );
}
