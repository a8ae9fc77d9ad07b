/** Keys of what is live on this page. */
export const importKeys = {
  progress: (importId: string) => ["import", importId, "progress"] as const,
};
