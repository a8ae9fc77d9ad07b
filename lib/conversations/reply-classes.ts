/** What an answer is. A refusal never counts as engagement, and neither does what a machine answered. */
export const replyClasses = ["positive", "question", "complaint", "opt_out", "automatic", "other"] as const;
export type ReplyClass = (typeof replyClasses)[number];

/** The class with this name; what an older or newer version wrote is `other`. */
export function knownClass(name: string): ReplyClass {
  return replyClasses.find((one) => one === name) ?? "other";
}

/** Classes that rules may give. What is a refusal is not theirs to say: the detector of the consent room decides it. */
export const ruledClasses = ["automatic", "complaint", "question", "positive"] as const;
