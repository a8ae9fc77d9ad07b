"use client";

import { createContext, type ReactNode, useContext, useMemo } from "react";
import { createFormats, type FormatSettings, type Formats } from "@/lib/i18n/formats";

const FormatsContext = createContext<Formats | undefined>(undefined);

/** Gives client components below it the organisation's zone and currency in the person's regional format. */
export function FormatsProvider({ settings, children }: { settings: FormatSettings; children: ReactNode }) {
  const { locale, region, timeZone, currency } = settings;
  const formats = useMemo(
    () => createFormats({ locale, region, timeZone, currency }),
    [locale, region, timeZone, currency],
  );
  return <FormatsContext value={formats}>{children}</FormatsContext>;
}

/** The formats of the nearest provider (AppShell sets one). */
export function useFormats(): Formats {
  const formats = useContext(FormatsContext);
  if (!formats) throw new Error("useFormats needs a FormatsProvider above it");
  return formats;
}
