"use client";

import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Menu as AriaMenu, MenuItem, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { type ButtonLook, buttonClass } from "./button";

export interface MenuEntry {
  id: string;
  label: string;
  /** Goes there; otherwise `onChoose` is called with the id. */
  href?: string;
}

/** A button that opens a short list of things to do. */
export function MenuButton({
  label,
  entries,
  onChoose,
  ...look
}: ButtonLook & { label: ReactNode; entries: readonly MenuEntry[]; onChoose?: (id: string) => void }) {
  return (
    <MenuTrigger>
      <AriaButton className={buttonClass(look)}>
        {label}
        <ChevronDown aria-hidden className="size-3.5" />
      </AriaButton>
      <Popover placement="bottom end" offset={4}>
        <AriaMenu className="menu" onAction={(key) => onChoose?.(String(key))}>
          {entries.map((entry) => (
            <MenuItem key={entry.id} id={entry.id} href={entry.href} className="menu-item">
              {entry.label}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
