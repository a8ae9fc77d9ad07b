import type { ReactNode } from "react";
import { BrandMark } from "./brand-mark";

/** A page that says one thing: not found, not allowed, failed. */
export function MessagePage({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <main id="main" className="mx-auto grid max-w-[560px] gap-4 px-4 py-20">
      <BrandMark size={28} />
      <h1 className="answer">{title}</h1>
      <p className="text-head text-muted">{text}</p>
      <div className="flex flex-wrap items-center gap-3">{children}</div>
    </main>
  );
}
