import type { Person, Received } from "./people";
import type { Order, Shop } from "./shop";
import type { Outlets, Teller } from "./teller";

/** A purchase that will happen, unless the person has bought in that horizon before. */
export interface Purchase {
  kind: "buy";
  person: Person;
  horizon: number;
}

/** Purchases on their way: planned, made, and reported when the visit that led to them is over. */
export class Purchases {
  /** Made, and not reported yet. */
  open = 0;

  constructor(
    private readonly parts: {
      shop: Shop;
      teller: Teller;
      outlets: Outlets;
      plan: (at: number, purchase: Purchase) => void;
    },
  ) {}

  /** After the last step that a message brought. */
  planCaused(received: Received, after: number) {
    this.plan(this.parts.shop.causedPurchaseAt(received, after), received.person);
  }

  planSpontaneous(person: Person) {
    this.plan(this.parts.shop.spontaneousPurchaseAt(person), person);
  }

  private plan(at: number | undefined, person: Person) {
    if (at !== undefined) this.parts.plan(at, { kind: "buy", person, horizon: this.parts.shop.horizonNumber });
  }

  buy({ person, horizon }: Purchase, { at, isPast }: { at: number; isPast: boolean }) {
    if (person.boughtIn === horizon) return;
    person.boughtIn = horizon;
    if (!isPast) this.report(person, { at, horizon });
  }

  report(person: Person, order: Order) {
    this.open++;
    void Promise.resolve(person.visit).then(() => {
      this.open--;
      const { counts } = this.parts.teller;
      counts.purchases++;
      if (person.clickId) counts.purchasesAfterClick++;
      this.parts.outlets.conversion(this.parts.shop.order(person, order));
    });
  }
}
