"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Draws the page anew every so often while something is under way; the server says when it is over. */
export function useRefreshWhile(isRunning: boolean, everyMs: number): void {
  const router = useRouter();
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => router.refresh(), everyMs);
    return () => clearInterval(timer);
  }, [isRunning, everyMs, router]);
}
