import { eq } from "drizzle-orm";
import { importRejections, imports } from "@/db/schema/imports";
import { defineAttributes } from "@/lib/audience/commands/define-attributes";
import { type ContactToStore, storeContacts } from "@/lib/audience/commands/store-contacts";
import { recordConsentEvents } from "@/lib/consent/commands/record-consent-events";
import { meetSuppressions, suppress } from "@/lib/consent/commands/suppress";
import { type ProjectedState, statusAt } from "@/lib/consent/projection";
import { AppError, type AppErrorParams, isAppError } from "@/lib/foundation/errors";
import { laneOf } from "@/lib/foundation/ids";
import { log } from "@/lib/foundation/log";
import { audit } from "@/lib/identity/audit";
import { authorize } from "@/lib/identity/authorize";
import { type Context, transaction } from "@/lib/identity/context";
import { seal } from "@/lib/keystore/cipher";
import type { ClaimSettings } from "../consent-claims";
import type { ImportCounts } from "../import";
import { type PlannedContact, planBatch } from "../queries/plan-batch";
import { claimSettings, type RowBatch, readImport } from "../queries/read-import";
import { getImportRow, type ImportRow, importKey, rejectionPlace } from "../store";
import { outcomeOf, Tally } from "../tally";

export interface RunImport {
  importId: string;
  /** Told after each batch; the bar in terminal and console. */
  onProgress?: (progress: { rowsRead: number; rowsTotal: number }) => void;
  /** Stops after the batch at hand; the import runs on from there another time. */
  signal?: AbortSignal;
}

export type ImportEnd =
  | { kind: "completed"; counts: ImportCounts }
  /** The file broke: what was committed before stays, and is counted. */
  | { kind: "failed"; code: string; params: AppErrorParams; counts: ImportCounts }
  /** Cancelled, stopped, or carried on by somebody else. */
  | { kind: "interrupted" };

/** A batch planned while another import stored one of its people is planned again, so often. */
const PLANS_PER_BATCH = 3;

/**
 * Makes contacts and consent of an approved file, a transaction per batch of rows. The checkpoint commits with its batch:
 * after a crash the file is read again from the start, to know who was in it, and written from where it stopped.
 */
export async function runImport(ctx: Context, { importId, onProgress, signal }: RunImport): Promise<ImportEnd> {
  authorize(ctx, "contact.import");
  const row = await begin(ctx, importId);
  if (!row) return { kind: "interrupted" };
  const { settings, unknownWordings } = await claimSettings(ctx, row);
  await defineAttributes(ctx, definitionsOf(row));
  const run: Run = { row, settings, tally: new Tally(), counts: row.counts, key: await importKey(ctx, importId) };
  try {
    let rowsRead = 0;
    for await (const batch of readImport(ctx, row)) {
      if (signal?.aborted || !(await takeBatch(ctx, run, batch))) return { kind: "interrupted" };
      rowsRead += batch.rowCount;
      onProgress?.({ rowsRead, rowsTotal: row.rowsTotal });
    }
  } catch (error) {
    if (!isAppError(error) || error.code !== "import_unreadable") throw error;
    const counts = { ...run.counts, ...run.tally.counts() };
    await finish(ctx, run, { status: "failed", counts, error });
    return { kind: "failed", code: error.code, params: error.params, counts };
  }
  const counts = { ...run.counts, ...run.tally.counts(), unknownWordings: [...unknownWordings].slice(0, 20) };
  await finish(ctx, run, { status: "completed", counts });
  return { kind: "completed", counts };
}

interface Run {
  readonly row: ImportRow;
  readonly settings: ClaimSettings;
  readonly tally: Tally;
  readonly key: Buffer;
  counts: ImportCounts;
}

async function begin(ctx: Context, importId: string): Promise<ImportRow | undefined> {
  return transaction(ctx, async (tx) => {
    const row = await getImportRow(tx.db, importId, { lock: true });
    if (row.status !== "approved" && row.status !== "running") return undefined;
    await tx.db.update(imports).set({ status: "running" }).where(eq(imports.id, importId));
    return row;
  });
}

function definitionsOf(row: ImportRow) {
  return row.mapping.columns.flatMap(({ header, attribute }) => (attribute ? [{ ...attribute, label: header }] : []));
}

/** Plans and, where the checkpoint lies before it, writes a batch. False: the import is no longer ours to run. */
async function takeBatch(ctx: Context, run: Run, batch: RowBatch): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const plan = await planBatch(ctx, { people: batch.people, settings: run.settings }, (phone) =>
      run.tally.has(phone),
    );
    try {
      return await takePlanned(ctx, run, { batch, plan });
    } catch (error) {
      if (!isAppError(error) || error.code !== "conflict" || attempt === PLANS_PER_BATCH) throw error;
    }
  }
}

interface Planned {
  batch: RowBatch;
  plan: PlannedContact[];
}

