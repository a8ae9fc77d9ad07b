"use client";

import { useRouter } from "next/navigation";
import {
  createContext,
  type ReactNode,
  type RefObject,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslations } from "use-intl/react";
import { Button } from "@/app/_ui/button";
import { useFormats } from "@/app/_ui/formats-provider.client";
import type { AppErrorCode } from "@/lib/foundation/errors";

/** How the draft on this screen stands against the one that is kept. */
export type SaveStatus =
  | { kind: "clean" }
  | { kind: "waiting" }
  | { kind: "saving" }
  | { kind: "saved"; at: number; isApprovalVoided: boolean }
  /** A field is not readable: nothing of this step is saved until it is mended. */
  | { kind: "held" }
  | { kind: "offline" }
  | { kind: "refused"; code: AppErrorCode }
  | { kind: "conflict"; version: number; changedBy: string | null; changedAt: string };

interface Saving {
  campaignId: string;
  status: SaveStatus;
  setStatus: (status: SaveStatus) => void;
  /** The version that this screen last saw; the next save names it. */
  version: RefObject<number>;
  /** Saves what waits, at once; false when it could not. Set by the step's form. */
  flush: RefObject<() => Promise<boolean>>;
}

const SavingContext = createContext<Saving | undefined>(undefined);

export function useSaving(): Saving {
  const saving = useContext(SavingContext);
  if (!saving) throw new Error("useSaving needs a SavingProvider above it");
  return saving;
}

/** Around one step of the builder: form, save line and buttons share what is saved and what is not. */
export function SavingProvider({
  campaignId,
  version,
  children,
}: {
  campaignId: string;
  version: number;
  children: ReactNode;
}) {
  const [status, setStatus] = useState<SaveStatus>({ kind: "clean" });
  const seen = useRef(version);
  const flush = useRef<() => Promise<boolean>>(async () => true);
  const saving = useMemo(() => ({ campaignId, status, setStatus, version: seen, flush }), [campaignId, status]);
  useEffect(() => {
    const isOpen = status.kind !== "clean" && status.kind !== "saved";
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    if (isOpen) window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [status.kind]);
  return <SavingContext value={saving}>{children}</SavingContext>;
}

const TICK_MS = 5_000;
const SECOND_MS = 1_000;

/** `Guardado hace 3 s`: screen readers hear the state, not the seconds. */
export function SaveLine() {
  const t = useTranslations("builder");
  const errors = useTranslations("errors");
  const formats = useFormats();
  const { status } = useSaving();
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (status.kind !== "saved") return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [status]);
  switch (status.kind) {
    case "clean":
      return t("save.clean");
    case "refused":
      return <span className="text-bad">{t("save.refused", { reason: errors(status.code) })}</span>;
    case "saved":
      return (
        <>
          {t(status.isApprovalVoided ? "save.savedVoided" : "save.saved")}
          {!status.isApprovalVoided && now - status.at >= SECOND_MS && (
            <span aria-hidden="true"> {formats.relativeTime(status.at, now)}</span>
          )}
        </>
      );
    case "held":
    case "offline":
    case "conflict":
      return <span className="text-bad">{t(`save.${status.kind}`)}</span>;
    default:
      return t(`save.${status.kind}`);
  }
}

/** Goes on once everything is saved; Ctrl or ⌘ with Enter does the same, with S it only saves. */
export function ContinueButton({ href, label }: { href: string; label: string }) {
  const t = useTranslations("builder");
  const router = useRouter();
  const { flush } = useSaving();
  const go = useCallback(async () => {
    if (await flush.current()) router.push(href);
    else document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [flush, href, router]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      if (event.key === "Enter") {
        event.preventDefault();
        void go();
      } else if (event.key.toLowerCase() === "s") {
        event.preventDefault();
        void flush.current();
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [go, flush]);
  return (
    <Button look="primary" onClick={() => void go()} aria-keyshortcuts="Control+Enter Meta+Enter" title={t("shortcut")}>
      {label}
    </Button>
  );
}

let lastStep: string | undefined;

/** After going to another step its heading has the focus; opening or reloading a page leaves it where it is. */
export function FocusStepHeading({ step }: { step: string }) {
  useEffect(() => {
    if (lastStep !== undefined && lastStep !== step) document.querySelector<HTMLElement>("h1")?.focus();
    lastStep = step;
  }, [step]);
  return null;
}
