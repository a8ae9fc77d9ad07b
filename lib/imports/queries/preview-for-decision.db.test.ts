import { readFile } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";
import { users } from "@/db/schema/identity";
import { testDatabase } from "@/db/testing/database";
import { ensureDefaultBrand } from "@/lib/consent/commands/ensure-default-brand";
import { newId } from "@/lib/foundation/ids";
import { type Role, systemActor } from "@/lib/identity/actor";
import { uploadImport } from "../commands/upload-import";
import { getColumnSamples } from "./get-column-samples";
import { getImportPeople } from "./get-import-people";
import { previewForDecision } from "./preview-for-decision";
import { previewImport } from "./preview-import";

const t = await testDatabase();
afterAll(() => t.close());

async function person(name: string, role: Role) {
  const userId = newId();
  const row = { id: userId, name, email: `${userId}@example.com`, roles: [role], createdAt: new Date() };
  await t.db.insert(users).values({ ...row, passwordHash: "set" });
  return t.context({ kind: "user", userId, roles: [role], sessionId: null }, { db: t.as("console") });
}

async function* once(bytes: Buffer) {
  yield bytes;
}

const brand = await ensureDefaultBrand(t.context(systemActor("terminal")), { name: "Olmo", sampleWording: true });
const lucia = await person("Lucía", "marketer");
const carmen = await person("Carmen", "compliance");
const noa = await person("Noa", "approver");
const content = once(await readFile(new URL("../testing/clientes.csv", import.meta.url)));
const file = { fileName: "clientes.csv", content, country: "ES", timeZone: "Europe/Madrid", ...brand };
const { importId } = await uploadImport(lucia, file);

test("whoever decides sees the effect that whoever uploaded it saw, and nobody else does", async () => {
  const seen = await previewForDecision(carmen, { importId });
  expect(seen).toEqual(await previewImport(lucia, { importId }));
  expect(seen.counts).toMatchObject({ rows: 7, created: 4, rejected: 2 });
  await expect(previewForDecision(noa, { importId })).rejects.toMatchObject({ code: "forbidden" });
});

test("the people of an import are named, and the uploader is not among those who decide", async () => {
  const people = await getImportPeople(carmen, { importId });
  expect(people).toEqual({ uploadedBy: "Lucía", decidedBy: null, approvers: ["Carmen"] });
});

test("samples stand in the file's order of columns and name nobody", async () => {
  const { samples, problems } = await getColumnSamples(lucia, { importId });
  expect(problems).toEqual([]);
  expect(samples).toHaveLength(13);
  expect(samples[0]?.[0]).toBe("600 ••• 101");
  expect(JSON.stringify(samples)).not.toMatch(/Peña|maria@|600 000/);
});
