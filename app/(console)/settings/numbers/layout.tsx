import type { ReactNode } from "react";
import { ClientMessages } from "@/app/_ui/client-messages";

/** Texts of the numbers' pages for their client components. */
export default function NumbersLayout({ children }: { children: ReactNode }) {
  return <ClientMessages namespaces={["numbers"]}>{children}</ClientMessages>;
}
