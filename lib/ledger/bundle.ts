import { sql } from "drizzle-orm";
import { array, type Db } from "@/db/client";
import { open } from "@/lib/keystore/cipher";
import type { Keystore } from "@/lib/keystore/keystore";
import { payloadPlace } from "./append";
import { cosignedNote, witnessKeysOf } from "./cosignatures";
import { itemSalt } from "./entry";
import { logOrigin } from "./origin";
import { proveConsistency, proveInclusion, proveItem } from "./prove";
import type { Bundle, BundledEntry, BundledItem, Json, Opening } from "./verifier";

/** What a bundle shall prove: an entry by itself, or rows of a batch entry. */
export interface EvidenceRequest {
  lane: number;
  entryId: string;
  /** For a batch: the rows in question. Leave out for an entry that stands for one event. */
  items?: readonly EvidenceItem[];
}

interface EvidenceItem {
  id: string;
  /** The contact whose key salts the item; null = the installation's key. */
  subject: string | null;
  /** For `derived` batches: the payload as the caller's rows give it. */
  payload?: Json;
}

export interface EvidenceKeys {
  keystore: Keystore;
  installationKey: Buffer;
  /** The log's verifier keys, to be named in the bundle. */
  verifierKeys: readonly string[];
}

/** `not_covered`: these entries are in no signed checkpoint yet (normally for less than a minute). */
export type BundleOutcome = { kind: "bundle"; bundle: Bundle } | { kind: "not_covered"; entryIds: string[] };

/**
 * Puts together what an outsider needs to check these entries without us: leaves, proofs against a signed checkpoint (the
 * newest that a witness cosigned, where there is one), the first checkpoint that covered all of them, and the openings of
 * every payload whose key still exists. The others are marked `sealed`.
 */
export async function buildBundle(
  db: Db,
  requests: readonly EvidenceRequest[],
  keys: EvidenceKeys,
): Promise<BundleOutcome> {
  const { sizes, notCovered } = await checkpointsFor(db, requests);
  const size = sizes.at(-1);
  if (size === undefined) return { kind: "not_covered", entryIds: notCovered };
  const entries: BundledEntry[] = [];
  for (const request of requests) {
    const entry = await bundleEntry(db, { request, size, keys });
    if (!entry) return { kind: "not_covered", entryIds: [request.entryId] };
    entries.push(entry);
  }
  const checkpoints = await Promise.all(sizes.map((one) => cosignedNote(db, one)));
  const proof = sizes[0] === size ? undefined : await proveConsistency(db, sizes[0] ?? size, size);
  return {
    kind: "bundle",
    bundle: {
      format: "contraste-evidence@1",
      origin: await logOrigin(db),
      keys: [...keys.verifierKeys, ...(await witnessKeysOf(db, sizes))],
      checkpoints,
      consistency: proof ? [proof.map((hash) => hash.toString("base64"))] : [],
      entries,
    },
  };
}

/** Sizes of the first checkpoint that covers these entries and of the one to prove against, smallest first, each once. */
async function checkpointsFor(
  db: Db,
  requests: readonly EvidenceRequest[],
): Promise<{ sizes: number[]; notCovered: string[] }> {
  const ids = requests.map(({ entryId }) => entryId);
  const rows = await db.execute<{ id: string; idx: string | null }>(sql`
    select wanted.id, place.idx from unnest(${array(ids, "uuid")}) as wanted (id)
    left join log_sequence place on place.entry_id = wanted.id`);
  const last = rows.reduce((highest, { idx }) => Math.max(highest, Number(idx ?? Number.POSITIVE_INFINITY)), 0);
  const [covering] = Number.isFinite(last)
    ? await db.execute<{ first: string | null; newest: string | null }>(sql`
        select min(size) as first, coalesce(
          (select max(size) from log_cosignatures where size > ${last}::bigint), max(size)) as newest
        from log_checkpoints where size > ${last}::bigint`)
    : [];
  if (covering?.first && covering.newest) {
    return { sizes: [...new Set([Number(covering.first), Number(covering.newest)])], notCovered: [] };
  }
  const [signed] = await db.execute<{ size: string }>(sql`select coalesce(max(size), 0) as size from log_checkpoints`);
  const isCovered = (idx: string | null) => idx !== null && Number(idx) < Number(signed?.size ?? 0);
  return { sizes: [], notCovered: rows.filter(({ idx }) => !isCovered(idx)).map(({ id }) => id) };
}

