import { median } from "simple-statistics";
import { type Moments, momentsWithZeros } from "./moments";
import { computed, type Outcome, unavailable } from "./outcome";

/** An arm's answers: everybody assigned, and how long after the message those who answered did. */
export interface ResponseTimes {
  readonly n: number;
  /** In the unit of the limit, each above 0. Later ones than the limit count as no answer. */
  readonly times: readonly number[];
}

export interface RestrictedTime {
  /** E[min(T, limit)] over everybody assigned: whoever did not answer waited for the whole time. Compare by `compareMeans`. */
  readonly moments: Moments;
  /** Share of everybody assigned that answered within the limit. */
  readonly answered: number;
  /** Among those who answered: descriptive only, because a message chooses who answers. Null: nobody did. */
  readonly medianOfAnswers: number | null;
}

/**
 * Response time as a mean that the random assignment makes comparable (restricted mean survival time; Royston & Parmar 2013).
 * Times among those who answered are not: another message makes other people answer.
 */
export function restrictedTime({ n, times }: ResponseTimes, limit: number): Outcome<RestrictedTime> {
  if (!(limit > 0) || !Number.isFinite(limit) || !times.every((time) => time >= 0)) return unavailable("invalidInput");
  const within = times.filter((time) => time < limit);
  // Saved time is 0 for everybody who did not answer, which costs nothing to add up.
  const saved = momentsWithZeros(
    n,
    within.map((time) => limit - time),
  );
  if (saved.value === null) return saved;
  return computed({
    moments: { n, mean: limit - saved.value.mean, variance: saved.value.variance },
    answered: within.length / n,
    medianOfAnswers: within.length > 0 ? median([...within]) : null,
  });
}
