import { log, safeMessage } from "@/lib/foundation/log";
import type { DeadItem, Placed } from "./placed";

/**
 * Applies all at once where that works; else one by one, and answers what still fails. What fails because the database is
 * busy or away says nothing about the item, so it is thrown: the whole round is repeated later.
 */
export async function oneOrEach<P extends Placed>(
  placed: readonly P[],
  apply: (placed: readonly P[]) => Promise<unknown>,
): Promise<DeadItem[]> {
  if (placed.length === 0) return [];
  try {
    await apply(placed);
    return [];
  } catch (error) {
    if (isPassing(error)) throw error;
    const [only] = placed;
    if (placed.length === 1 && only) return [deadItem(only, error)];
    const dead: DeadItem[] = [];
    for (const one of placed) dead.push(...(await oneOrEach([one], apply)));
    return dead;
  }
}

function deadItem({ lane, inboxId, position, item }: Placed, error: unknown): DeadItem {
  const reason = safeMessage(rootCause(error));
  log.error("webhook.item_put_aside", { inboxId, position, kind: item.kind, error: reason });
  return { lane, inboxId, position, kind: item.kind, error: reason.slice(0, 500) };
}

/** drizzle wraps what the database said. */
function rootCause(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? rootCause(error.cause) : error;
}

/** Times that work is begun again when others stood in its way. */
const DEADLOCK_TRIES = 5;

/**
 * Two bodies about the same people may wait for each other: the database ends one of them, and it begins again. `work` is a
 * transaction of its own, so nothing of the first time is left.
 */
export async function untilNoDeadlock<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const cause = rootCause(error);
      const isDeadlock =
        cause instanceof Error && "code" in cause && (cause.code === "40P01" || cause.code === "40001");
      if (!isDeadlock || tries === DEADLOCK_TRIES) throw error;
    }
  }
}

/** Connection lost, resources short, deadlock or serialisation, server stopping, lock not to be had, network. */
const PASSING = /^(08...|53...|40...|57P0.|55P03|CONNECT\w*|ECONN\w*|ETIMEDOUT|EPIPE)$/;

/** Whether it would go well at another time, so that it says nothing about what was tried. */
export function isPassing(error: unknown): boolean {
  const cause = rootCause(error);
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" && PASSING.test(cause.code);
}
