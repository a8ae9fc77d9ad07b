"use client";

import { Printer } from "lucide-react";
import { Button } from "@/app/_ui/button";

/** The page is made for one A4: the browser prints it, or saves it as PDF. */
export function PrintButton({ label }: { label: string }) {
  return (
    <Button look="primary" className="no-print" onClick={() => window.print()}>
      <Printer aria-hidden />
      {label}
    </Button>
  );
}
