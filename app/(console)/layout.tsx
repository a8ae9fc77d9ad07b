import type { Metadata } from "next";
import type { ReactNode } from "react";
import { grantOf } from "@/lib/identity/authorize";
import { currentInstallation, signedInPerson } from "../_server/context";
import { AppShell } from "../_ui/app-shell";
import { navLinks } from "../_ui/nav";
import { leave } from "../(auth)/sign-in/actions";

/** The sandbox is unmistakable also in the list of tabs. */
export async function generateMetadata(): Promise<Metadata> {
  const { mode } = await currentInstallation();
  const suffix = mode === "sandbox" ? "SANDBOX · Contraste" : "Contraste";
  return { title: { default: suffix, template: `%s · ${suffix}` } };
}

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
