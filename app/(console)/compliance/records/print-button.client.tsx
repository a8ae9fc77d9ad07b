"use client";

import { Button } from "@/app/_ui/button";

/** The browser prints the page, or keeps it as a PDF. */
export function PrintButton({ label }: { label: string }) {
  return <Button onClick={() => window.print()}>{label}</Button>;
}
