import { sql } from "drizzle-orm";
import { array, type Db } from "@/db/client";
import { open } from "@/lib/keystore/cipher";
import type { Keystore } from "@/lib/keystore/keystore";
import { payloadPlace } from "./append";
import { itemSalt } from "./entry";
import { logOrigin } from "./origin";
import { latestCheckpoint, proveInclusion, proveItem } from "./prove";
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
 * Puts together what an outsider needs to check these entries without us: leaves, proofs against the newest checkpoint,
 * and the openings of every payload whose key still exists. The others are marked `sealed`.
 */
export async function buildBundle(
  db: Db,
  requests: readonly EvidenceRequest[],
  keys: EvidenceKeys,
): Promise<BundleOutcome> {
  const checkpoint = await latestCheckpoint(db);
  const all = requests.map((request) => request.entryId);
  if (!checkpoint) return { kind: "not_covered", entryIds: all };
  const entries: BundledEntry[] = [];
  const notCovered: string[] = [];
  for (const request of requests) {
    const entry = await bundleEntry(db, { request, size: checkpoint.size, keys });
    if (entry) entries.push(entry);
    else notCovered.push(request.entryId);
  }
  if (notCovered.length > 0) return { kind: "not_covered", entryIds: notCovered };
  const origin = await logOrigin(db);
  return {
    kind: "bundle",
    bundle: {
      format: "contraste-evidence@1",
      origin,
      keys: keys.verifierKeys,
      checkpoints: [checkpoint.note],
      consistency: [],
      entries,
    },
  };
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
