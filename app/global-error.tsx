"use client";

import en from "@/lib/i18n/messages/en/errors.json";
import es from "@/lib/i18n/messages/es/errors.json";
import "./globals.css";

/** The layout itself failed: no provider is left, so both languages are shown. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="es">
      <body>
        <main className="mx-auto grid max-w-[560px] gap-6 px-4 py-20">
          {[
            { lang: "es", text: es.page },
            { lang: "en", text: en.page },
          ].map(({ lang, text }) => (
            <section key={lang} lang={lang} className="grid gap-2">
              <h1 className="text-figure">{text.errorTitle}</h1>
              <p className="text-muted">{text.errorText}</p>
              <p>
                <a href="/">{text.goHome}</a>
              </p>
            </section>
          ))}
          {error.digest && <code className="hash w-fit">{error.digest}</code>}
        </main>
      </body>
    </html>
  );
}
