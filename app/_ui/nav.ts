import type { Permission } from "@/lib/identity/permissions";

/**
 * The items of the left rail, in order; `needs` is the permission without which an item is absent, `otherwise` where it leads
 * whoever lacks that one and holds another.
 */
export const navItems = [
  { id: "home", href: "/" },
  { id: "campaigns", href: "/campaigns", needs: "campaign.read" },
  { id: "replies", href: "/replies", needs: "conversation.read" },
  { id: "audiences", href: "/audiences", needs: "segment.read" },
  { id: "templates", href: "/templates", needs: "template.read" },
  {
    id: "compliance",
    href: "/compliance",
    needs: "consent.read",
    otherwise: { href: "/compliance/admin-log", needs: "audit.read" },
  },
  { id: "roi", href: "/roi", needs: "roi.read" },
  { id: "settings", href: "/settings", needs: "number.read" },
] as const satisfies readonly (Way & { id: string; otherwise?: Way })[];

interface Way {
  href: string;
  needs?: Permission;
}

export type NavId = (typeof navItems)[number]["id"];

export interface NavLink {
  id: NavId;
  href: string;
  /** Things that wait there. */
  count?: number;
}

/** What a person with these permissions sees. */
export function navLinks(
  holds: (permission: Permission) => boolean,
  counts: Partial<Record<NavId, number>> = {},
): NavLink[] {
  return navItems.flatMap((item) => {
    const ways: Way[] = "otherwise" in item ? [item, item.otherwise] : [item];
    const way = ways.find(({ needs }) => !needs || holds(needs));
    return way ? [{ id: item.id, href: way.href, count: counts[item.id] }] : [];
  });
}
