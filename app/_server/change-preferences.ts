"use server";

import { cookies } from "next/headers";
import * as z from "zod";
import { LOCALES, REGIONS, THEMES } from "@/lib/i18n/locales";
import { PREFERENCE_COOKIES } from "./preferences";

const YEAR_SECONDS = 365 * 24 * 60 * 60;
const Change = z.object({
  locale: z.enum(LOCALES).optional(),
  region: z.enum(REGIONS).optional(),
  theme: z.enum(THEMES).optional(),
});

/** Keeps a choice of language, regional format or theme in this browser. Needs no sign-in; the page stays where it is. */
export async function changePreferences(change: z.input<typeof Change>): Promise<void> {
  const chosen = Change.parse(change);
  const jar = await cookies();
  for (const name of ["locale", "region", "theme"] as const) {
    const value = chosen[name];
    if (value === undefined) continue;
    jar.set(PREFERENCE_COOKIES[name], value, { path: "/", sameSite: "lax", httpOnly: true, maxAge: YEAR_SECONDS });
  }
}
