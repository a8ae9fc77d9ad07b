import { computed, type Outcome, unavailable } from "./outcome";

export interface RollOut {
  /** Everybody who will get one of the two messages. */
  readonly audience: number;
  /** Standard deviation of one contact's response; √(p(1−p)) for a rate. */
  readonly responseSd: number;
  /** Standard deviation of the arms' true means, from past campaigns. */
  readonly priorSd: number;
}

/**
 * Contacts per arm for "test, then send the winner" with two arms that earns the most in expectation (Feit & Berman 2019,
 * Marketing Science 38): √((N/4)r + (¾r)²) − ¾r, r = (responseSd/priorSd)².
 */
export function testAndRoll({ audience, responseSd, priorSd }: RollOut): Outcome<number> {
  if (![audience, responseSd, priorSd].every((value) => value > 0 && Number.isFinite(value))) {
    return unavailable("invalidInput");
  }
  const ratio = (responseSd / priorSd) ** 2;
  const share = 0.75 * ratio;
  // a − b written as (a² − b²)/(a + b): the two are nearly equal when the arms hardly differ.
  return computed(((audience / 4) * ratio) / (Math.sqrt((audience / 4) * ratio + share * share) + share));
}
