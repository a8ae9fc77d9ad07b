import { eq, sql } from "drizzle-orm";
import { array } from "@/db/client";
import { rightsRequests } from "@/db/schema/rights";
import { blockNumbers } from "@/lib/consent/commands/block-numbers";
import { AppError } from "@/lib/foundation/errors";
import { laneOf, newId } from "@/lib/foundation/ids";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { installationKey } from "@/lib/keystore/installation-key";
import { appendEntry } from "@/lib/ledger/append";
import type { Json } from "@/lib/ledger/verifier";
import type { ErasureJournal } from "../erasure-journal";
import { contactsOf, setRequest } from "../store";

/**
 * Erases the person of an approved request: first the journal, then the main database in one transaction, then the key. Each step
 * may be repeated; whatever stops in between is finished by the next run of the job, or at the next start.
 */
export async function erasePerson(
  ctx: Context,
  { requestId, journal }: { requestId: string; journal: ErasureJournal },
): Promise<void> {
  authorize(ctx, "rights.erase");
  const [request] = await ctx.db.select().from(rightsRequests).where(eq(rightsRequests.id, requestId));
  if (!request) throw new AppError("not_found", { requestId });
  if (request.status !== "erasing") return; // done by an earlier run
  const { contactId, blockUntil } = request;
  const contacts = await contactsOf(ctx, contactId);
  const lookups = await lookupsOf(ctx, contacts);
  if (!request.executedAt) {
    const at = ctx.now().toISOString();
    const hex = lookups.map((lookup) => lookup.toString("hex"));
    await journal.append({ at, contacts, lookups: hex, blockUntil: blockUntil?.toISOString() ?? null });
    await transaction(ctx, async (tx) => {
      const removed = await eraseRows(tx, { contacts, lookups, keepsSealed: blockUntil !== null });
      // Under the locks nobody is merged any more; of whoever was since the journal was written the next run takes care.
      if ((await contactsOf(tx, contactId)).length !== contacts.length) throw new Error("merged while being erased");
      await setRequest(tx, requestId, { executedAt: tx.now() });
      await audit(tx, "rights.erased", { ...removed, isBlocked: blockUntil !== null }, requestId);
    });
  }
  if (blockUntil) await ctx.keys.block(contacts, blockUntil);
  else await ctx.keys.destroy(contacts);
  await transaction(ctx, async (tx) => {
    await setRequest(tx, requestId, { status: "closed", closedAt: tx.now() });
  });
}

/** Of identifiers that mean the person: a number that was given up may be somebody else's. */
async function lookupsOf(ctx: Context, contacts: readonly string[]): Promise<Buffer[]> {
  const rows = await ctx.db.execute<{ lookup: Buffer }>(sql`
    select distinct i.lookup from unnest(${array(contacts.map(laneOf), "smallint")}, ${array([...contacts], "uuid")}) as self (lane, id)
    join contact_identifiers i on i.lane = self.lane and i.contact_id = self.id
    where i.former_at is null or i.kind not in ('phone', 'wa_id')`);
  return rows.map(({ lookup }) => lookup);
}

interface Rows {
  contacts: readonly string[];
  lookups: readonly Buffer[];
  keepsSealed: boolean;
}

/** The main database's part: blocks by keyed hash first, then an entry for each contact, then everything goes. */
async function eraseRows(tx: Context, { contacts, lookups, keepsSealed }: Rows): Promise<Record<string, Json>> {
  await blockNumbers(tx, { lookups, kind: "erased", scope: "all_marketing" });
  const keys = await tx.keys.keysOf(contacts);
  for (const contact of contacts) {
    const id = newId();
    await appendEntry(tx.db, {
      lane: laneOf(contact),
      type: "contact.erased",
      ref: id,
      subject: contact,
      by: tx.actor.kind,
      at: tx.now(),
      key: keys.get(contact) ?? installationKey(tx.secrets.keyEncryptionKey),
      payload: { id, contact },
    });
  }
  const [row] = await tx.db.execute<{ removed: Record<string, number> }>(sql`
    select erase_people(${array([...contacts], "uuid")}, ${keepsSealed}::boolean, ${tx.now()}::timestamptz) as removed`);
  return row?.removed ?? {};
}

