"use client";

import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import type { ActionResult } from "@/app/_server/action";
import type { Edited } from "@/lib/campaigns/commands/edit-campaign";
import { useSaving } from "./saving.client";

const DEBOUNCE_MS = 800;
const RETRY_MS = 5_000;

type Keyed = { campaignId: string; version: number };

export interface Conflict<I> {
  /** Id of the person who was first; null for nobody known. */
  changedBy: string | null;
  changedAt: string;
  mine: I;
  theirs: I;
  keepMine: () => void;
  takeTheirs: () => void;
}

/**
 * Saves a step 800 ms after the last change, one save at a time, each naming the version it builds on. Somebody else's
 * save in between: when it touched another step ours goes on top, otherwise the person chooses. Without a connection it
 * tries again; leaving the step saves at once.
 */
export function useAutosave<I extends object>({
  input,
  kept,
  keptVersion,
  save,
  take,
}: {
  /** What is on the screen; null while a field cannot be read. */
  input: I | null;
  /** What the server holds, and its version: newer after every refresh of the page. */
  kept: I;
  keptVersion: number;
  save: (input: I & Keyed) => Promise<ActionResult<Edited>>;
  /** Puts another state on the screen. */
  take: (theirs: I) => void;
}): Conflict<I> | undefined {
  const router = useRouter();
  const { campaignId, status, setStatus, version, flush } = useSaving();
  /** What needs no saving: the screen as it opened, then what was saved last. Opening a step never writes. */
  const base = useRef(input ?? kept);
  /** What the server was known to hold when that was so. */
  const known = useRef(kept);
  const latest = useRef(input);
  latest.current = input;
  const taking = useRef(take);
  taking.current = take;
  const running = useRef<Promise<boolean>>(undefined);
  const isStopped = useRef(false);
  const [conflict, setConflict] = useState<Conflict<I>>();

  const send = useCallback(
    async (value: I): Promise<boolean> => {
      setStatus({ kind: "saving" });
      try {
        const result = await save({ ...value, campaignId, version: version.current });
        if (result.ok) {
          version.current = result.data.version;
          base.current = value;
          known.current = value;
          setStatus({ kind: "saved", at: Date.now(), isApprovalVoided: result.data.isApprovalVoided });
          return true;
        }
        isStopped.current = true;
        if (result.code === "conflict") {
          const { version: theirs, changedBy, changedAt } = result.params;
          setStatus({
            kind: "conflict",
            version: Number(theirs),
            changedBy: typeof changedBy === "string" ? changedBy : null,
            changedAt: String(changedAt),
          });
          router.refresh();
        } else setStatus({ kind: "refused", code: result.code });
      } catch {
        setStatus({ kind: "offline" });
      }
      return false;
    },
    [campaignId, router, save, setStatus, version],
  );

  const push = useCallback(async (): Promise<boolean> => {
    if (running.current && !(await running.current)) return false;
    const value = latest.current;
    if (value === null || isStopped.current) return false;
    if (isSame(value, base.current)) return true;
    running.current = send(value).finally(() => {
      running.current = undefined;
    });
    return running.current;
  }, [send]);

  const text = JSON.stringify(input);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the input, which is new at every render
  useEffect(() => {
    if (input === null) return setStatus({ kind: "held" });
    if (isSame(input, base.current)) {
      if (status.kind === "held" || status.kind === "waiting") setStatus({ kind: "clean" }); // typed back
      return;
    }
    isStopped.current &&= status.kind === "conflict"; // after a refusal another value may be accepted
    if (isStopped.current) return;
    setStatus({ kind: "waiting" });
    const timer = setTimeout(() => void push(), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text, push]);

  useEffect(() => {
    if (status.kind !== "offline") return;
    const again = () => void push();
    const timer = setTimeout(again, RETRY_MS);
    window.addEventListener("online", again);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("online", again);
    };
  }, [status.kind, push]);

  useEffect(() => {
    if (status.kind !== "conflict" || keptVersion < status.version) return; // the refreshed page has not come yet
    const goOn = () => {
      base.current = kept;
      known.current = kept;
      version.current = keptVersion;
      isStopped.current = false;
      setConflict(undefined);
    };
    const mine = latest.current;
    if (mine === null || isSame(kept, known.current) || isSame(kept, mine)) {
      goOn();
      setStatus({ kind: "waiting" });
      void push().then((isSaved) => isSaved && isSame(kept, latest.current ?? kept) && setStatus({ kind: "clean" }));
      return;
    }
    setConflict({
      changedBy: status.changedBy,
      changedAt: status.changedAt,
      mine,
      theirs: kept,
      keepMine() {
        goOn();
        void push();
      },
      takeTheirs() {
        goOn();
        setStatus({ kind: "clean" });
        taking.current(kept);
      },
    });
  }, [status, kept, keptVersion, push, setStatus, version]);

  useEffect(() => {
    flush.current = push;
    return () => {
      flush.current = async () => true;
      void push();
    };
  }, [flush, push]);
  return conflict;
}

function isSame(one: object, other: object): boolean {
  return textOf(one) === textOf(other);
}

/** Keys in one order: the database gives them back in its own. */
function textOf(value: object): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
