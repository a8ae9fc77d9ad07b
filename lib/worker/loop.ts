import { setTimeout as pause } from "node:timers/promises";
import { log, safeMessage } from "@/lib/foundation/log";

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;

export interface Loop {
  /** For logs. */
  name: string;
  /** How long to rest after a round that found nothing to do. */
  restMs: number;
  /** One bounded round; true when there may be more to do at once. */
  round: () => Promise<boolean>;
}

/**
 * Repeats `round` until `signal` aborts. A round that throws is logged and tried again after a growing pause, so that a
 * database that is away for a while stops nothing for good. Resolves when the last round has ended.
 */
export async function runLoop({ name, restMs, round }: Loop, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    let rest = restMs;
    try {
      const hasMore = await round();
      failures = 0;
      if (hasMore) continue;
    } catch (error) {
      failures += 1;
      rest = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1));
      log.error("worker.round_failed", { loop: name, failures, error: safeMessage(error) });
    }
    await pause(rest, undefined, { signal }).catch(() => {}); // aborted: the loop's condition ends it
  }
}
