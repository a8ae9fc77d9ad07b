import type { ReactNode } from "react";
import { ClientMessages } from "@/app/_ui/client-messages";

/** Texts of the audience's pages for their client components. */
export default function AudiencesLayout({ children }: { children: ReactNode }) {
  return <ClientMessages namespaces={["audiences", "imports"]}>{children}</ClientMessages>;
}
