import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "@/db/testing/database";
import { ensureDefaultBrand } from "@/lib/consent/commands/ensure-default-brand";
import { newId } from "@/lib/foundation/ids";
import { type Role, systemActor } from "@/lib/identity/actor";
import { getImport } from "../queries/get-import";
import { listImports } from "../queries/list-imports";
import { previewImport } from "../queries/preview-import";
import { approveImport } from "./approve-import";
import { cancelImport } from "./cancel-import";
import { deleteOldFiles } from "./delete-old-files";
import { mapImport } from "./map-import";
import { refuseImport } from "./refuse-import";
import { requestImport } from "./request-import";
import { runImport } from "./run-import";
import { uploadImport } from "./upload-import";

const t = await testDatabase();
afterAll(() => t.close());

const worker = t.context(systemActor("worker"), { db: t.as("worker") });
const brand = await ensureDefaultBrand(t.context(systemActor("terminal")), { name: "Olmo", sampleWording: true });

async function person(...roles: Role[]) {
  const userId = newId();
  await t.db.execute(sql`insert into users (id, name, email, roles, created_at)
    values (${userId}, 'Persona', ${`${userId}@example.test`}, ${`{${roles.join(",")}}`}::text[], now())`);
  return t.context({ kind: "user", userId, roles, sessionId: null }, { db: t.as("console") });
}
const marketer = await person("marketer");
const officer = await person("compliance");
const both = await person("marketer", "compliance");

async function* once(text: string) {
  yield Buffer.from(text);
}

async function upload(rows: number, { by = marketer, first = 0, header = "phone,plan" } = {}) {
  const lines = Array.from({ length: rows }, (_, index) => `+3461${String(first + index).padStart(7, "0")},gold`);
  const content = once(`${header}\n${lines.join("\n")}\n`);
  return uploadImport(by, { fileName: "people.csv", content, ...brand, country: "ES", timeZone: "Europe/Madrid" });
}

const jobs = () => t.db.execute(sql`select payload from graphile_worker._private_jobs`);

test("more than 500 rows wait for an officer who is somebody else; then the worker runs them", async () => {
  const { importId } = await upload(501);
  expect(await requestImport(marketer, { importId })).toEqual({ status: "awaiting_approval" });
  expect(await jobs()).toEqual([]);
  expect(await runImport(worker, { importId })).toEqual({ kind: "interrupted" });
  await expect(approveImport(marketer, { importId })).rejects.toMatchObject({ code: "forbidden" });
  expect((await previewImport(officer, { importId })).counts).toMatchObject({ created: 501 });
  await approveImport(officer, { importId });
  expect(await jobs()).toEqual([{ payload: { importId } }]);
  expect(await runImport(worker, { importId })).toMatchObject({ kind: "completed", counts: { created: 501 } });
  expect(await getImport(officer, { importId })).toMatchObject({ status: "completed", rowsRead: 501, rowsTotal: 501 });
});

test("somebody with both roles does not approve their own file", async () => {
  const { importId } = await upload(501, { by: both, first: 1_000 });
  await requestImport(both, { importId });
  await expect(approveImport(both, { importId })).rejects.toMatchObject({ code: "second_person_required" });
});

test("a refused import, and a cancelled one, make nobody a contact", async () => {
  const { importId } = await upload(501, { first: 2_000 });
  await requestImport(marketer, { importId });
  await refuseImport(officer, { importId });
  await expect(approveImport(officer, { importId })).rejects.toMatchObject({ code: "import_not_approvable" });
  const other = await upload(2, { first: 3_000 });
  await requestImport(marketer, { importId: other.importId });
  await cancelImport(marketer, { importId: other.importId });
  await expect(cancelImport(marketer, { importId: other.importId })).rejects.toMatchObject({
    code: "import_not_cancellable",
  });
  for (const id of [importId, other.importId]) {
    expect(await runImport(worker, { importId: id })).toEqual({ kind: "interrupted" });
    expect(await t.db.execute(sql`select id from contacts where import_id = ${id}`)).toEqual([]);
  }
});

test("a mapping is corrected by a person before it is asked for, and not after", async () => {
  const { importId } = await upload(3, { first: 4_000, header: "a,b" });
  const { mapping, problems } = await mapImport(marketer, {
    importId,
    overrides: { columns: { b: "attribute:text" } },
  });
  expect(problems).toEqual([]);
  expect(mapping.columns[1]).toMatchObject({
    target: "attribute",
    attribute: { key: "b", type: "text" },
    confidence: 1,
  });
  expect((await mapImport(marketer, { importId, overrides: { columns: { a: "ignore" } } })).problems).not.toEqual([]);
  await requestImport(marketer, { importId });
  await expect(mapImport(marketer, { importId, overrides: { columns: {} } })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("two files with the same people, imported at once, make one contact of each", async () => {
  const uploads = [await upload(400, { first: 5_000 }), await upload(400, { first: 5_200 })];
  for (const { importId } of uploads) await requestImport(marketer, { importId });
  const ends = await Promise.all(uploads.map(({ importId }) => runImport(worker, { importId })));
  expect(ends.map(({ kind }) => kind)).toEqual(["completed", "completed"]);
  const created = ends.map((end) => (end.kind === "completed" ? end.counts.created : 0));
  expect(created.reduce((sum, count) => sum + count)).toBe(600);
});

test("the list has the newest first, in pages", async () => {
  const { imports, nextCursor } = await listImports(officer, { limit: 2 });
  const rest = await listImports(officer, { limit: 200, cursor: nextCursor ?? "" });
  const ids = [...imports, ...rest.imports].map(({ importId }) => importId);
  expect(ids).toEqual([...ids].sort().reverse());
  expect(new Set(ids).size).toBe(ids.length);
});

test("after a week files and rejected rows are gone, and so is the key they were sealed under", async () => {
  const { importId } = await upload(1, { first: 6_000 });
  await requestImport(marketer, { importId });
  await runImport(worker, { importId });
  const later = { ...worker, now: () => new Date(Date.now() + 8 * 86_400_000) };
  await deleteOldFiles(later);
  expect(await t.db.execute(sql`select position from import_chunks where import_id = ${importId}`)).toEqual([]);
  expect((await t.keystore.keysOf([importId])).size).toBe(0);
  expect(await getImport(officer, { importId })).toMatchObject({ status: "completed" });
});