/**
 * Before anything else starts: whoever was erased is erased in these databases too, and stays blocked in them. What a restored
 * older backup brought back goes again. Answers how many people that were.
 */
export async function replayErasures(ctx: Context, { journal }: { journal: ErasureJournal }): Promise<number> {
  authorize(ctx, "rights.erase");
  // What was said last of a person holds: blocked first, gone later.
  const erasures = [...new Map((await journal.read()).map((one) => [one.contacts[0], one])).values()];
  let broughtBack = 0;
  for (const { contacts, lookups, blockUntil } of erasures) {
    const isBack = await transaction(ctx, async (tx) => {
      const hashes = lookups.map((hex) => Buffer.from(hex, "hex"));
      if (!(await isThere(tx, { contacts, keepsSealed: blockUntil !== null }))) return missingBlocks(tx, hashes);
      await eraseRows(tx, { contacts, lookups: hashes, keepsSealed: blockUntil !== null });
      return true;
    });
    const hasKey = (await ctx.keys.keysOf(contacts)).size > 0;
    const hasBlocked = blockUntil === null && (await ctx.keys.blockedKeysOf(contacts)).size > 0;
    if (blockUntil && hasKey) await ctx.keys.block(contacts, new Date(blockUntil));
    else if (hasKey || hasBlocked) await ctx.keys.destroy(contacts);
    if (isBack || hasKey || hasBlocked) broughtBack += 1;
  }
  if (broughtBack > 0)
    await transaction(ctx, async (tx) => void (await audit(tx, "rights.erasures_replayed", { people: broughtBack })));
  return broughtBack;
}

/** Whether rows of an erased person are there that must not be. */
async function isThere(tx: Context, { contacts, keepsSealed }: Omit<Rows, "lookups">): Promise<boolean> {
  const [row] = await tx.db.execute(sql`
    select 1 from unnest(${array(contacts.map(laneOf), "smallint")}, ${array([...contacts], "uuid")}) as self (lane, id)
    join contacts c on c.lane = self.lane and c.id = self.id
    where c.erased_at is null or (not ${keepsSealed}::boolean and (c.name_sealed is not null or exists (
      select from contact_identifiers i where i.lane = c.lane and i.contact_id = c.id)))`);
  return row !== undefined;
}

/** The blocks of somebody whom this database never knew, or knew before they were erased. True: some were missing. */
async function missingBlocks(tx: Context, lookups: readonly Buffer[]): Promise<boolean> {
  const missing = await tx.db.execute<{ lookup: Buffer }>(sql`
    select given.lookup from unnest(${array([...lookups], "bytea")}) as given (lookup)
    where not exists (select from suppression_lookups s
      where s.lane = lane_of_hash(given.lookup) and s.lookup = given.lookup and s.kind = 'erased')`);
  const { added } = await blockNumbers(tx, {
    lookups: missing.map(({ lookup }) => lookup),
    kind: "erased",
    scope: "all_marketing",
  });
  return added > 0;
}

/** People whose blocking term is over: now it all goes. Answers how many. */
export async function shredBlocked(ctx: Context, { journal }: { journal: ErasureJournal }): Promise<number> {
  authorize(ctx, "rights.erase");
  const due = await ctx.db.execute<{ id: string; contact: string }>(sql`
    select id, contact_id as contact from rights_requests
    where kind = 'erasure' and status = 'closed' and block_until <= ${ctx.now()}::timestamptz order by block_until`);
  let shredded = 0;
  for (const { id: requestId, contact } of due) {
    const contacts = await contactsOf(ctx, contact);
    if ((await ctx.keys.blockedKeysOf(contacts)).size === 0) continue;
    const lookups = await lookupsOf(ctx, contacts);
    const hex = lookups.map((lookup) => lookup.toString("hex"));
    await journal.append({ at: ctx.now().toISOString(), contacts, lookups: hex, blockUntil: null });
    await transaction(ctx, async (tx) => {
      const removed = await eraseRows(tx, { contacts, lookups, keepsSealed: false });
      await audit(tx, "rights.shredded", removed, requestId);
    });
    await ctx.keys.destroy(contacts);
    shredded += 1;
  }
  return shredded;
}
