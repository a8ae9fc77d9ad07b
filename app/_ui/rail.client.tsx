"use client";

import {
  ChartColumn,
  House,
  type LucideIcon,
  Menu as MenuIcon,
  MessageSquareText,
  MessagesSquare,
  Send,
  ShieldCheck,
  SlidersHorizontal,
  Users,
} from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { Dialog as AriaDialog } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { useTranslations } from "use-intl/react";
import { BrandMark } from "./brand-mark";
import { useFormats } from "./formats-provider.client";
import type { NavId, NavLink } from "./nav";

const icons: Record<NavId, LucideIcon> = {
  home: House,
  campaigns: Send,
  replies: MessagesSquare,
  audiences: Users,
  templates: MessageSquareText,
  compliance: ShieldCheck,
  roi: ChartColumn,
  settings: SlidersHorizontal,
};

const section = (href: string) => `/${href.split("/")[1] ?? ""}`;

/** The item whose part of the house the address is in. */
function useCurrent(links: readonly NavLink[]): NavLink | undefined {
  const path = usePathname();
  return links.find((link) => section(link.href) === section(path));
}

export function RailNav({ links, onNavigate }: { links: readonly NavLink[]; onNavigate?: () => void }) {
  const t = useTranslations("common");
  const formats = useFormats();
  const current = useCurrent(links);
  return (
    <nav aria-label={t("mainNavigation")} className="rail-nav">
      {links.map((link) => {
        const Icon = icons[link.id];
        const name = t(`nav.${link.id}`);
        const count = link.count ?? 0;
        const countText = formats.integer(count);
        return (
          <Link
            key={link.id}
            href={link.href}
            title={name}
            onClick={onNavigate}
            aria-label={count > 0 ? t("navPending", { name, count, countText }) : name}
            aria-current={link === current ? "page" : undefined}
          >
            <Icon aria-hidden />
            <span className="rail-label">{name}</span>
            {count > 0 && <span className="rail-count">{countText}</span>}
          </Link>
        );
      })}
    </nav>
  );
}

/** On a phone the rail is a drawer behind a button. */
export function DrawerNav({ links }: { links: readonly NavLink[] }) {
  const t = useTranslations("common");
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button type="button" className="menu-button" aria-label={t("openMenu")} onClick={() => setIsOpen(true)}>
        <MenuIcon aria-hidden className="size-5" />
      </button>
      <ModalOverlay
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        isDismissable
        className="fixed inset-0 z-30 bg-[var(--scrim)]"
      >
        <Modal className="drawer">
          <AriaDialog aria-label={t("mainNavigation")} className="outline-none">
            <div className="brand">
              <BrandMark />
              Contraste
            </div>
            <RailNav links={links} onNavigate={() => setIsOpen(false)} />
            <button type="button" className="btn mt-4 w-full" onClick={() => setIsOpen(false)}>
              {t("closeMenu")}
            </button>
          </AriaDialog>
        </Modal>
      </ModalOverlay>
    </>
  );
}

/** In which part of the house one is; a link back to its first page. */
export function SectionCrumb({ links }: { links: readonly NavLink[] }) {
  const t = useTranslations("common");
  const current = useCurrent(links);
  return current ? (
    <Link href={current.href} className="truncate text-muted no-underline hover:text-ink">
      {t(`nav.${current.id}`)}
    </Link>
  ) : null;
}
