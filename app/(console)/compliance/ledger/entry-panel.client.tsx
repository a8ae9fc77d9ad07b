"use client";

import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { SidePanel } from "@/app/_ui/overlays.client";

/** The panel of the entry in the address; closing it goes back to the list as it was. */
export function EntryPanel({ title, closeHref, children }: { title: string; closeHref: string; children: ReactNode }) {
  const router = useRouter();
  return (
    <SidePanel title={title} isOpen onOpenChange={(isOpen) => !isOpen && router.push(closeHref, { scroll: false })}>
      {children}
    </SidePanel>
  );
}
