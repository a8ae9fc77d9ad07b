import { and, eq, isNull, sql } from "drizzle-orm";
import { rightsLinks, rightsPackages, rightsRequests } from "@/db/schema/rights";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { requireRecentFactor } from "@/lib/identity/recent-factor";
import { open } from "@/lib/keystore/cipher";
import { judgeLink, LINK_DAYS, newSecret, secretHash } from "../delivery";
import { AccessPackage, type Redaction, redact } from "../package";
import { type RequestKind, requestCan } from "../request";
import { packagePlace, personOf, requestForUpdate, setRequest } from "../store";

const DAY_MS = 86_400_000;

/** A link for the person, told this once; earlier ones stop working. Whoever answers the person passes it on. */
export async function createDeliveryLink(
  ctx: Context,
  { requestId }: { requestId: string },
): Promise<{ token: string; expiresAt: Date }> {
  authorize(ctx, "rights.handle");
  await requireRecentFactor(ctx);
  return transaction(ctx, async (tx) => {
    await requestForUpdate(tx, requestId, requestCan.deliver);
    await revoke(tx, requestId);
    const { text: token, hash: tokenHash } = newSecret();
    const expiresAt = new Date(tx.now().getTime() + LINK_DAYS * DAY_MS);
    const createdBy = personOf(tx);
    await tx.db.insert(rightsLinks).values({ tokenHash, requestId, createdBy, createdAt: tx.now(), expiresAt });
    await setRequest(tx, requestId, { status: "delivered" });
    await audit(tx, "rights.link_created", { days: LINK_DAYS }, requestId);
    return { token, expiresAt };
  });
}

/** Nobody gets in any more. */
export async function revokeDeliveryLink(ctx: Context, { requestId }: { requestId: string }): Promise<void> {
  authorize(ctx, "rights.handle");
  await transaction(ctx, async (tx) => {
    if ((await revoke(tx, requestId)) > 0) await audit(tx, "rights.link_revoked", {}, requestId);
  });
}

async function revoke(tx: Context, requestId: string): Promise<number> {
  const rows = await tx.db
    .update(rightsLinks)
    .set({ revokedAt: tx.now() })
    .where(and(eq(rightsLinks.requestId, requestId), isNull(rightsLinks.revokedAt)))
    .returning({ requestId: rightsLinks.requestId });
  return rows.length;
}

/** Binds an unclaimed link to whoever presses its button. Undefined: it is gone, or somebody else's already. */
export async function claimDelivery(ctx: Context, { token }: { token: string }): Promise<string | undefined> {
  authorize(ctx, "rights.deliver");
  return transaction(ctx, async (tx) => {
    const [link] = await tx.db
      .select()
      .from(rightsLinks)
      .where(eq(rightsLinks.tokenHash, secretHash(token)))
      .for("update");
    if (!link || judgeLink(link, undefined, tx.now()) !== "unclaimed") return undefined;
    const { text: claim, hash: claimHash } = newSecret();
    await tx.db
      .update(rightsLinks)
      .set({ claimHash, claimedAt: tx.now() })
      .where(eq(rightsLinks.tokenHash, link.tokenHash));
    await audit(tx, "rights.link_claimed", {}, link.requestId);
    return claim;
  });
}

export type Delivery =
  | { kind: "gone" | "unclaimed" | "somebody_elses" }
  | { kind: "package"; requestKind: RequestKind; whole: AccessPackage; expiresAt: Date };

/** What a link shows to whoever holds it. Each look at the package is counted and logged. */
export async function openDelivery(
  ctx: Context,
  { token, claim }: { token: string; claim: string | undefined },
): Promise<Delivery> {
  authorize(ctx, "rights.deliver");
  return transaction(ctx, async (tx) => {
    const [link] = await tx.db
      .select()
      .from(rightsLinks)
      .where(eq(rightsLinks.tokenHash, secretHash(token)));
    const verdict = judgeLink(link, claim, tx.now());
    if (!link || verdict !== "theirs") return { kind: verdict === "theirs" ? "gone" : verdict };
    const { requestId, expiresAt } = link;
    const kept = await readKept(tx, requestId);
    if (!kept) return { kind: "gone" };
    await tx.db
      .update(rightsLinks)
      .set({ views: sql`${rightsLinks.views} + 1`, lastViewAt: tx.now() })
      .where(eq(rightsLinks.tokenHash, link.tokenHash));
    await audit(tx, "rights.package_viewed", { by: "person", view: link.views + 1 }, requestId);
    return { kind: "package", requestKind: kept.kind, whole: redact(kept.whole, kept.redactions), expiresAt };
  });
}

/** The package before redaction, for whoever looks through it. Each look is logged. @throws AppError not_found */
export async function reviewPackage(
  ctx: Context,
  { requestId }: { requestId: string },
): Promise<{ whole: AccessPackage; redactions: Redaction[] }> {
  authorize(ctx, "rights.handle");
  await requireRecentFactor(ctx);
  return transaction(ctx, async (tx) => {
    const kept = await readKept(tx, requestId);
    if (!kept) throw new AppError("not_found", { requestId });
    await audit(tx, "rights.package_viewed", { by: "officer" }, requestId);
    return kept;
  });
}

async function readKept(tx: Context, requestId: string) {
  const [row] = await tx.db
    .select({ kept: rightsPackages, kind: rightsRequests.kind })
    .from(rightsPackages)
    .innerJoin(rightsRequests, eq(rightsRequests.id, rightsPackages.requestId))
    .where(eq(rightsPackages.requestId, requestId));
  if (!row) return undefined;
  const { contactId, sealed, redactions } = row.kept;
  const key = (await tx.keys.keysOf([contactId])).get(contactId);
  if (!key) return undefined;
  const whole = AccessPackage.parse(JSON.parse(open(key, sealed, packagePlace(requestId)).toString("utf8")));
  return { kind: row.kind, whole, redactions: redactions as Redaction[] }; // written by redactPackage alone
}
