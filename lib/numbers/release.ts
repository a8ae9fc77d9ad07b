import type { Role } from "@/lib/identity/actor";

/** Who wants a stop to end (compliance 3.3): two people, one of them compliance. */
export interface Release {
  askedBy: string;
  askerRoles: readonly Role[];
  releaserId: string;
  releaserRoles: readonly Role[];
  /** Only one person can sign in, and solo mode is on (decision 8). */
  isSolo: boolean;
}

export type ReleaseVerdict = "two_people" | "solo" | "same_person" | "compliance_missing";

export function judgeRelease({ askedBy, askerRoles, releaserId, releaserRoles, isSolo }: Release): ReleaseVerdict {
  if (isSolo) return "solo";
  if (askedBy === releaserId) return "same_person";
  return [...askerRoles, ...releaserRoles].includes("compliance") ? "two_people" : "compliance_missing";
}
