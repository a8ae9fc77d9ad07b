/** Unwrapped keys of this process, for a bounded time (real time, monotonic) and in a bounded number. */
export class KeyCache {
  readonly #limits: { maxAgeMs: number; maxKeys: number };
  readonly #clock: () => number;
  readonly #kept = new Map<string, { key: Buffer; until: number }>();
  /** Grows whenever something is forgotten, so that a read begun before does not bring a destroyed key back. */
  generation = 0;

  constructor(limits: { maxAgeMs: number; maxKeys: number }, clock: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** The keys that are still fresh, and the ids that must be asked for. */
  take(ids: readonly string[]): { found: Map<string, Buffer>; missing: string[] } {
    const now = this.#clock();
    const found = new Map<string, Buffer>();
    const missing: string[] = [];
    for (const id of ids) {
      const entry = this.#kept.get(id);
      if (entry && entry.until > now) found.set(id, entry.key);
      else missing.push(id);
    }
    return { found, missing };
  }

  set(id: string, key: Buffer, generation: number): void {
    if (generation !== this.generation) return;
    this.#kept.delete(id);
    this.#kept.set(id, { key, until: this.#clock() + this.#limits.maxAgeMs });
    this.#dropOldest();
  }

  forget(ids: readonly string[]): void {
    this.generation += 1;
    for (const id of ids) this.#kept.delete(id);
  }

  get size(): number {
    return this.#kept.size;
  }

  /** A map iterates in order of insertion, so the oldest are first: expired ones go, and as many as are over the bound. */
  #dropOldest(): void {
    const now = this.#clock();
    for (const [id, entry] of this.#kept) {
      if (this.#kept.size <= this.#limits.maxKeys && entry.until > now) return;
      this.#kept.delete(id);
    }
  }
}
