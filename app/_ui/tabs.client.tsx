"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

/** The parts of one thing, each a page of its own. The current one is the longest address that matches. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly { href: string; label: ReactNode }[] }) {
  const path = usePathname();
  const current = tabs
    .filter((tab) => path === tab.href || path.startsWith(`${tab.href}/`))
    .toSorted((a, b) => b.href.length - a.href.length)[0];
  return (
    <nav aria-label={label} className="tabs">
      {tabs.map((tab) => (
        <Link key={tab.href} href={tab.href} aria-current={tab === current ? "page" : undefined}>
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
