"use client";

import { useEffect, useRef, useState } from "react";
import type { CampaignStatus } from "@/lib/campaigns/campaign";

const AT_MOST_EVERY_MS = 10_000;

/** Tells screen readers how it goes: at once when the state changes, otherwise at most every ten seconds. */
export function Announcer({ text, status }: { text: string; status: CampaignStatus }) {
  const [said, setSaid] = useState("");
  const last = useRef({ text, status, at: 0 });
  useEffect(() => {
    if (text === last.current.text && status === last.current.status) return;
    const wait = status === last.current.status ? last.current.at + AT_MOST_EVERY_MS - Date.now() : 0;
    const timer = setTimeout(
      () => {
        last.current = { text, status, at: Date.now() };
        setSaid(text);
      },
      Math.max(0, wait),
    );
    return () => clearTimeout(timer);
  }, [text, status]);
  return (
    <p className="sr-only" aria-live="polite">
      {said}
    </p>
  );
}
