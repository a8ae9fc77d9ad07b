/** Throughput of a number in real time: refilled steadily, with room for a burst. */
export class TokenBucket {
  private tokens: number | undefined;
  private filledAt = 0;

  take(limits: { perSecond: number; burst: number }, now: number): boolean {
    const refilled = ((now - this.filledAt) / 1_000) * limits.perSecond;
    this.tokens = Math.min(limits.burst, (this.tokens ?? limits.burst) + refilled);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }
}
