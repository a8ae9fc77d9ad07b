/** Bounds of a session, in real time. compliance/design.md 5. */
const SESSION_IDLE_MS = 30 * 60_000;
export const SESSION_LIFE_MS = 12 * 60 * 60_000;
/** A further sign-in ends the oldest. */
export const SESSIONS_PER_USER = 5;
/** `last_seen_at` is written at most this often, so that reading a page is not a write. */
export const SESSION_TOUCH_MS = 60_000;

export interface SessionTimes {
  createdAt: Date;
  lastSeenAt: Date;
  revokedAt: Date | null;
}

/** True while the session may be used: not ended, not idle for 30 minutes, not older than 12 hours. */
export function isLive(session: SessionTimes, at: Date): boolean {
  return (
    session.revokedAt === null &&
    at.getTime() - session.lastSeenAt.getTime() < SESSION_IDLE_MS &&
    at.getTime() - session.createdAt.getTime() < SESSION_LIFE_MS
  );
}

/** An invitation waits a week, a reset a day. */
export const ACCESS_LINK_LIFE_MS = { invitation: 7 * 24 * 60 * 60_000, reset: 24 * 60 * 60_000 } as const;
export type AccessLinkKind = keyof typeof ACCESS_LINK_LIFE_MS;
