"use client";

import type { ComponentProps, ReactNode } from "react";
import { ConfirmButton } from "@/app/_ui/overlays.client";

type Choice = Pick<ComponentProps<typeof ConfirmButton>, "label" | "title" | "action"> & { text: ReactNode };

/** What the second of two people decides: that it is done, or that all stays. Whoever asked never sees these. */
export function SecondPerson({ does, keeps }: { does: Choice; keeps: Choice }) {
  return (
    <span className="flex flex-wrap gap-2">
      <ConfirmButton
        size="small"
        label={does.label}
        title={does.title}
        confirmLabel={does.label}
        confirmLook="danger"
        action={does.action}
      >
        {does.text}
      </ConfirmButton>
      <ConfirmButton
        size="small"
        look="quiet"
        label={keeps.label}
        title={keeps.title}
        confirmLabel={keeps.label}
        action={keeps.action}
      >
        {keeps.text}
      </ConfirmButton>
    </span>
  );
}
