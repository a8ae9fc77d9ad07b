import type { Metadata } from "next";
import { currentInstallation } from "./context";

/** The sandbox is unmistakable also in the list of tabs. For layouts: how the titles of the pages below end. */
export async function pageTitles(): Promise<Metadata> {
  const { mode } = await currentInstallation();
  const suffix = mode === "sandbox" ? "SANDBOX · Contraste" : "Contraste";
  return { title: { absolute: suffix, template: `%s · ${suffix}` } };
}
