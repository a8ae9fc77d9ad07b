import type { CampaignStatus } from "@/lib/campaigns/campaign";

const OFTEN_MS = 2_000;
const SELDOM_MS = 15_000;
const MOST_MS = 60_000;
const JITTER = 0.2;

const pace: Record<CampaignStatus, number | false> = {
  draft: false,
  in_review: false,
  approved: SELDOM_MS,
  scheduled: OFTEN_MS,
  sending: OFTEN_MS,
  measuring: SELDOM_MS,
  paused: SELDOM_MS,
  frozen: SELDOM_MS,
  concluded: false,
  stopped: false,
  archived: false,
};

/**
 * How long to wait before asking again, in ms; false: not at all. Jittered, so that many open pages do not ask together;
 * twice as long after every failure.
 *
 * @param draw a number from 0 to 1
 */
export function pollAfter(status: CampaignStatus, failures: number, draw: number): number | false {
  const base = pace[status];
  if (base === false) return false;
  return Math.round(Math.min(MOST_MS, base * 2 ** failures) * (1 + JITTER * draw));
}
