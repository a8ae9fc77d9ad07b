import { spontaneousPurchase } from "./behaviour";
import { shortHash } from "./draws";
import type { SandboxState } from "./journal";
import type { Person, Received } from "./people";
import type { World } from "./world";

export interface Conversion {
  source: "sandbox-shop";
  orderId: string;
  occurredAt: string;
  amountMicros: number;
  currency: string;
  clickId?: string;
  phone: string;
}

/** One purchase: when, in which horizon. */
export interface Order {
  at: number;
  horizon: number;
  byHand?: { number: number; amountMicros: number };
}

const DEFAULT_HORIZON_MS = 72 * 60 * 60_000;
const SHORTEST_WAY_TO_THE_TILL_MS = 60_000;

/** When people of the world buy, and what. One purchase per person and horizon. */
export class Shop {
  world: World;
  horizon: SandboxState["horizon"];

  constructor(
    private readonly seed: number,
    state: Pick<SandboxState, "world" | "horizon">,
  ) {
    this.world = state.world;
    this.horizon = state.horizon;
  }

  openHorizon(horizon: { from: string; hours: number }) {
    this.horizon = { ...horizon, number: (this.horizon?.number ?? 0) + 1 };
  }

  /** Whoever is sent to before the horizon opens already is the person of that horizon. */
  get horizonNumber(): number {
    return Math.max(1, this.horizon?.number ?? 0);
  }

  isSpontaneousBuyer(person: Person): boolean {
    return person.belongsToWorld && this.spontaneous(person, this.horizonNumber).buys;
  }

  /** World time of the purchase that needs no message; undefined for people who make none in this horizon. */
  spontaneousPurchaseAt(person: Person): number | undefined {
    if (!this.horizon || !this.isSpontaneousBuyer(person)) return undefined;
    const from = Date.parse(this.horizon.from);
    return from + this.spontaneous(person, this.horizonNumber).position * (endOf(this.horizon) - from);
  }

  /** World time of the purchase that a message brings, in what is left of the horizon after its last step. */
  causedPurchaseAt({ story, message }: Received, after: number): number | undefined {
    if (!story.purchase) return undefined;
    const end = this.horizon ? endOf(this.horizon) : message.at + DEFAULT_HORIZON_MS;
    return after + story.purchase.position * Math.max(SHORTEST_WAY_TO_THE_TILL_MS, end - after);
  }

  /** `byHand`: a purchase beside the model, named by a number of its own. */
  order(person: Person, { at, horizon, byHand }: Order): Conversion {
    const name = byHand ? `hand:${byHand.number}` : horizon;
    return {
      source: "sandbox-shop",
      orderId: `SBX-${shortHash(`${this.seed}:${person.key}:order:${name}`)}`,
      occurredAt: new Date(at).toISOString(),
      amountMicros: byHand?.amountMicros ?? this.spontaneous(person, horizon).amountMicros,
      currency: this.world.purchases.currency,
      ...(person.clickId && { clickId: person.clickId }),
      phone: person.phone,
    };
  }

  private spontaneous(person: Person, horizon: number) {
    return spontaneousPurchase({ seed: this.seed, phone: person.key, horizon }, this.world);
  }
}

function endOf({ from, hours }: { from: string; hours: number }): number {
  return Date.parse(from) + hours * 60 * 60_000;
}
