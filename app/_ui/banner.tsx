import type { ReactNode } from "react";
import { type Tone, toneIcons } from "./tones";

/** Says what happens, what is still safe and what to do. `bad` and `warn` are announced when they appear. */
export function Banner({ tone = "info", children, action }: { tone?: Tone; children: ReactNode; action?: ReactNode }) {
  const Icon = toneIcons[tone];
  return (
    <div className={`banner tone-${tone}`} role={tone === "bad" || tone === "warn" ? "alert" : "status"}>
      <Icon aria-hidden />
      <div className="banner-text">{children}</div>
      {action && <div className="ml-auto whitespace-nowrap">{action}</div>}
    </div>
  );
}

/** A remark beside the thing it explains; it is part of the text and never announced. */
export function Callout({ tone = "info", children }: { tone?: Tone; children: ReactNode }) {
  const Icon = toneIcons[tone];
  return (
    <div className={`flex gap-2 tone-${tone}`}>
      <Icon aria-hidden className="tone-icon mt-[3px]" />
      <div className="min-w-0 max-w-measure">{children}</div>
    </div>
  );
}

/** The mark of a sandbox: on every page, in print too. */
export function SandboxBanner({ title, children }: { title: string; children: ReactNode }) {
  return (
    <aside className="sandbox-stripes" aria-label={title}>
      <b>{title}</b>
      {children}
    </aside>
  );
}
