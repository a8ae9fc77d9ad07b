"use client";

import type { ReactNode } from "react";
import { useFormStatus } from "react-dom";
import { type ButtonLook, buttonClass } from "./button";
import { UiText } from "./ui-text.client";

/** Sends its form once; while the answer is on its way it says what it does and ignores further presses. */
export function SubmitButton({
  look = "primary",
  size,
  pendingText,
  name,
  value,
  children,
}: ButtonLook & { pendingText?: string; name?: string; value?: string; children: ReactNode }) {
  const { pending } = useFormStatus();
  return (
    <button
      type="submit"
      name={name}
      value={value}
      aria-busy={pending || undefined}
      onClick={(event) => pending && event.preventDefault()}
      className={buttonClass({ look, size }, "grid place-items-center")}
    >
      {/* both texts share one cell, so the button keeps its width */}
      <span className={`col-start-1 row-start-1 inline-flex items-center gap-2 ${pending ? "invisible" : ""}`}>
        {children}
      </span>
      <span className={`col-start-1 row-start-1 ${pending ? "" : "invisible"}`} aria-hidden={!pending}>
        {pendingText ?? <UiText id="working" />}
      </span>
    </button>
  );
}
