/** Keys of what is live on the segment's pages. */
export const segmentKeys = {
  preview: (purposeId: string, rule: string) => ["segment", "preview", purposeId, rule] as const,
};
