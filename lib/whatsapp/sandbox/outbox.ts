export interface OutboxOptions<Item> {
  /** Items in one delivery; read anew for each. */
  maxBatch: () => number;
  concurrency: number;
  /** `again` or a throw repeats the batch later; `refused` drops it, because it never will be taken. */
  deliver: (batch: Item[]) => Promise<"taken" | "again" | "refused">;
  /** Whether a batch that failed so often, first at that time of `now`, is dropped. */
  givesUp: (failed: { times: number; since: number }) => boolean;
  /** The clock of `since`. */
  now: () => number;
  longestBackOffMs: number;
  /** Told when a batch was dropped. */
  onDropped?: (batch: Item[]) => void;
}

interface Batch<Item> {
  items: Item[];
  failures: number;
  since: number;
}

const FLUSH_MS = 40;
const FIRST_BACK_OFF_MS = 100;

/**
 * Things to hand to another server: batched, few at a time. What is not taken is repeated at once and then with
 * decreasing frequency, and holds up nothing else meanwhile.
 */
export class Outbox<Item> {
  private waiting: Item[] = [];
  /** Items that shall come after younger ones: they join one flush later. */
  private late: Item[] = [];
  /** Batches whose next try is due. */
  private again: Batch<Item>[] = [];
  private readonly backOffs = new Map<Batch<Item>, NodeJS.Timeout>();
  private active = 0;
  private inHand = 0;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;
  private readonly running = new Set<Promise<void>>();
  dropped = 0;

  constructor(private readonly options: OutboxOptions<Item>) {}

  /** Items not yet taken by the other side. */
  get pending(): number {
    return this.waiting.length + this.late.length + this.inHand;
  }

  add(item: Item, isLate = false) {
    if (this.isClosed) return;
    (isLate ? this.late : this.waiting).push(item);
    this.timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  /** Tries to hand over one item before all others; resolves after the first try, whatever came of it. */
  async addAtOnce(item: Item): Promise<void> {
    if (!this.isClosed) await this.start({ items: [item], failures: 0, since: this.options.now() });
  }

  private flush() {
    this.timer = undefined;
    this.pump();
    if (this.late.length === 0) return;
    this.waiting.push(...this.late.splice(0));
    this.timer = setTimeout(() => this.flush(), FLUSH_MS);
  }

  private pump() {
    while (this.active < this.options.concurrency && !this.isClosed) {
      const batch = this.again.shift() ?? this.nextBatch();
      if (!batch) return;
      void this.start(batch);
    }
  }

  private nextBatch(): Batch<Item> | undefined {
    const items = this.waiting.splice(0, this.options.maxBatch());
    return items.length === 0 ? undefined : { items, failures: 0, since: this.options.now() };
  }

  private start(batch: Batch<Item>): Promise<void> {
    this.active++;
    if (batch.failures === 0) this.inHand += batch.items.length;
    const run = this.attempt(batch).finally(() => {
      this.active--;
      this.running.delete(run);
      this.pump();
    });
    this.running.add(run);
    return run;
  }

  private async attempt(batch: Batch<Item>) {
    const result = await this.options.deliver(batch.items).catch(() => "again");
    if (result === "again" && !this.options.givesUp({ times: batch.failures + 1, since: batch.since })) {
      batch.failures++;
      return this.repeatLater(batch);
    }
    this.inHand -= batch.items.length;
    if (result === "taken") return;
    this.dropped += batch.items.length;
    this.options.onDropped?.(batch.items);
  }

  private repeatLater(batch: Batch<Item>) {
    if (this.isClosed) return;
    const backOffMs = Math.min(this.options.longestBackOffMs, FIRST_BACK_OFF_MS * 2 ** (batch.failures - 2));
    const timer = setTimeout(
      () => {
        this.backOffs.delete(batch);
        this.again.push(batch);
        this.pump();
      },
      batch.failures === 1 ? 0 : backOffMs,
    );
    this.backOffs.set(batch, timer);
  }

  /** Stops at once; what was not taken is left. */
  async close() {
    this.isClosed = true;
    clearTimeout(this.timer);
    for (const timer of this.backOffs.values()) clearTimeout(timer);
    await Promise.all(this.running);
  }
}
