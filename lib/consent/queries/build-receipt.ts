import { and, eq, sql } from "drizzle-orm";
import { consentEvents, purposes, wordingVersions } from "@/db/schema/consent";
import { brands } from "@/db/schema/numbers";
import { AppError } from "@/lib/foundation/errors";
import { laneOf } from "@/lib/foundation/ids";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { open } from "@/lib/keystore/cipher";
import { installationKey } from "@/lib/keystore/installation-key";
import { buildBundle } from "@/lib/ledger/bundle";
import { writeTlogProof } from "@/lib/ledger/tlog-proof";
import type { Json } from "@/lib/ledger/verifier";
import { type ConsentEventFacts, type ConsentEvidence, consentPayload, evidencePlace } from "../event";
import { consentReceipt } from "../receipt";
import { readNotice } from "../wording";

/**
 * The receipt of one event, with its proof where a signed checkpoint covers it. Without
 * `withEvidence` it leaves out how the act came to us (addresses of visits, names of who reported it) and what opens the log's
 * commitment to that.
 *
 * @throws AppError not_found, contact_erased when nothing of the person can be opened any more
 */
export async function buildReceipt(
  ctx: Context,
  { contactId, eventId, withEvidence }: { contactId: string; eventId: string; withEvidence: boolean },
): Promise<Json> {
  authorize(ctx, withEvidence ? "consent.read" : "consent.record");
  const [row] = await ctx.db
    .select()
    .from(consentEvents)
    .where(
      and(
        eq(consentEvents.lane, laneOf(contactId)),
        eq(consentEvents.id, eventId),
        eq(consentEvents.contactId, contactId),
      ),
    );
  if (!row) throw new AppError("not_found", { what: "event" });
  const key = (await ctx.keys.keysOf([contactId])).get(contactId);
  if (!key) throw new AppError("contact_erased");
  const event = factsOf(row, key);
  const [about, wording] = await Promise.all([purposesOf(ctx, event), wordingOf(ctx, event)]);
  const proof = await proofOf(ctx, event, row, withEvidence);
  const { controller = "" } = about[0] ?? {};
  return consentReceipt({
    event: withEvidence ? event : { ...event, evidence: null },
    purposes: about.map(({ purpose }) => purpose),
    controller: wording?.controller ?? controller,
    wording,
    notice: readNotice(wording?.notice),
    proof,
  });
}

type EventRow = typeof consentEvents.$inferSelect;

function factsOf(row: EventRow, key: Buffer): ConsentEventFacts {
  const { evidenceSealed, source, ...facts } = row;
  const evidence: ConsentEvidence | null = evidenceSealed
    ? JSON.parse(open(key, evidenceSealed, evidencePlace(row.id)).toString("utf8"))
    : null;
  return { ...facts, source: source as ConsentEventFacts["source"], evidence }; // the one writer wrote it
}

async function purposesOf(ctx: Context, { scope, purposeId }: ConsentEventFacts) {
  const where = purposeId
    ? eq(purposes.id, purposeId)
    : scope === "all_marketing"
      ? eq(purposes.category, "MARKETING")
      : sql`true`;
  return ctx.db
    .select({ purpose: purposes, controller: brands.controller })
    .from(purposes)
    .innerJoin(brands, eq(brands.id, purposes.brandId))
    .where(where)
    .orderBy(purposes.createdAt);
}

async function wordingOf(ctx: Context, { wordingVersionId }: ConsentEventFacts) {
  if (!wordingVersionId) return undefined;
  const [row] = await ctx.db.select().from(wordingVersions).where(eq(wordingVersions.id, wordingVersionId));
  return row && { ...row, textSha256: row.textSha256.toString("hex") };
}

/**
 * The place in the log: a `.tlog-proof` file of the entry, and for a row of a batch its own path to it. Unopened, it proves that
 * something of that id and kind is in the log since then, not what it says.
 */
async function proofOf(ctx: Context, event: ConsentEventFacts, row: EventRow, isOpened: boolean): Promise<Json> {
  const { entryLane, entryId } = row;
  const [item] = await ctx.db.execute(sql`
    select 1 as found from log_batch_items
    where lane = ${entryLane}::smallint and entry_id = ${entryId}::uuid and item_id = ${event.id}::uuid`);
  const items = item && [{ id: event.id, subject: event.contactId, payload: consentPayload(event) }];
  const keys = { keystore: ctx.keys, installationKey: installationKey(ctx.secrets.keyEncryptionKey), verifierKeys: [] };
  const outcome = await buildBundle(ctx.db, [{ lane: entryLane, entryId, ...(items ? { items } : {}) }], keys);
  const entry = outcome.kind === "bundle" ? outcome.bundle.entries[0] : undefined;
  const checkpoint = outcome.kind === "bundle" ? outcome.bundle.checkpoints.at(-1) : undefined;
  if (!entry || !checkpoint) return { entryId, covered: false };
  const { index, leaf, proof, opening } = entry;
  if (!isOpened) return { entryId, covered: true, leaf, tlogProof: writeTlogProof({ index, proof, checkpoint }) };
  const opened = opening?.kind === "opened" ? { payload: opening.payload, salt: opening.salt } : undefined;
  return {
    entryId,
    covered: true,
    leaf,
    tlogProof: writeTlogProof({ index, proof, checkpoint, ...(opened ? { opening: opened } : {}) }),
    items: entry.items ? JSON.parse(JSON.stringify(entry.items)) : null,
  };
}
