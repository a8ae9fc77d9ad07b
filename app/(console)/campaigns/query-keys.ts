/** Keys of what the campaigns' pages ask for while somebody watches. */
export const queryKeys = {
  reach: (campaignId: string, choice: { segmentId: string; purposeId: string }) =>
    ["reach", campaignId, choice] as const,
  progress: (campaignId: string) => ["progress", campaignId] as const,
};