async function takePlanned(ctx: Context, run: Run, { batch, plan }: Planned): Promise<boolean> {
  if (batch.lastRow <= run.row.rowsRead) {
    count(run, plan, (contact) => outcomeOf(contact.before.status, contact.before.isBlocked));
    return true;
  }
  const created = plan.filter(({ outcome }) => outcome === "created").map(({ contactId }) => contactId);
  const known = plan.filter(({ outcome }) => outcome === "updated").map(({ contactId }) => contactId);
  const keys = new Map([...(await ctx.keys.createKeys(created)), ...(await ctx.keys.keysOf(known))]);
  const counts = { ...run.counts, ...added(run, { batch, plan }) };
  const written = await transaction(ctx, async (tx) => {
    const held = await getImportRow(tx.db, run.row.id, { lock: true });
    if (held.status !== "running" || held.rowsRead >= batch.lastRow) return undefined;
    await storeContacts(tx, { ...toStore(plan, keys), importId: run.row.id });
    const states = await writeConsent(tx, run, plan);
    await insertRejections(tx, run, batch);
    await tx.db.update(imports).set({ rowsRead: batch.lastRow, counts }).where(eq(imports.id, run.row.id));
    return states;
  });
  if (!written) return false;
  run.counts = counts;
  count(run, plan, (contact) => {
    const state = written.states.get(contact.contactId)?.find(({ purposeId }) => purposeId === run.settings.purposeId);
    const isBlocked = contact.before.isBlocked || written.blocked.has(contact.contactId);
    return outcomeOf(state ? statusAt(state, ctx.now()) : contact.before.status, isBlocked);
  });
  return true;
}

function toStore(plan: readonly PlannedContact[], keys: ReadonlyMap<string, Buffer>) {
  const rows = (outcome: PlannedContact["outcome"]): ContactToStore[] =>
    plan
      .filter((contact) => contact.outcome === outcome)
      .map(({ contactId, facts, newIdentifiers }) => {
        const key = keys.get(contactId);
        if (!key) throw new AppError("contact_erased", { contactId });
        return { contactId, facts, identifiers: newIdentifiers, key };
      });
  return { created: rows("created"), changed: rows("updated") };
}

/** Events, projection and blocks of a batch, with one log entry for the events and one for the blocks. */
async function writeConsent(
  tx: Context,
  run: Run,
  plan: readonly PlannedContact[],
): Promise<{ states: ReadonlyMap<string, ProjectedState[]>; blocked: ReadonlySet<string> }> {
  const place = { lane: laneOf(run.row.id), ref: run.row.id };
  const withNewIdentifiers = plan.filter(({ newIdentifiers }) => newIdentifiers.length > 0);
  const met = await meetSuppressions(
    tx,
    withNewIdentifiers.map(({ contactId }) => contactId),
  );
  const events = plan.flatMap((contact) => contact.events);
  const { recorded, states } = await recordConsentEvents(tx, { events, batch: place });
  const left = events.flatMap((event) => {
    const reasonEventId = recorded.get(event.idempotencyKey);
    const state = states.get(event.contactId)?.find(({ purposeId }) => purposeId === run.settings.purposeId);
    return event.type === "withdrawn" && reasonEventId && state?.status === "withdrawn"
      ? [{ event, reasonEventId }]
      : [];
  });
  await suppress(tx, {
    batch: place,
    suppressions: left.map(({ event, reasonEventId }) => ({
      contactId: event.contactId,
      kind: "withdrawn",
      scope: "all_marketing",
      since: event.occurredAt,
      reasonEventId,
    })),
  });
  return { states, blocked: new Set([...met, ...left.map(({ event }) => event.contactId)]) };
}

async function insertRejections(tx: Context, run: Run, { rejected }: RowBatch): Promise<void> {
  if (rejected.length === 0) return;
  const importId = run.row.id;
  await tx.db.insert(importRejections).values(
    rejected.map(({ row, code, ...rejection }) => ({
      importId,
      rowNumber: row,
      code,
      sealed: seal(run.key, JSON.stringify(rejection), rejectionPlace(importId, row)),
    })),
  );
}

/** The counts that only grow, with this batch added. */
function added({ counts, tally }: Run, { batch, plan }: Planned): Partial<ImportCounts> {
  const of = (outcome: PlannedContact["outcome"]) =>
    plan.filter((contact) => contact.outcome === outcome && !tally.has(contact.phone)).length;
  const fresh = plan.filter(({ phone }) => !tally.has(phone)).length;
  return {
    rows: counts.rows + batch.rowCount,
    duplicates: counts.duplicates + batch.people.length - fresh,
    rejected: counts.rejected + batch.rejected.length,
    rejectedOptOuts: counts.rejectedOptOuts + batch.rejected.filter(({ saysLeft }) => saysLeft).length,
    created: counts.created + of("created"),
    updated: counts.updated + of("updated"),
    unchanged: counts.unchanged + of("unchanged"),
  };
}

function count(
  run: Run,
  plan: readonly PlannedContact[],
  consentOf: (contact: PlannedContact) => ReturnType<typeof outcomeOf>,
) {
  for (const contact of plan) {
    const { firstRow, isOtherChannel } = contact;
    run.tally.add(contact.phone, { row: firstRow, consent: consentOf(contact), isOtherChannel });
  }
}

async function finish(
  ctx: Context,
  { row }: Run,
  { status, counts, error }: { status: "completed" | "failed"; counts: ImportCounts; error?: AppError },
): Promise<void> {
  await transaction(ctx, async (tx) => {
    const errorParams = error ? { ...error.params, committed: counts.contacts } : null;
    await tx.db
      .update(imports)
      .set({ status, counts, errorCode: error?.code ?? null, errorParams, completedAt: tx.now() })
      .where(eq(imports.id, row.id));
    const { unknownWordings: _, ...figures } = counts;
    await audit(
      tx,
      `import.${status}`,
      { import: row.id, fileSha256: row.fileSha256.toString("hex"), ...figures },
      row.id,
    );
  });
  log.info(`import.${status}`, {
    importId: row.id,
    rows: counts.rows,
    contacts: counts.contacts,
    rejected: counts.rejected,
  });
}
