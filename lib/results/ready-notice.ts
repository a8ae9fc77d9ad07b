/** Key of the notice that a campaign's results wait for a decision. */
export const readyNotice = (campaignId: string): string => `results_ready ${campaignId}`;
