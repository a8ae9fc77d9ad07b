/** Key of the notice that a campaign missed its start and waits for a person. */
export function lateNotice(campaignId: string): string {
  return `campaign_late ${campaignId}`;
}

/** A campaign that has not missed its start, and that nobody has said may start late. */
export const withoutLateness = { lateSince: null, lateAcceptedAt: null };
