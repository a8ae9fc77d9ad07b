import { and, eq, isNull } from "drizzle-orm";
import { authSessions } from "@/db/schema/identity";
import { audit } from "../audit";
import { authorize } from "../authorize";
import { actingAs, type Context, transaction } from "../context";
import { realNow } from "../store";
import { hashToken } from "../tokens";

/** Ends the session behind a cookie. One that has already ended is no error: leaving always works. */
export async function signOut(ctx: Context, { sid }: { sid: string }): Promise<void> {
  authorize(ctx, "session.open");
  await transaction(ctx, async (tx) => {
    const [ended] = await tx.db
      .update(authSessions)
      .set({ revokedAt: await realNow(tx) })
      .where(and(eq(authSessions.sidHash, hashToken(sid)), isNull(authSessions.revokedAt)))
      .returning({ userId: authSessions.userId });
    if (!ended) return;
    const sessionId = hashToken(sid).toString("hex");
    const person = actingAs(tx, { kind: "user", userId: ended.userId, roles: [], sessionId });
    await audit(person, "session.closed", {}, ended.userId);
  });
}
