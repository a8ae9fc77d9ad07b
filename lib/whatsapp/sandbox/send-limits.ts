import { type ApiSettings, messagingLimits } from "./api-settings";
import { fault, type GraphFault } from "./graph-errors";
import type { AcceptedMessage } from "./journal";
import { type Person, takePairAllowance } from "./people";
import { TokenBucket } from "./token-bucket";
import type { World } from "./world";

const DAY_MS = 24 * 60 * 60_000;

/** Limits that count messages: throughput of the number, the pair, and unique users of the portfolio. */
export class SendLimits {
  private readonly throughput = new TokenBucket();
  /** Users written to outside of windows, by world time of the last such message, oldest first. */
  private readonly outside = new Map<string, number>();
  private readonly marketing = new Map<string, number[]>();

  /** The first limit that a message meets. Throughput is counted in real time, everything else in world time. */
  check(person: Person, how: { world: World; now: number; isOutsideWindow: boolean }): GraphFault | undefined {
    const { world, now } = how;
    if (!this.throughput.take(world.throughput, Date.now())) return fault(130429, undefined, { subcode: 2494055 });
    if (how.isOutsideWindow && this.isPortfolioFull(person.phone, world.api, now)) return fault(131048);
    return takePairAllowance(person, now) ? undefined : fault(131056);
  }

  /** Counts an accepted message; after a restart also those of the journal. */
  count(message: AcceptedMessage) {
    if (message.isOutsideWindow) {
      this.outside.delete(message.phone);
      this.outside.set(message.phone, message.at);
    }
    if (!message.category.startsWith("marketing") || message.failsWith !== undefined) return;
    const recent = (this.marketing.get(message.phone) ?? []).filter((at) => at > message.at - DAY_MS);
    this.marketing.set(message.phone, [...recent, message.at]);
  }

  /** Marketing messages that a person got in the last 24 hours of world time. */
  marketingOf(phone: string, now: number): number {
    return this.marketing.get(phone)?.filter((at) => at > now - DAY_MS && at <= now).length ?? 0;
  }

  private isPortfolioFull(phone: string, { messagingLimit }: ApiSettings, now: number): boolean {
    for (const [oldest, at] of this.outside) {
      if (at > now - DAY_MS && at <= now) break;
      this.outside.delete(oldest);
    }
    return !this.outside.has(phone) && this.outside.size >= messagingLimits[messagingLimit];
  }
}
