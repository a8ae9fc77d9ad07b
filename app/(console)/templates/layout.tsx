import type { ReactNode } from "react";
import { ClientMessages } from "@/app/_ui/client-messages";

/** Texts of the templates' pages for their client components. */
export default function TemplatesLayout({ children }: { children: ReactNode }) {
  return <ClientMessages namespaces={["templates"]}>{children}</ClientMessages>;
}
