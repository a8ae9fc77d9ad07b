import type { CampaignSchedule } from "./schedule";
import { type Place, type SendTime, sendDays, type Timing } from "./send-time";

/** People of one place who will be written to from one instant on, as far as it can be told before they are drawn. */
export interface ForecastWave extends Place, SendTime {
  /** Without the holdout. */
  people: number;
  /** Days after the first, where so many a day are allowed. */
  day: number;
  /** Nothing of it leaves: the campaign's deadline comes before. */
  isAfterDeadline: boolean;
}

interface Audience {
  places: readonly (Place & { reachable: number })[];
  holdoutBasisPoints: number;
  perDay: CampaignSchedule["perDay"];
  deadlineAt: Date | null;
}

/** More days than this are not shown one by one; the last of them then stands for the rest. */
const MOST_DAYS = 90;

/** The waves that an audience makes, earliest first: every place, on every day that it takes. */
export function forecastWaves(
  timing: Timing,
  { places, holdoutBasisPoints, perDay, deadlineAt }: Audience,
): ForecastWave[] {
  const written = places.map(({ reachable }) => Math.round((reachable * (10_000 - holdoutBasisPoints)) / 10_000));
  const total = written.reduce((sum, people) => sum + people, 0);
  const days = perDay === null || total === 0 ? 1 : Math.min(MOST_DAYS, Math.ceil(total / perDay));
  const until = (day: number) => (perDay === null || day + 1 >= days ? 1 : ((day + 1) * perDay) / total);
  return places
    .flatMap(({ country, zone }, index) => {
      const timeOn = sendDays(timing, { country, zone });
      return Array.from({ length: days }, (_, day) => {
        const all = written[index] ?? 0;
        // Rounded at both ends, so that the days of a place add up to its people.
        const people = Math.round(all * until(day)) - (day === 0 ? 0 : Math.round(all * until(day - 1)));
        const time = timeOn(day);
        const isAfterDeadline = deadlineAt !== null && time.at >= deadlineAt;
        return { country, zone, people, day, isAfterDeadline, ...time };
      });
    })
    .filter(({ people }) => people > 0)
    .sort((one, two) => one.at.getTime() - two.at.getTime() || two.people - one.people);
}
