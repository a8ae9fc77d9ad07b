"use client";

import { usePathname } from "next/navigation";
import { Tabs } from "@/app/_ui/tabs.client";

export interface Area {
  label: string;
  tabs: { href: string; label: string }[];
}

/** The parts of the area, and below them the pages of the part one is in, where it has more than one. */
export function AreaTabs({ label, areas }: { label: string; areas: readonly Area[] }) {
  const path = usePathname();
  const matches = areas.flatMap((area) =>
    area.tabs.filter(({ href }) => path === href || path.startsWith(`${href}/`)).map(({ href }) => ({ area, href })),
  );
  const current = matches.toSorted((one, other) => other.href.length - one.href.length)[0]?.area;
  return (
    <>
      <Tabs
        label={label}
        tabs={areas.flatMap((area) => {
          const [first] = area.tabs;
          // inside its part, a tab stands for the page one is on
          const href = area === current ? (matches.at(-1)?.href ?? first?.href) : first?.href;
          return href ? [{ href, label: area.label }] : [];
        })}
      />
      {current && current.tabs.length > 1 && <Tabs label={current.label} tabs={current.tabs} />}
    </>
  );
}
