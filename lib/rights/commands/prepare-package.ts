import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { rightsPackages } from "@/db/schema/rights";
import { AppError } from "@/lib/foundation/errors";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { seal } from "@/lib/keystore/cipher";
import { canonicalize } from "@/lib/ledger/jcs";
import type { Redaction } from "../package";
import { collectPackage } from "../queries/collect-package";
import { requestCan } from "../request";
import { packagePlace, personOf, requestForUpdate, setRequest } from "../store";

/** Collects everything about the person as it is now and keeps it, sealed under their key, until it is delivered. */
export async function buildPackage(ctx: Context, { requestId }: { requestId: string }): Promise<void> {
  authorize(ctx, "rights.handle");
  await transaction(ctx, async (tx) => {
    const { contactId } = await requestForUpdate(tx, requestId, requestCan.buildPackage);
    const text = canonicalize(await collectPackage(tx, contactId));
    const key = (await tx.keys.keysOf([contactId])).get(contactId);
    if (!key) throw new AppError("contact_erased", { contactId });
    const kept = {
      contactId,
      sealed: seal(key, text, packagePlace(requestId)),
      sha256: createHash("sha256").update(text).digest(),
      builtAt: tx.now(),
      redactions: [],
    };
    await tx.db
      .insert(rightsPackages)
      .values({ requestId, ...kept })
      .onConflictDoUpdate({ target: rightsPackages.requestId, set: kept });
    await setRequest(tx, requestId, { status: "package_ready", redactedBy: null, redactedAt: null });
    await audit(tx, "rights.package_built", { sha256: kept.sha256.toString("hex") }, requestId);
  });
}

/** Somebody has looked through the package and says what is about others; an empty list says that nothing is. */
export async function redactPackage(
  ctx: Context,
  { requestId, redactions }: { requestId: string; redactions: readonly Redaction[] },
): Promise<void> {
  authorize(ctx, "rights.handle");
  await transaction(ctx, async (tx) => {
    await requestForUpdate(tx, requestId, requestCan.redact);
    const packages = rightsPackages;
    await tx.db
      .update(packages)
      .set({ redactions: [...redactions] })
      .where(eq(packages.requestId, requestId));
    await setRequest(tx, requestId, { status: "redacted", redactedBy: personOf(tx), redactedAt: tx.now() });
    await audit(tx, "rights.package_redacted", { redactions: redactions.length }, requestId);
  });
}

/** Releases the package for delivery. */
export async function approvePackage(ctx: Context, { requestId }: { requestId: string }): Promise<void> {
  authorize(ctx, "rights.handle");
  await transaction(ctx, async (tx) => {
    await requestForUpdate(tx, requestId, requestCan.approve);
    await setRequest(tx, requestId, { status: "approved", approvedBy: personOf(tx), approvedAt: tx.now() });
    await audit(tx, "rights.package_approved", {}, requestId);
  });
}
