import type { ReactNode } from "react";
import { grantOf } from "@/lib/identity/authorize";
import { currentInstallation, signedInPerson } from "../_server/context";
import { pageTitles } from "../_server/page-titles";
import { AppShell } from "../_ui/app-shell";
import { navLinks } from "../_ui/nav";
import { leave } from "../(auth)/sign-in/actions";

export const generateMetadata = pageTitles;

/** The frame of the product. It protects nothing: pages ask for a permission, commands and queries refuse. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const [{ actor, name }, installation] = await Promise.all([signedInPerson(), currentInstallation()]);
  return (
    <AppShell
      links={navLinks((permission) => grantOf(actor, permission) !== undefined)}
      person={{ name }}
      organisation={installation}
      isSandbox={installation.mode === "sandbox"}
      signOut={leave}
    >
      {children}
    </AppShell>
  );
}
