import clsx from "clsx";
import Link from "next/link";
import { type ComponentProps, type ReactNode, useId } from "react";
import { UiText } from "./ui-text.client";

export interface ButtonLook {
  /** One `primary` a page; everything else is outlined, quiet or a link. `strong` is the 2 px ink border of Pausar. */
  look?: "default" | "primary" | "danger" | "quiet" | "strong" | "link";
  size?: "small" | "big";
}

/** Why a control may not be used now, and where to mend it. */
export interface Blocked {
  reason: ReactNode;
  fixHref?: string;
}

export function buttonClass({ look = "default", size }: ButtonLook, className?: string): string {
  return clsx("btn", look !== "default" && `btn-${look}`, size && `btn-${size}`, className);
}

/** A button. Blocked it stays focusable, does nothing and says why below. */
export function Button({
  look,
  size,
  blocked,
  className,
  ...button
}: ButtonLook & { blocked?: Blocked } & ComponentProps<"button">) {
  const reasonId = useId();
  if (!blocked) return <button type="button" {...button} className={buttonClass({ look, size }, className)} />;
  return (
    <span className="inline-grid gap-1">
      <button
        {...button}
        type="button"
        onClick={undefined}
        aria-disabled="true"
        aria-describedby={reasonId}
        className={buttonClass({ look, size }, className)}
      />
      <span id={reasonId} className="text-note text-bad max-w-80">
        {blocked.reason}{" "}
        {blocked.fixHref && (
          <Link href={blocked.fixHref}>
            <UiText id="goToBlock" />
          </Link>
        )}
      </span>
    </span>
  );
}

/** A link that looks like a button: it goes somewhere, it changes nothing. */
export function LinkButton({ look, size, className, ...link }: ButtonLook & ComponentProps<typeof Link>) {
  return <Link {...link} className={buttonClass({ look, size }, className)} />;
}
