import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** How long a link works. */
export const LINK_DAYS = 7;
const SECRET_BYTES = 32;

/** A secret that goes to one person; we keep its hash. 256 random bits need no slow hash. */
export function newSecret(): { text: string; hash: Buffer } {
  const text = randomBytes(SECRET_BYTES).toString("base64url");
  return { text, hash: secretHash(text) };
}

export function secretHash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

export interface LinkState {
  expiresAt: Date;
  revokedAt: Date | null;
  claimHash: Buffer | null;
}

export type LinkVerdict = "gone" | "unclaimed" | "theirs" | "somebody_elses";

/** Whose a link is: the first browser that opens it keeps it, so that a link passed on or leaked opens nothing more. */
export function judgeLink(link: LinkState | undefined, claim: string | undefined, now: Date): LinkVerdict {
  if (!link || link.revokedAt || link.expiresAt <= now) return "gone";
  if (!link.claimHash) return "unclaimed";
  return claim !== undefined && timingSafeEqual(secretHash(claim), link.claimHash) ? "theirs" : "somebody_elses";
}