interface EntryInQuestion {
  request: EvidenceRequest;
  size: number;
  keys: EvidenceKeys;
}

async function bundleEntry(db: Db, { request, size, keys }: EntryInQuestion): Promise<BundledEntry | undefined> {
  const { lane, entryId, items } = request;
  const inclusion = await proveInclusion(db, entryId, size);
  const [row] = await db.execute<{ leaf: Buffer }>(
    sql`select leaf from log_entries where lane = ${lane} and id = ${entryId}`,
  );
  if (!inclusion || !row) return undefined;
  const proof = inclusion.proof.map((hash) => hash.toString("base64"));
  const entry = { index: inclusion.index, leaf: row.leaf.toString(), size, proof };
  const sealed = await sealedPayloads(db, lane, items?.map((item) => item.id) ?? [entryId]);
  if (!items) {
    const payload = sealed.get(entryId);
    const key = await keyOf(keys, payload?.subject ?? null);
    return { ...entry, opening: key && payload ? unseal(key, entryId, payload.ciphertext) : { kind: "sealed" } };
  }
  const bundled: BundledItem[] = [];
  for (const item of items) bundled.push(await bundleItem(db, { request, item, keys, sealed: sealed.get(item.id) }));
  return { ...entry, items: bundled };
}

interface ItemInQuestion {
  request: EvidenceRequest;
  item: EvidenceItem;
  keys: EvidenceKeys;
  sealed: SealedPayload | undefined;
}

async function bundleItem(db: Db, { request, item, keys, sealed }: ItemInQuestion): Promise<BundledItem> {
  const found = await proveItem(db, { lane: request.lane, entryId: request.entryId, itemId: item.id });
  if (!found) throw new Error(`Batch ${request.entryId} has no item ${item.id}`);
  const { position, size } = found;
  const proof = found.proof.map((hash) => hash.toString("base64"));
  const key = await keyOf(keys, item.subject);
  return { position, size, leafHash: found.leafHash.toString("base64"), proof, opening: opening() };

  function opening(): Opening {
    if (!key) return { kind: "sealed" };
    if (sealed) return unseal(key, item.id, sealed.ciphertext);
    if (item.payload === undefined) return { kind: "sealed" };
    return { kind: "opened", payload: item.payload, salt: itemSalt(key, item.id).toString("base64") };
  }
}

interface SealedPayload {
  subject: string | null;
  ciphertext: Buffer;
}

async function sealedPayloads(db: Db, lane: number, rowIds: readonly string[]): Promise<Map<string, SealedPayload>> {
  const rows = await db.execute<{ id: string; subject: string | null; ciphertext: Buffer }>(sql`
    select row_id as id, subject, ciphertext from log_payloads
    where lane = ${lane} and row_id = any(${array(rowIds, "uuid")})`);
  return new Map(rows.map(({ id, subject, ciphertext }) => [id, { subject, ciphertext }]));
}

async function keyOf(keys: EvidenceKeys, subject: string | null): Promise<Buffer | undefined> {
  return subject === null ? keys.installationKey : (await keys.keystore.keysOf([subject])).get(subject);
}

function unseal(key: Buffer, rowId: string, ciphertext: Buffer): Opening {
  const { payload, salt }: { payload: Json; salt: string } = JSON.parse(
    open(key, ciphertext, payloadPlace(rowId)).toString(),
  );
  return { kind: "opened", payload, salt };
}
