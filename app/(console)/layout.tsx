import type { ReactNode } from "react";
import { countUnreadReplies } from "@/lib/conversations/queries/count-replies";
import { grantOf, may } from "@/lib/identity/authorize";
import { countNotices } from "@/lib/notices/queries/list-notices";
import { currentInstallation, signedInPerson } from "../_server/context";
import { pageTitles } from "../_server/page-titles";
import { consoleRuntime } from "../_server/runtime";
import { AppShell } from "../_ui/app-shell";
import { ClientMessages } from "../_ui/client-messages";
import { navLinks } from "../_ui/nav";
import { StepUpProvider } from "../_ui/step-up-dialog.client";
import { leave } from "../(auth)/sign-in/actions";
import { showCode } from "./settings/security/actions";

export const generateMetadata = pageTitles;

/** The frame of the product. It protects nothing: pages ask for a permission, commands and queries refuse. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const [{ actor, name, ctx }, installation] = await Promise.all([signedInPerson(), currentInstallation()]);
  const { phonesUrl } = await consoleRuntime();
  const notices = may(actor, "notice.read") ? await countNotices(ctx) : undefined;
  const replies = may(actor, "conversation.read") ? await countUnreadReplies(ctx) : 0;
  return (
    <ClientMessages namespaces={["factor"]}>
      <StepUpProvider show={showCode}>
        <AppShell
          links={navLinks((permission) => grantOf(actor, permission) !== undefined, { replies })}
          person={{ name }}
          organisation={installation}
          notices={notices}
          isSandbox={installation.mode === "sandbox"}
          phonesUrl={phonesUrl}
          signOut={leave}
        >
          {children}
        </AppShell>
      </StepUpProvider>
    </ClientMessages>
  );
}
