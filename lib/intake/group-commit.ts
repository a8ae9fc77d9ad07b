/** Batches written at once: while one is on its way, the next is being filled. */
const WRITES_AT_ONCE = 2;
const MAX_BATCH = 500;

interface Waiting<Item, Outcome> {
  item: Item;
  resolve: (outcome: Outcome) => void;
  reject: (reason: unknown) => void;
}

/**
 * Lets callers that come at the same time share one write: whoever comes while others are being written goes with the next
 * batch, so one transaction commits many and nobody waits for a timer. `write` answers in the order of its items; when it
 * fails, it fails for all of its batch.
 */
export function groupCommit<Item, Outcome>(
  write: (items: readonly Item[]) => Promise<readonly Outcome[]>,
): (item: Item) => Promise<Outcome> {
  const waiting: Waiting<Item, Outcome>[] = [];
  let writing = 0;

  async function writeBatch(batch: readonly Waiting<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await write(batch.map(({ item }) => item));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome === undefined) reject(new Error("a batch answered for fewer than it was given"));
        else resolve(outcome);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  function next(): void {
    if (writing >= WRITES_AT_ONCE || waiting.length === 0) return;
    writing += 1;
    void writeBatch(waiting.splice(0, MAX_BATCH)).finally(() => {
      writing -= 1;
      next();
    });
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      setImmediate(next); // what arrives in the same turn goes together
    });
}
