import { setTimeout as sleep } from "node:timers/promises";

export interface OutboxOptions<Item> {
  maxBatch: number;
  concurrency: number;
  /** After so many failures the batch is dropped and counted. */
  maxAttempts: number;
  /** `again` or a throw repeats the batch later; `refused` drops it, because it never will be taken. */
  deliver: (batch: Item[]) => Promise<"taken" | "again" | "refused">;
  /** Told when a batch was dropped. */
  onDropped?: (batch: Item[]) => void;
}

const FLUSH_MS = 40;
const FIRST_BACK_OFF_MS = 100;
const LONGEST_BACK_OFF_MS = 5_000;

/** Things to hand to another server: batched, few at a time, repeated with back-off until taken. */
export class Outbox<Item> {
  private waiting: Item[] = [];
  /** Items that shall come after younger ones: they join one flush later. */
  private late: Item[] = [];
  private active = 0;
  private inFlight = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly closing = new AbortController();
  private readonly running = new Set<Promise<void>>();
  dropped = 0;

  constructor(private readonly options: OutboxOptions<Item>) {}

  /** Items not yet taken by the other side. */
  get pending(): number {
    return this.waiting.length + this.late.length + this.inFlight;
  }

  add(item: Item, isLate = false) {
    if (this.closing.signal.aborted) return;
    (isLate ? this.late : this.waiting).push(item);
    this.timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  private flush() {
    this.timer = undefined;
    this.pump();
    if (this.late.length === 0) return;
    this.waiting.push(...this.late.splice(0));
    this.timer = setTimeout(() => this.flush(), FLUSH_MS);
  }

  private pump() {
    const { concurrency, maxBatch } = this.options;
    while (this.active < concurrency && this.waiting.length > 0 && !this.closing.signal.aborted) {
      const batch = this.waiting.splice(0, maxBatch);
      this.active++;
      this.inFlight += batch.length;
      const run = this.deliver(batch).finally(() => {
        this.active--;
        this.inFlight -= batch.length;
        this.running.delete(run);
        this.pump();
      });
      this.running.add(run);
    }
  }

  private async deliver(batch: Item[]) {
    for (let attempt = 1; attempt <= this.options.maxAttempts; attempt++) {
      const result = await this.options.deliver(batch).catch(() => "again");
      if (result === "taken") return;
      if (result === "refused") break;
      const backOffMs = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (attempt - 1));
      await sleep(backOffMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
      if (this.closing.signal.aborted) return;
    }
    this.dropped += batch.length;
    this.options.onDropped?.(batch);
  }

  /** Stops at once; what was not taken is left. */
  async close() {
    this.closing.abort();
    clearTimeout(this.timer);
    await Promise.all(this.running);
  }
}
