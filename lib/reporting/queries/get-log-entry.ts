import { sql } from "drizzle-orm";
import { AppError } from "@/lib/foundation/errors";
import { authorize } from "@/lib/identity/authorize";
import type { Context } from "@/lib/identity/context";
import { installationKey } from "@/lib/keystore/installation-key";
import { buildBundle } from "@/lib/ledger/bundle";
import type { Bundle, BundledEntry, Json } from "@/lib/ledger/verifier";
import { readVerifierKeys } from "../store";
import { leafFields } from "./list-log-entries";

export interface LogEntryDetail {
  index: number;
  type: string;
  at: Date;
  by: string;
  ref: string;
  subject: string | null;
  /** The bytes that were hashed, as text. */
  leaf: string;
  leafHash: string;
  /**
   * What the entry commits to. `sealed`: its key was destroyed. `batch`: its rows prove themselves one by one. `waiting`: no
   * signed checkpoint covers it yet, which takes less than a minute.
   */
  content: { kind: "opened"; payload: Json } | { kind: "sealed" | "waiting" } | { kind: "batch"; items: number };
  /** Inclusion in the newest checkpoint; null while no checkpoint covers it. */
  proof: { size: number; hashes: string[] } | null;
  /** For `npm run verify`; null for batches and while not covered. */
  bundle: Bundle | null;
}

/** One entry, opened and proved. @throws AppError("not_found") */
export async function getLogEntry(ctx: Context, { index }: { index: number }): Promise<LogEntryDetail> {
  authorize(ctx, "proof.read");
  const [row] = await ctx.db.execute<{ lane: number; id: string; leaf: Buffer; hash: string; items: number }>(sql`
    select s.lane, s.entry_id as id, e.leaf, encode(s.leaf_hash, 'hex') as hash,
      (select count(*)::int from log_batch_items i where i.lane = s.lane and i.entry_id = s.entry_id) as items
    from log_sequence s join log_entries e on e.lane = s.lane and e.id = s.entry_id where s.idx = ${index}::bigint`);
  if (!row) throw new AppError("not_found", { index });
  const isBatch = row.items > 0;
  const built = await buildBundle(ctx.db, [{ lane: row.lane, entryId: row.id, ...(isBatch ? { items: [] } : {}) }], {
    keystore: ctx.keys,
    installationKey: installationKey(ctx.secrets.keyEncryptionKey),
    verifierKeys: await readVerifierKeys(ctx.db),
  });
  const bundle = built.kind === "bundle" ? built.bundle : null;
  const [entry] = bundle?.entries ?? [];
  const { type, at, by, ref, subj } = leafFields.parse(JSON.parse(row.leaf.toString("utf8")));
  return {
    index,
    type,
    at,
    by,
    ref,
    subject: subj,
    leaf: row.leaf.toString("utf8"),
    leafHash: row.hash,
    content: isBatch ? { kind: "batch", items: row.items } : contentOf(entry),
    proof: entry ? { size: entry.size, hashes: [...entry.proof] } : null,
    bundle: isBatch ? null : bundle,
  };
}

function contentOf(entry: BundledEntry | undefined): LogEntryDetail["content"] {
  if (!entry) return { kind: "waiting" };
  return entry.opening?.kind === "opened" ? { kind: "opened", payload: entry.opening.payload } : { kind: "sealed" };
}
