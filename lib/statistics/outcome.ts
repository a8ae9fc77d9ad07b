/**
 * Why a figure does not exist. A statistic is either computed or one of these; it is never NaN.
 * Infinite bounds are values ("no upper limit"), not reasons.
 */
export type Reason =
  | "invalidInput" // not a count, a share outside [0, 1], an α outside (0, 1): a fault of the caller
  | "noContacts" // an arm, or everything, has nobody in it
  | "tooFewContacts" // a variance needs two contacts
  | "tooFewArms" // a comparison needs two arms
  | "zeroVariance" // every contact has the same value: there is nothing to judge a difference by
  | "constantCovariate" // the covariate has the same value for everybody
  | "noSuccesses" // 0 / 0
  | "noRevenue" // nobody bought anything
  | "noDenominator" // the denominator of a ratio metric sums to zero
  | "noSpend" // a return on nothing
  | "deliveryUnbalanced" // the arms were delivered to different people
  | "notReachable" // no value reaches the wanted power
  | "baselineNotDistinguishableFromZero"; // Fieller's interval of the lift is unbounded

export type Unavailable = { readonly value: null; readonly reason: Reason };
export type Outcome<T> = { readonly value: T; readonly reason: null } | Unavailable;

export const computed = <T>(value: T): Outcome<T> => ({ value, reason: null });
export const unavailable = (reason: Reason): Unavailable => ({ value: null, reason });

export const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
export const isOpenShare = (value: number): boolean => value > 0 && value < 1;
